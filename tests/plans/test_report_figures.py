"""A published report and the closed figures behind it: what publishing closes, and when it refuses to."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from centres.models import Consultation
from civic.accounts.models import Role, User
from civic.tenancy.models import Municipality
from indicators.models import Actual, Closing, Indicator
from indicators.services import Entry, close_year, correct, enter_figures
from plans.figures.queries import changed_figures
from plans.loading import load
from plans.models import AnnualReport, Plan
from plans.reports.corrections import words_at
from plans.services import (
    ReportRefused,
    correct_report,
    draft_snapshot,
    make_corrected_edition,
    make_report,
    publish_report,
    unfreeze_report,
)
from tests.conftest import MakeMember

YEAR = 2025


def quietly(percent: int, words: str) -> None:
    pass


@pytest.fixture
def planner(member: MakeMember, in_shimonoseki: Municipality) -> User:
    return member(in_shimonoseki, Role.PLANNER)


@pytest.fixture
def plan(in_shimonoseki: Municipality, folder: Path) -> Plan:
    """Of its two KPIs one was entered (1,400人, provisional), one is counted from six consultations."""
    load(folder)
    Actual.objects.create(indicator=indicator("participants"), fiscal_year=YEAR, value=1400)
    Indicator.objects.filter(key="matches").update(measure="centres.consultations", measured_from=YEAR)
    for _number in range(6):
        consult()
    return Plan.objects.get()


def indicator(key: str) -> Indicator:
    return Indicator.objects.get(key=key)


def consult() -> None:
    Consultation.objects.create(summary="相談", received_at=datetime(YEAR, 10, 1, 3, tzinfo=UTC))


def published(plan: Plan, planner: User) -> AnnualReport:
    publish_report(make_report(plan, YEAR, quietly), planner)
    return AnnualReport.objects.get()


def test_a_frozen_report_reads_as_it_will_once_published(plan: Plan) -> None:
    drafted = {kpi["key"]: kpi for kpi in draft_snapshot(plan, YEAR)["kpis"]}
    assert (drafted["participants"]["provisional"], drafted["matches"]["live"]) == (True, True)
    said = make_report(plan, YEAR, quietly).said
    for kpis in (said["kpis"], said["plan"]["nodes"][0]["kpis"]):
        for kpi in kpis:
            assert not kpi["provisional"]
            assert not kpi["live"]
            assert {point["standing"] for point in kpi["history"]["actuals"]} == {"final"}
    assert not Closing.objects.exists()


def test_publishing_closes_what_is_printed_with_its_evidence(plan: Plan, planner: User) -> None:
    publish_report(make_report(plan, YEAR, quietly), planner)
    counted, entered = (Closing.objects.get(indicator__key=key) for key in ("matches", "participants"))
    assert (counted.value, counted.row_count, len(counted.rows), counted.closed_by) == (6, 6, 6, planner)
    assert (entered.value, entered.rows, entered.closed_by) == (1400, None, planner)
    assert set(Actual.objects.values_list("status", flat=True)) == {"final"}


def test_a_kpi_without_a_figure_stays_open_for_the_one_to_come(plan: Plan, planner: User) -> None:
    Actual.objects.all().delete()
    report = published(plan, planner)
    assert [closing.indicator.key for closing in Closing.objects.all()] == ["matches"]
    enter_figures(YEAR, [Entry(indicator("participants"), value=1400)])  # type: ignore[arg-type]
    (late,) = changed_figures(plan, report.said)
    assert (late.now.key, late.reported, late.now.actual) == ("participants", None, "1,400人")


def test_what_was_closed_before_stays_as_it_was(plan: Plan, planner: User) -> None:
    (closing,) = close_year([indicator("matches")], YEAR, planner)
    consult()
    publish_report(make_report(plan, YEAR, quietly), planner)
    assert Closing.objects.get(indicator__key="matches") == closing
    assert {kpi["key"]: kpi["actual"] for kpi in AnnualReport.objects.get().said["kpis"]}["matches"] == "6件"


@pytest.mark.parametrize("change", ["a record more", "another figure", "a figure less"])
def test_a_report_whose_figures_have_changed_is_not_published(plan: Plan, planner: User, change: str) -> None:
    report = make_report(plan, YEAR, quietly)
    if change == "a record more":
        consult()
    else:
        value = 1500 if change == "another figure" else None
        enter_figures(YEAR, [Entry(indicator("participants"), value)])  # type: ignore[arg-type]
    with pytest.raises(ReportRefused, match="紹介の件数" if change == "a record more" else "参加者数"):
        publish_report(report, planner)
    report.refresh_from_db()
    assert report.status == "frozen"
    assert not Closing.objects.exists()

    unfreeze_report(report, "記録が増えたため", planner)
    publish_report(make_report(plan, YEAR, quietly), planner)
    assert AnnualReport.objects.get().status == "published"


def test_a_corrected_figure_goes_into_the_next_edition_as_it_stands(plan: Plan, planner: User) -> None:
    report = published(plan, planner)
    assert changed_figures(plan, report.said) == []
    correct(indicator("participants"), YEAR, 1600, planner, "集計もれ")  # type: ignore[arg-type]
    (changed,) = changed_figures(plan, report.said)
    assert (changed.reported, changed.now.actual, changed.reason) == ("1,400人", "1,600人", "集計もれ")

    correct_report(report, "kpi:participants", changed.words, changed.reason, planner)
    following = make_corrected_edition(report, quietly)
    publish_report(following, planner)
    assert changed_figures(plan, following.said) == []
    words = {said.field: said.text for said in words_at(following.said, "kpi:participants")}
    assert words["achievement"] == "100.0％"
    assert words["worked"] == "（1,600－1,200）÷（1,600－1,200）×100＝100.0％"
    for kpi in (following.said["kpis"][1], following.said["plan"]["nodes"][0]["kpis"][0]):
        assert [(point["value"], point["printed"]) for point in kpi["history"]["actuals"]] == [("1600", "1,600人")]


@pytest.mark.parametrize(("words", "drawn"), [("", []), ("公表しません", []), ("1,450人", ["1450"])])
def test_a_chart_draws_what_is_a_number_in_the_corrected_words(
    plan: Plan, planner: User, words: str, drawn: list[str]
) -> None:
    report = published(plan, planner)
    correct_report(report, "kpi:participants", {"actual": words}, "誤り", planner)
    kpi = make_corrected_edition(report, quietly).said["kpis"][1]
    assert [point["value"] for point in kpi["history"]["actuals"]] == drawn
