"""What reports published, side by side across municipalities; counts under 5 are nowhere in it."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from civic.accounts.models import Role
from civic.measures import registry
from civic.measures.registry import Counted, Measure, MeasuredRow
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from indicators.models import Actual, Break, Commitment, Indicator
from indicators.services import Entry, enter_figures
from plans.loading import load
from plans.models import AnnualReport, Plan, PlanIndicator, PublishedOpenFigure
from plans.queries import read_tree
from plans.reports.figures import centre_figures
from plans.services import correct_report, make_corrected_edition, make_report, publish_report, unfreeze_report
from tests.conftest import MakeMember

Publish = Callable[[Municipality, int, int], AnnualReport]


def quietly(percent: int, words: str) -> None:
    pass


@pytest.fixture(autouse=True)
def counted(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """One measure, whose count each test sets: no other app's records are needed."""
    counts = {"loans": 0}

    def count(year: int) -> Counted:
        return Counted(Decimal(counts["loans"]), False)

    def rows(year: int) -> list[MeasuredRow]:
        return [MeasuredRow(number, "貸し出し", None, "") for number in range(counts["loans"])]

    loans = Measure("tests.loans", "貸し出し", "件", count, rows)
    monkeypatch.setattr(registry, "_measures", {"tests.loans": loans})
    return counts


@pytest.fixture
def publish(folder: Path, counted: dict[str, int]) -> Publish:
    """Publish a municipality's report of 2025 with a KPI's figure and a measure's count."""

    def in_municipality(municipality: Municipality, participants: int, loans: int) -> AnnualReport:
        counted["loans"] = loans
        with acting_as(municipality):
            load(folder)
            indicator = Indicator.objects.get(key="participants")
            Indicator.objects.filter(pk=indicator.pk).update(definition=f"{municipality.name}で催しに来た人")
            Actual.objects.create(indicator=indicator, fiscal_year=2025, value=participants)
            Break.objects.create(indicator=indicator, fiscal_year=2024, note="のべ人数に改めた。")
            report = make_report(Plan.objects.get(), 2025, quietly)
            publish_report(report)
            return AnnualReport.objects.get()

    return in_municipality


def test_a_figure_is_open_once_its_report_is_published(
    client: Client,
    folder: Path,
    publish: Publish,
    member: MakeMember,
    shimonoseki: Municipality,
    nagato: Municipality,
) -> None:
    with acting_as(shimonoseki):
        load(folder)
        frozen = make_report(Plan.objects.get(), 2025, quietly)
        assert not PublishedOpenFigure.objects.exists()
        unfreeze_report(frozen, "数がまだ", member(shimonoseki, Role.PLANNER))
    Municipality.objects.filter(pk=nagato.pk).update(population=35439, population_label="国勢調査")
    publish(shimonoseki, 1400, 12)
    page = client.get("/compare/").content.decode()
    assert "1,400人" not in page  # nobody to compare with

    publish(Municipality.objects.get(pk=nagato.pk), 350, 30)
    page = client.get("/compare/").content.decode()
    for words in ("1,400人", "350人", "98.8", "8.5", "国勢調査", "のべ人数に改めた。", "令和6年度（2024年度）"):
        assert words in page, words
    assert "/nagato/plans/sample/reports/2025/" in page
    # Beside each city's figure stands what it counts and since when.
    rows = {row.split("</th>")[0].strip(): row for row in page.split('<th scope="row">')[1:3]}
    assert list(rows) == ["下関市", "長門市"]
    for city, row in rows.items():
        counted = f"{city}で催しに来た人<br>定義の変更：令和6年度（2024年度） のべ人数に改めた。"
        assert counted in row.split("</tr>")[0]


def test_a_small_count_is_nowhere_in_what_is_published(
    client: Client, publish: Publish, shimonoseki: Municipality, nagato: Municipality
) -> None:
    """Not in the comparison, and neither on the pages nor in the files to which it leads."""
    count = 4
    Municipality.objects.filter(pk=nagato.pk).update(population=35439, population_label="国勢調査")
    publish(shimonoseki, 1400, 12)
    publish(Municipality.objects.get(pk=nagato.pk), count, count)
    hidden = PublishedOpenFigure.objects.filter(municipality=nagato)
    assert {(row.value, row.printed, row.per_ten_thousand) for row in hidden} == {
        (None, "5人未満", None),
        (None, "5件未満", None),
    }
    with acting_as(nagato):
        pdf = bytes(AnnualReport.objects.get().pdf.content)
    report = "/nagato/plans/sample/reports/2025"
    texts = {
        address: client.get(address).content.decode()
        for address in (
            "/compare/",
            "/nagato/plans/sample/",
            "/nagato/plans/sample/items/1/",
            "/nagato/plans/sample/indicators/participants/",
            f"{report}/",
            f"{report}.csv",
            f"{report}.json",
        )
    }
    texts["pdf"] = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    for where, text in texts.items():
        assert re.search(rf"(?<![\d,.]){count}[人件](?!未満)", text) is None, where
        assert "5人未満" in text, where
    assert f",{count},人" not in texts[f"{report}.csv"]
    assert re.search(rf'"value": "{count}(\.0+)?"', texts[f"{report}.json"]) is None
    # 1,200 → 1,600 at `count`: a percentage would tell it.
    assert "少ない人数が分かるため公表しません" in texts["/nagato/plans/sample/"]
    assert "-299" not in texts["/nagato/plans/sample/"]


