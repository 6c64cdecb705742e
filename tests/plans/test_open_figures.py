"""What reports published, side by side across municipalities; counts under 5 are nowhere in it."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from civic.accounts.models import Role
from civic.measures import registry
from civic.measures.registry import Counted, Measure
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from indicators.models import Actual, Break, Indicator
from plans.loading import load
from plans.models import AnnualReport, Plan, PublishedOpenFigure
from plans.reports.data import report_as_csv
from plans.services import correct_report, make_corrected_edition, make_report, publish_report, unfreeze_report
from tests.conftest import MakeMember

Publish = Callable[[Municipality, int, int], AnnualReport]


def quietly(percent: int, words: str) -> None:
    pass


@pytest.fixture(autouse=True)
def counted(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """One measure, whose count each test sets: no other app's records are needed."""
    counts = {"loans": 0}
    loans = Measure(
        "tests.loans", "貸し出し", "件", lambda year: Counted(Decimal(counts["loans"]), False), lambda year: []
    )
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


@pytest.mark.parametrize("count", [1, 4])
def test_a_count_under_five_is_hidden_and_cannot_be_had_from_what_is_shown(
    client: Client, publish: Publish, shimonoseki: Municipality, nagato: Municipality, count: int
) -> None:
    Municipality.objects.filter(pk=nagato.pk).update(population=35439, population_label="国勢調査")
    publish(shimonoseki, 1400, 12)
    report = publish(Municipality.objects.get(pk=nagato.pk), count, count)
    hidden = PublishedOpenFigure.objects.filter(municipality=nagato)
    assert {(row.value, row.printed, row.per_ten_thousand) for row in hidden} == {
        (None, "5人未満", None),
        (None, "5件未満", None),
    }
    page = client.get("/compare/").content.decode()
    assert "5件未満" in page
    for told in (f">{count}人<", f">{count}件<", "％"):
        assert told not in page, told
    # The report's own table of the centre's figures, and its data, keep quiet too.
    (figure,) = report.snapshot["centre"]
    assert (figure["value"], figure["printed"]) == (None, "5件未満")
    assert f"貸し出し,実績値,令和7年度（2025年度）,{count}," not in report_as_csv(report.snapshot).decode()


def test_a_measure_that_counted_nothing_is_missing_and_not_zero(publish: Publish, shimonoseki: Municipality) -> None:
    report = publish(shimonoseki, 1400, 0)
    assert report.snapshot["centre"] == []
    assert [row.series for row in PublishedOpenFigure.objects.all()] == ["participants"]


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
