"""A mistake in a published report: written down, listed in the next edition, and the old one stays as it was."""

from pathlib import Path

import pytest

from civic.accounts.models import Role, User
from civic.audit.models import Change
from civic.tenancy.models import Municipality
from indicators.models import Actual, Indicator
from plans.loading import load
from plans.models import AnnualReport, Plan, PlanItem, ReportCorrection
from plans.reports.corrections import places, words_at
from plans.reports.snapshot import digest
from plans.services import (
    ReportRefused,
    correct_report,
    make_corrected_edition,
    make_report,
    publish_report,
    unfreeze_report,
    withdraw_correction,
)
from tests.conftest import MakeMember

KPI = "kpi:participants"


def quietly(percent: int, words: str) -> None:
    pass


@pytest.fixture
def planner(member: MakeMember, in_shimonoseki: Municipality) -> User:
    return member(in_shimonoseki, Role.PLANNER)


@pytest.fixture
def published(in_shimonoseki: Municipality, folder: Path) -> AnnualReport:
    load(folder)
    Actual.objects.create(indicator=Indicator.objects.get(key="participants"), fiscal_year=2025, value=1400)
    report = make_report(Plan.objects.get(), 2025, quietly)
    publish_report(report)
    report.refresh_from_db()
    return report


def test_a_report_tells_what_can_be_corrected_and_how_it_reads_now(published: AnnualReport) -> None:
    assert (KPI, "参加者数") in places(published.snapshot)
    assert ("item:1-1-1", "Ⅰ 施策1 ①") not in places(published.snapshot)
    assert "item:2-1-1" not in dict(places(published.snapshot))  # the second place of 1-1-1
    words = {said.field: said.text for said in words_at(published.snapshot, KPI)}
    assert (words["actual"], words["achievement"]) == ("1,400人", "50.0％")
    assert {said.field for said in words_at(published.snapshot, "item:1-1-2")} == {"title"}
    with pytest.raises(LookupError):
        words_at(published.snapshot, "item:none")


def test_the_next_edition_says_it_right_and_nothing_else_changes(published: AnnualReport, planner: User) -> None:
    before, stored, pdf = published.snapshot, published.sha256, bytes(published.pdf.content)
    correct_report(published, KPI, {"actual": "1,500人"}, "集計もれ", planner)
    correct_report(published, "item:1-1-1", {"sheet.purpose": "目的。"}, "転記の誤り", planner)
    PlanItem.objects.filter(key="1-2").update(title="あとから変えた題名")
    following = make_corrected_edition(published, quietly)
    assert (following.edition, following.status) == (2, "frozen")
    published.refresh_from_db()
    assert published.status == "published"

    publish_report(following)
    published.refresh_from_db()
    following.refresh_from_db()
    assert (published.status, following.status) == ("corrected", "published")
    assert (published.snapshot, published.sha256, digest(published.snapshot)) == (before, stored, stored)
    assert bytes(published.pdf.content) == pdf

    for kpis in (following.snapshot["kpis"], following.snapshot["plan"]["nodes"][0]["kpis"]):
        (kpi,) = [kpi for kpi in kpis if kpi["key"] == "participants"]
        assert (kpi["actual"], kpi["achievement"]) == ("1,500人", "75.0％")
    listed = following.snapshot["corrections"]
    assert [(row["label"], row["old"], row["new"], row["reason"]) for row in listed] == [
        ("参加者数（実績値）", "1,400人", "1,500人", "集計もれ"),
        ("参加者数（達成率）", "50.0％", "75.0％", "集計もれ"),
        (
            "参加者数（達成率の計算）",
            "（1,400－1,200）÷（1,600－1,200）×100＝50.0％",
            "（1,500－1,200）÷（1,600－1,200）×100＝75.0％",
            "集計もれ",
        ),
        ("施策1 ① 冊子の作成（目的）", "目的の一。\n目的の二。", "目的。", "転記の誤り"),
    ]
    assert "あとから変えた題名" not in str(following.snapshot)
    # Put back, it is the first edition again: the corrections are all that differs.
    for new, old in [*((row["new"], row["old"]) for row in listed), ("1500", "1400.0000")]:
        for words in (following.snapshot["kpis"], following.snapshot["plan"]):
            _put_back(words, new, old)
    changed = {name for name in before if before[name] != following.snapshot[name]}
    assert changed <= {"edition", "corrections", "made_on", "made_on_label"}


def test_what_follows_from_a_corrected_figure_is_computed_unless_it_is_given(
    published: AnnualReport, planner: User
) -> None:
    correct_report(published, KPI, {"actual": "1300", "achievement": "−"}, "集計もれ", planner)
    assert dict(published.corrections.values_list("field", "new")) == {
        "actual": "1,300人",
        "achievement": "−",
        "worked": "（1,300－1,200）÷（1,600－1,200）×100＝25.0％",
    }