def test_a_small_count_that_a_kpi_promises_and_counts_no_people_is_not_compared(
    client: Client, publish: Publish, folder: Path, shimonoseki: Municipality, nagato: Municipality
) -> None:
    """What its city prints in full cannot be hidden: it does not stand among what is compared."""
    with acting_as(nagato):
        load(folder)
        Indicator.objects.filter(key="matches").update(measure="tests.loans", measured_from=2025)
    publish(shimonoseki, 1400, 12)
    report = publish(nagato, 1400, 3)
    assert [kpi["actual"] for kpi in report.said["kpis"] if kpi["key"] == "matches"] == ["3件"]
    assert report.said["centre"] == []
    assert {row.series for row in PublishedOpenFigure.objects.filter(municipality=nagato)} == {"participants"}
    assert "貸し出し" not in client.get("/compare/").content.decode()


def test_a_survey_of_few_answers_tells_nothing(publish: Publish, shimonoseki: Municipality) -> None:
    publish(shimonoseki, 1400, 12)
    with acting_as(shimonoseki):
        indicator = Indicator.objects.create(key="satisfied", name="満足度", unit="％", decimals=1)
        commitment = Commitment.objects.create(indicator=indicator, name="満足度", formula="level")
        plan = Plan.objects.get()
        PlanIndicator.objects.create(plan=plan, commitment=commitment, key="satisfied", position=9)
        enter_figures(2025, [Entry(indicator, Decimal("66.7"), answers=3, response_rate=Decimal(30))])
        kpi = next(kpi for kpi in read_tree(plan, 2025).kpis if kpi.key == "satisfied")
    assert (kpi.actual, kpi.answers, kpi.response_rate, kpi.achievement) == ("公表しません", "5人未満", None, None)
    assert kpi.history.actuals == []


def test_a_year_without_records_is_zero_after_a_year_with_some_and_missing_else(
    publish: Publish, shimonoseki: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    """0 is under 5 as well; a centre that never kept such records has no figure."""
    assert centre_figures(2025) == []
    by_year = {2023: 8}
    loans = replace(registry.find("tests.loans"), count=lambda year: Counted(Decimal(by_year.get(year, 0)), False))
    monkeypatch.setattr(registry, "_measures", {"tests.loans": loans})
    with acting_as(shimonoseki):
        assert [(figure.value, figure.printed) for figure in centre_figures(2025)] == [(None, "5件未満")]
        assert centre_figures(2022) == []


@pytest.mark.parametrize(
    ("count", "unit", "value", "printed"),
    [
        ("17.3444390016", "％", "17.3", "17.3％"),
        ("0.25", "％", "0.3", "0.3％"),
        ("100.00", "％", "100.0", "100.0％"),
        ("1204.25", "時間", "1204.3", "1,204.3時間"),
        ("1204.00", "時間", "1204", "1,204時間"),
    ],
)
def test_a_figure_of_the_centre_has_one_decimal_at_most_and_a_rate_is_no_small_count(
    in_shimonoseki: Municipality, monkeypatch: pytest.MonkeyPatch, count: str, unit: str, value: str, printed: str
) -> None:
    measure = registry.find("tests.loans")
    measure = replace(measure, unit=unit, count=lambda year: Counted(Decimal(count), has_samples=False))
    monkeypatch.setattr(registry, "_measures", {"tests.loans": measure})
    (figure,) = centre_figures(2025)
    assert (figure.value, figure.printed) == (value, printed)


@pytest.mark.parametrize(("unit", "rate"), [("人", "98.8"), ("団体", "98.8"), ("％", None), ("点", None)])
def test_a_rate_per_head_is_told_where_it_makes_sense(unit: str, rate: str | None) -> None:
    figure = PublishedOpenFigure(value=Decimal(350), population=35439, unit=unit)
    assert figure.per_ten_thousand == (rate and Decimal(rate))


def test_five_is_shown(publish: Publish, shimonoseki: Municipality) -> None:
    publish(shimonoseki, 5, 5)
    assert {row.printed for row in PublishedOpenFigure.objects.all()} == {"5人", "5件"}


def test_a_corrected_edition_takes_the_place_of_the_one_before(
    publish: Publish, shimonoseki: Municipality, member: MakeMember
) -> None:
    report = publish(shimonoseki, 1400, 12)
    with acting_as(shimonoseki):
        correct_report(report, "kpi:participants", {"actual": "1,500人"}, "誤り", member(shimonoseki, Role.PLANNER))
        following = make_corrected_edition(report, quietly)
        assert PublishedOpenFigure.objects.get(series="participants").value == 1400
        publish_report(following)
    figure = PublishedOpenFigure.objects.get(series="participants")
    assert (figure.value, figure.edition) == (1500, 2)
    assert PublishedOpenFigure.objects.count() == 2


def test_the_page_is_one_query_and_needs_no_municipality(
    client: Client, publish: Publish, shimonoseki: Municipality, nagato: Municipality
) -> None:
    publish(shimonoseki, 1400, 12)
    publish(nagato, 350, 30)
    with CaptureQueriesContext(connection) as queries:
        client.get("/compare/")
    assert [query for query in queries if "plans_" in query["sql"]] == [queries[0]]
