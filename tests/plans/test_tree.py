"""A plan's tree as pages and reports show it: in printed order, numbered as the plan numbers, each item once."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from indicators.models import Actual, Break, Indicator
from plans.loading import load
from plans.models import Plan
from plans.queries import read_tree
from plans.tree import Node, Relisted, Text, chapters
from tests.fixtures.documents import FIXTURES, Record
from tests.fixtures.documents import load as plan_file
from tests.plans.sample_plan import RECORD, write_plan

PLANS = [("shimonoseki", "5th"), ("shimonoseki", "3rd"), ("yamaguchi", "first"), ("nagato", "second")]


def numbers(entries: list[Record]) -> Iterator[tuple[str, str | None]]:
    for entry in entries:
        yield entry["key"], entry["number"]
        yield from numbers(entry.get("children", []))


def printed(entries: list[Node | Relisted]) -> Iterator[tuple[str, str]]:
    for entry in entries:
        yield entry.key, entry.number
        if isinstance(entry, Node):
            yield from printed(entry.children)


def as_meant(number: str | None) -> str:
    """A number without the slips of its printing: the width of a bracket, a space, the cut of a tick."""
    return unicodedata.normalize("NFKC", number or "").replace(" ", "").replace("✓", "✔")


@pytest.mark.parametrize(("slug", "plan"), PLANS)
def test_everything_is_numbered_and_ordered_as_in_print(slug: str, plan: str, db: None) -> None:
    with acting_as(Municipality.objects.get(slug=slug)):
        load(FIXTURES / slug)
        tree = read_tree(Plan.objects.get(slug=plan))
    computed = [(key, as_meant(number)) for key, number in printed(list(tree.nodes))]
    assert computed == [
        (key, as_meant(number)) for key, number in numbers(plan_file(f"{slug}/plan-{plan}.json")["items"])
    ]


@pytest.fixture
def plan(in_shimonoseki: Municipality, folder: Path) -> Plan:
    load(folder)
    return Plan.objects.get()


def test_a_relisted_item_is_counted_once_and_refers_to_its_main_place(plan: Plan) -> None:
    tree = read_tree(plan)
    assert [(level.name, level.count) for level in tree.levels] == [("方針", 2), ("施策", 3), ("項目", 3)]
    assert tree.relisted == 1
    place = tree.nodes[1].own_children()[0].children[0]
    assert isinstance(place, Relisted)
    assert (place.number, place.title, place.main_reference) == ("①", "冊子をつくる", "施策1 ①")
    main = tree.path_to("1-1-1")[-1]
    assert [(other.key, other.reference) for other in main.places] == [("2-1-1", "施策3 ①")]
    assert [node.key for node in tree.walk()] == ["1", "1-1", "1-1-1", "1-1-2", "1-2", "2", "2-1", "2-1-2"]


def test_an_item_is_found_with_those_above_it(plan: Plan) -> None:
    tree = read_tree(plan)
    assert [node.key for node in tree.path_to("2-1-2")] == ["2", "2-1", "2-1-2"]
    assert tree.path_to("2-1-1") == []


def test_a_sheet_is_laid_out_as_in_print(plan: Plan) -> None:
    node = read_tree(plan).path_to("1-1-1")[-1]
    assert node.departments == ["広報課", "協働課"]
    assert node.sheet is not None
    assert [(a.name, a.addressed) for a in node.sheet.audience] == [("市民", True), ("団体", False), ("その他", True)]
    assert [(cell.fiscal_year, cell.text, cell.arrow) for cell in node.schedule] == [
        (2024, "検討", False),
        (2025, "実施", True),
        (2026, "", True),
        (2027, "", False),
    ]


def test_who_does_what_is_read_by_column(plan: Plan) -> None:
    tree = read_tree(plan)
    assert tree.actors == ["市民", "市"]
    assert [(row.title, row.carried) for row in tree.nodes[0].roles] == [
        ("情報の発信", [True, True]),
        ("会場の提供", [False, True]),
    ]


def test_a_kpi_without_a_figure_says_so(plan: Plan) -> None:
    tree = read_tree(plan)
    kpi, new = tree.nodes[0].kpis[0], tree.kpis[0]
    assert (kpi.baseline, [target.printed for target in kpi.targets]) == ("1,200人", ["1,600人", "2,000人"])
    assert (kpi.actual, kpi.achievement, kpi.unjudged) == (None, None, "実績値がまだありません")
    assert "現状値" in kpi.formula
    assert (new.baseline, new.formula) == ("- ※新規", "実績値÷目標値×100")
    assert tree.all_kpis() == [new, kpi]


def test_a_kpi_stands_where_its_figure_does(plan: Plan) -> None:
    participants = Indicator.objects.get(key="participants")
    Actual.objects.create(indicator=participants, fiscal_year=2025, value="1400.4", status="final")
    Actual.objects.create(indicator=participants, fiscal_year=2027, value=1500)
    latest = read_tree(plan).nodes[0].kpis[0]
    assert (latest.actual_year, latest.actual, latest.provisional) == (2027, "1,500人", True)
    assert latest.achievement == "37.5％"  # against the target of 2028: (1500 − 1200) ÷ (2000 − 1200)
    then = read_tree(plan, 2025).nodes[0].kpis[0]
    assert (then.actual, then.provisional, then.achievement) == ("1,400人", False, "50.1％")
    assert read_tree(plan, 2026).nodes[0].kpis[0].actual is None


def test_no_percentage_across_a_changed_definition(plan: Plan) -> None:
    participants = Indicator.objects.get(key="participants")
    Actual.objects.create(indicator=participants, fiscal_year=2025, value=1400)
    Break.objects.create(indicator=participants, fiscal_year=2025, note="人から件へ")
    kpi = read_tree(plan, 2025).nodes[0].kpis[0]
    assert (kpi.actual, kpi.achievement, kpi.unjudged) == ("1,400人", None, "途中で定義が変わったため計算しません")


def test_a_longer_plan_asks_no_more_questions(plan: Plan, folder: Path) -> None:
    with CaptureQueriesContext(connection) as few:
        read_tree(plan)
    items = [
        {**item, "key": f"{item['key']}{n}", "children": [], "indicators": []}
        for n in range(40)
        for item in RECORD["items"]
    ]
    load(write_plan(folder, slug="longer", items=[*RECORD["items"], *items]))
    longer = Plan.objects.get(slug="longer")
    with CaptureQueriesContext(connection) as many:
        tree = read_tree(longer)
    assert len(tree.nodes) == 82
    assert len(many) == len(few)


def test_passages_are_folded_by_chapter() -> None:
    def text(kind: str, heading: str) -> Text:
        return Text(kind, heading, [], {})

    found = chapters([text("chapter", "第1章"), text("purpose", "目的"), text("chapter", "第2章")])
    assert [(chapter.heading, len(chapter.texts)) for chapter in found] == [("第1章", 2), ("第2章", 1)]
    assert [chapter.heading for chapter in chapters([text("slogan", "スローガン"), text("period", "期間")])] == [
        "スローガン"
    ]
    assert chapters([]) == []