def test_a_correction_to_a_few_people_does_not_tell_how_many(published: AnnualReport, planner: User) -> None:
    correct_report(published, KPI, {"actual": "3人"}, "集計の誤り", planner)
    following = make_corrected_edition(published, quietly)
    (kpi,) = [kpi for kpi in following.snapshot["kpis"] if kpi["key"] == "participants"]
    assert (kpi["actual"], kpi["achievement"], kpi["worked"]) == ("5人未満", None, None)
    assert "3人" not in str(following.snapshot)


def _put_back(part: object, new: str, old: str) -> None:
    for name, value in part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ():
        if value == new:
            part[name] = old  # type: ignore[index]
        else:
            _put_back(value, new, old)


def test_a_third_edition_lists_all_corrections(published: AnnualReport, planner: User) -> None:
    for edition, value in ((2, "1,500人"), (3, "1,600人")):
        last = AnnualReport.objects.get(status="published")
        correct_report(last, KPI, {"actual": value}, "集計もれ", planner)
        publish_report(make_corrected_edition(last, quietly))
        last = AnnualReport.objects.get(status="published")
        assert last.edition == edition
    figures = [row for row in last.snapshot["corrections"] if row["field"] == "actual"]
    assert [(row["edition"], row["old"], row["new"]) for row in figures] == [
        (2, "1,400人", "1,500人"),
        (3, "1,500人", "1,600人"),
    ]


def test_corrections_are_on_the_trail_and_may_be_taken_back_until_they_are_in_an_edition(
    published: AnnualReport, planner: User
) -> None:
    for correction in correct_report(published, KPI, {"actual": "1,500人"}, "集計もれ", planner):
        trail = Change.objects.filter(table_name="plans_reportcorrection", row_id=correction.pk)
        assert trail.filter(action="insert").exists()
        withdraw_correction(correction)
    assert not ReportCorrection.objects.exists()
    with pytest.raises(ReportRefused, match="まだ"):
        make_corrected_edition(published, quietly)

    correction, *_what_follows = correct_report(published, KPI, {"actual": "1,500人"}, "集計もれ", planner)
    following = make_corrected_edition(published, quietly)
    for late in (
        lambda: withdraw_correction(correction),
        lambda: correct_report(published, KPI, {"actual": "1,700人"}, "さらに", planner),
        lambda: make_corrected_edition(published, quietly),
    ):
        with pytest.raises(ReportRefused, match="確定"):
            late()
    unfreeze_report(following, "もう一つ見つかった", planner)
    correct_report(published, KPI, {"actual": "1,700人"}, "さらに", planner)
    again = make_corrected_edition(published, quietly)
    figures = [row for row in again.snapshot["corrections"] if row["field"] == "actual"]
    assert [row["new"] for row in figures] == ["1,700人"]


@pytest.mark.parametrize("figure", ["1,500人", "3人"])
def test_a_figures_correction_is_taken_back_with_what_followed_from_it(
    published: AnnualReport, planner: User, figure: str
) -> None:
    """3人 are not told, so nothing can be computed of them: that follows as well."""
    correct_report(published, KPI, {"note": "調べ方を書きたした。"}, "書きもれ", planner)
    correct_report(published, KPI, {"actual": figure}, "集計もれ", planner)
    assert {"actual", "achievement", "worked"} < set(published.corrections.values_list("field", flat=True))
    withdraw_correction(published.corrections.get(field="worked"))
    assert "actual" in published.corrections.values_list("field", flat=True)

    withdraw_correction(published.corrections.get(field="actual"))
    (left,) = published.corrections.all()
    assert left.field == "note"
    (kpi,) = [kpi for kpi in make_corrected_edition(published, quietly).said["kpis"] if kpi["key"] == "participants"]
    assert (kpi["actual"], kpi["achievement"]) == ("1,400人", "50.0％")


def test_what_cannot_be_corrected_is_refused_in_words(published: AnnualReport, planner: User) -> None:
    for place, words, why in (
        (KPI, {"actual": "1,400人"}, "同じ"),
        ("item:none", {"title": "題"}, "ない"),
    ):
        with pytest.raises(ReportRefused, match=why):
            correct_report(published, place, words, "誤り", planner)
    frozen = make_report(Plan.objects.get(), 2024, quietly)
    with pytest.raises(ReportRefused, match="公開前"):
        correct_report(frozen, KPI, {"actual": "1人"}, "誤り", planner)
    assert not ReportCorrection.objects.exists()


def test_a_missing_figure_is_filled_in_and_one_taken_away_is_missing(published: AnnualReport, planner: User) -> None:
    correct_report(published, "kpi:matches", {"actual": "6件"}, "届いた", planner)
    correct_report(published, KPI, {"actual": ""}, "誤集計", planner)
    kpis = {kpi["key"]: kpi for kpi in make_corrected_edition(published, quietly).snapshot["kpis"]}
    assert (kpis["matches"]["actual"], kpis["participants"]["actual"]) == ("6件", None)
