"""Yamaguchi's sheets reported on for four years and printed: the PDF read back against the plan file's own cells."""

from collections.abc import Iterator

import pytest

from tests.fixtures.yamaguchi_plan import ENTRIES, PLAN
from tests.plans.four_years import done, evaluated, figure
from tests.plans.printed_pages import Words, bare
from tests.plans.printed_reports import FOUR_YEARS as YEARS
from tests.plans.printed_reports import Printed, print_report

LABELS = ["平成20年度", "平成21年度", "平成22年度", "平成23年度", "平成24年度"]
SHEETS = {key: entry for key, entry in ENTRIES.items() if "sheet" in entry}
# Of the schedule's table, in points: where the first year's column begins, how wide each is, how high the row at most.
FIRST_COLUMN, COLUMN, ROW = 113.4, 85.04, 30


@pytest.fixture
def printed(db: None) -> Printed:
    """The published report of the fourth year."""
    return print_report("yamaguchi", "first")


def schedules(pages: list[list[Words]]) -> Iterator[tuple[str, list[str]]]:
    """Yield each schedule: the words before it on its page, and its cells by the columns in which they stand."""
    for page in pages:
        said = [words.text for words in page]
        for place in range(len(page)):
            if said[place : place + len(LABELS) + 1] != [*LABELS, "年次計画"]:
                continue
            cells = [""] * len(LABELS)
            row, *following = page[place + len(LABELS) :]
            for words in following:
                if words.text == "年度ごとの進みぐあい" or abs(words.y - row.y) > ROW:
                    break
                cells[int((words.x - FIRST_COLUMN) // COLUMN)] += bare(words.text)
            yield "".join(said[:place]), cells


def test_each_cell_of_each_schedule_is_that_of_the_source(printed: Printed) -> None:
    found = list(schedules(printed.words))
    assert len(found) == len(SHEETS) == 47
    for (before, cells), (key, entry) in zip(found, SHEETS.items(), strict=True):
        assert bare(f"{entry['number']}{entry['title']}") in bare(before), key
        by_year = {cell["fiscal_year"]: cell for cell in entry["sheet"]["schedule"]}
        assert list(by_year) == PLAN["schedule_years"]
        expected = [bare(cell["text"] or "") + ("→" if cell.get("arrow") else "") for cell in by_year.values()]
        assert cells == expected, key


def test_each_sheet_tells_its_four_years(printed: Printed) -> None:
    assert printed.snapshot["fiscal_year"] == YEARS[-1]
    text = printed.text
    for entry in SHEETS.values():
        for year in YEARS:
            assert bare(done(entry["title"], year)) in text, (entry["key"], year)
    assert text.count("自己評価B(予定どおり進んでいる)") == len(SHEETS) * len(YEARS)


def test_each_kpi_has_its_four_figures(printed: Printed) -> None:
    for kpi in printed.snapshot["kpis"]:
        assert [point["value"] for point in kpi["history"]["actuals"]] == [
            str(figure(year)) + ".0000" for year in YEARS
        ]
    for label, year in zip(["平成21", "平成22", "平成23", "平成24"], YEARS, strict=True):
        assert printed.text.count(bare(f"{label}年度（{year}年度）{figure(year)}.0％")) == len(printed.snapshot["kpis"])


def test_the_report_has_the_parts_of_an_annual_report_in_their_order(printed: Printed) -> None:
    policies = [f"{policy['number']} {policy['title']}" for policy in PLAN["items"]]
    parts = ["目次", "この年度のまとめ", "成果指標", "この年度の年次計画", *policies, "用語", "出典"]
    assert [bare(entry.title) for entry in printed.reader.outline if not isinstance(entry, list)] == [
        bare(title) for title in parts
    ]
    cover = bare("".join(words.text for words in printed.words[0]))
    for words in ("山口市", PLAN["title"], "平成24年度（2012年度）", "年次報告書"):
        assert bare(words) in cover
    for policy in PLAN["items"]:
        assert bare(evaluated(policy["title"], YEARS[-1])) in printed.text
    assert printed.text.count("審議会の第三者評価") == len(policies)
