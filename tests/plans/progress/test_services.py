"""What happens in a plan's year, and what cannot."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, ProgrammingError, transaction

from civic.accounts.models import Department, Role
from civic.audit.models import Change
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from plans.models import (
    Evaluation,
    ItemDepartment,
    ItemWeight,
    ManualStatus,
    Plan,
    PlanItem,
    ProgressNotice,
    ProgressReport,
    ProgressRound,
    Rating,
    ReportingYear,
    ReportState,
    WorkStatus,
    YearReopening,
)
from plans.models.progress import TRANSITIONS
from plans.progress import services
from plans.progress.queries import reports_of
from plans.progress.services import Refused, WrittenMeanwhile
from plans.queries import read_tree
from tests.conftest import MakeMember
from tests.plans.progress.conftest import NOTHING, WHOLE, YearOf


def test_each_item_with_a_department_is_asked_for_once(sample: YearOf) -> None:
    keys = sorted(sample.year.reports.values_list("item__key", flat=True))
    assert keys == ["1-1-1", "1-1-2", "2-1-2"], "1-1-1 has two departments and two places"
    assert set(sample.year.reports.values_list("state", flat=True)) == {"not_started"}
    assert [rating.mark for rating in sample.year.plan.ratings.all()] == ["A", "B", "C", "D"]


def test_a_year_is_opened_once_and_within_the_plan(sample: YearOf) -> None:
    plan = Plan.objects.get()
    with pytest.raises(Refused, match="すでに"):
        services.open_year(plan, 2025, date(2026, 6, 1))
    with pytest.raises(Refused, match="期間"):
        services.open_year(plan, 2029, date(2030, 6, 1))
    services.open_year(plan, 2026, date(2027, 6, 1), scheme="sabc")
    assert plan.ratings.count() == 4, "the scheme stays"


def test_a_scheme_changes_while_it_is_not_in_use(sample: YearOf) -> None:
    plan = Plan.objects.get()
    services.set_scheme(plan, [("S", "とてもよい"), ("A", "よい"), ("B", "ふつう")])
    assert [str(rating) for rating in plan.ratings.all()] == ["S（とてもよい）", "A（よい）", "B（ふつう）"]
    sample.hand_in("1-1-1", rating=plan.ratings.get(mark="A"))
    for scheme in ([("S", "とてもよい")], [("A", "まあまあ")]):
        with pytest.raises(Refused, match="A（よい）"):
            services.set_scheme(plan, scheme)
    services.set_scheme(plan, [("A", "よい"), ("−", "まだ判断できない")])
    assert [rating.mark for rating in plan.ratings.all()] == ["A", "−"]


def test_a_year_nobody_answers_for_is_not_opened(sample: YearOf) -> None:
    ItemDepartment.objects.all().delete()
    with pytest.raises(Refused, match="担当課"):
        services.open_year(Plan.objects.get(), 2026, date(2027, 6, 1))
    assert not Plan.objects.get().reporting_years.filter(fiscal_year=2026).exists()


def test_an_item_that_gets_a_department_later_is_asked_for_then(sample: YearOf) -> None:
    item = PlanItem.objects.get(key="1-2")
    ItemDepartment.objects.create(item=item, department=Department.objects.first(), position=1)
    assert services.ask_departments(sample.year) == 1
    assert services.ask_departments(sample.year) == 0
    assert sample.report("1-2").state == ReportState.NOT_STARTED


def test_what_is_written_is_kept_whole_or_not(sample: YearOf) -> None:
    report = services.save(sample.report("1-1-2"), 0, NOTHING | {"done": "途中"}, sample.officer)
    assert (report.state, report.version, report.saved_by) == ("draft", 1, sample.officer.user)
    again = services.save(report, 1, NOTHING | {"done": "途中"}, sample.officer)
    assert again.version == 1, "nothing has changed"
    with pytest.raises(ValidationError) as missing:
        services.submit(again, sample.officer)
    assert set(missing.value.message_dict) == {"work_status"}
    assert sample.report("1-1-2").state == ReportState.DRAFT


def test_another_departments_item_is_not_ones_own(sample: YearOf) -> None:
    report = sample.report("2-1-2")
    for forbidden in (
        lambda: services.save(report, 0, WHOLE, sample.officer),
        lambda: services.submit(report, sample.officer),
    ):
        with pytest.raises(PermissionDenied):
            forbidden()
    assert sample.report("2-1-2").state == ReportState.NOT_STARTED
    assert [own.item.key for own in reports_of(sample.officer, sample.year).order_by("item__key")] == ["1-1-1", "1-1-2"]


def test_the_second_to_save_is_told_and_nothing_is_lost(sample: YearOf) -> None:
    read = sample.report("1-1-1")
    services.save(read, read.version, WHOLE | {"done": "広報課の文"}, sample.officer)
    with pytest.raises(WrittenMeanwhile) as meanwhile:
        services.save(read, read.version, WHOLE | {"done": "協働課の文"}, sample.other_officer)
    theirs = meanwhile.value.report
    assert (theirs.done, theirs.saved_by) == ("広報課の文", sample.officer.user)
    assert sample.report("1-1-1").done == "広報課の文"
    services.save(read, theirs.version, WHOLE | {"done": "協働課の文"}, sample.other_officer, over=True)
    report = sample.report("1-1-1")
    assert report.done == "協働課の文"
    kept = report.rounds.get(from_state="draft", to_state="draft")
    assert kept.text["done"] == "広報課の文", "what was written over is in the history"


def test_the_same_text_saved_twice_is_no_conflict(sample: YearOf) -> None:
    report = sample.report("1-1-1")
    services.save(report, 0, WHOLE, sample.officer)
    assert services.save(report, 0, WHOLE, sample.other_officer).version == 1


def test_a_report_goes_back_and_forth_and_its_history_says_so(sample: YearOf) -> None:
    report = sample.hand_in("1-1-2", done="はじめの文")
    with pytest.raises(Refused, match="提出済み"):
        services.save(report, report.version, WHOLE, sample.officer)
    with pytest.raises(Refused, match="どこを直して"):
        services.send_back(report, " ", sample.planner)
    services.send_back(report, "数字を書いてください。", sample.planner)
    sample.hand_in("1-1-2", done="直した文")
    services.accept([sample.report("1-1-2")], sample.planner)
    steps = [(s.from_state, s.to_state, s.by and s.by.name, s.comment, s.text["done"]) for s in report.rounds.all()]
    assert steps == [
        ("not_started", "draft", "officer", "", "はじめの文"),
        ("draft", "submitted", "officer", "", "はじめの文"),
        ("submitted", "returned", "planner-of-year", "数字を書いてください。", "はじめの文"),
        ("returned", "submitted", "officer", "", "直した文"),
        ("submitted", "accepted", "planner-of-year", "", "直した文"),
    ]


@pytest.mark.parametrize("was", ReportState)
@pytest.mark.parametrize("to", ReportState)
def test_only_what_the_table_allows_happens(sample: YearOf, was: ReportState, to: ReportState) -> None:
    report = sample.report("1-1-2")
    ProgressReport.objects.filter(pk=report.pk).update(state=was, work_status="completed", done="文")
    report = sample.report("1-1-2")
    if to in TRANSITIONS[was]:
        services.move(report, to, sample.planner, "ひとこと")
        assert sample.report("1-1-2").state == to
    else:
        with pytest.raises(Refused):
            services.move(report, to, sample.planner, "ひとこと")
        assert sample.report("1-1-2").state == was
        assert not report.rounds.exists()


def test_several_are_accepted_together_or_none(sample: YearOf) -> None:
    handed_in = [sample.hand_in("1-1-1"), sample.hand_in("1-1-2")]
    with pytest.raises(Refused), transaction.atomic():
        services.accept([*handed_in, sample.report("2-1-2")], sample.planner)
    assert not sample.year.reports.filter(state="accepted").exists()
    services.accept(handed_in, sample.planner)
    assert sample.year.reports.filter(state="accepted").count() == 2


def test_all_that_is_filled_in_is_handed_in_together(sample: YearOf) -> None:
    services.save(sample.report("1-1-1"), 0, WHOLE, sample.officer)
    services.save(sample.report("2-1-2"), 0, WHOLE, sample.other_officer)
    assert services.submit_all(sample.year, sample.officer) == (1, 1)
    states = dict(sample.year.reports.values_list("item__key", "state"))
    assert states == {"1-1-1": "submitted", "1-1-2": "not_started", "2-1-2": "draft"}


def test_a_closed_year_takes_no_more_changes(sample: YearOf) -> None:
    handed_in = sample.hand_in("1-1-2")
    item = handed_in.item
    services.close_year(sample.year)
    evaluation = Evaluation(year=sample.year, kind="self", text="文", met_on=date(2026, 6, 1))
    for change in (
        lambda: services.save(sample.report("1-1-1"), 0, WHOLE, sample.officer),
        lambda: services.submit_all(sample.year, sample.officer),
        lambda: services.accept([handed_in], sample.planner),
        lambda: services.send_back(handed_in, "文", sample.planner),
        lambda: services.ask_departments(sample.year),
        lambda: services.set_status_by_hand(sample.year, item, WorkStatus.COMPLETED, "理由", sample.planner),
        lambda: services.clear_status_by_hand(sample.year, item),
        lambda: services.record_evaluation(evaluation, sample.planner),
        lambda: services.close_year(sample.year),
    ):
        with pytest.raises(Refused, match="しめました"):
            change()


def test_a_closed_year_is_opened_again_for_a_reason_that_stays(sample: YearOf) -> None:
    services.record_evaluation(
        Evaluation(year=sample.year, kind="self", text="よい。", met_on=date(2026, 7, 10)), sample.planner
    )
    with pytest.raises(Refused, match="しめていません"):
        services.reopen_year(sample.year, "まだ開いている", sample.planner)
    services.close_year(sample.year)
    closed_at = ReportingYear.objects.get().closed_at
    with pytest.raises(Refused, match="理由"):
        services.reopen_year(sample.year, " ", sample.planner)
    assert read_tree(Plan.objects.get(), 2025).evaluations
    services.reopen_year(sample.year, "報告が一つ届いていなかった。", sample.planner)
    assert read_tree(Plan.objects.get(), 2025).evaluations == [], "public again once it is closed"
    sample.hand_in("1-1-2")
    services.close_year(sample.year)
    [reopening] = YearReopening.objects.all()
    assert (reopening.reason, reopening.by, reopening.closed_at) == (
        "報告が一つ届いていなかった。",
        sample.planner,
        closed_at,
    )
    steps = Change.objects.filter(table_name="plans_reportingyear", before__has_key="closed_at")
    assert steps.count() == 3, "closed, opened again, closed"
    with pytest.raises(ProgrammingError), transaction.atomic():
        YearReopening.objects.update(reason="べつの理由")


def test_an_evaluation_is_deleted_while_the_year_is_open_and_the_trail_keeps_it(sample: YearOf) -> None:
    services.record_evaluation(
        Evaluation(year=sample.year, kind="self", text="取りちがえた評価", met_on=date(2026, 7, 10)), sample.planner
    )
    services.close_year(sample.year)
    with pytest.raises(Refused, match="しめました"):
        services.delete_evaluation(Evaluation.objects.get())
    services.reopen_year(sample.year, "取りちがえがあった。", sample.planner)
    services.delete_evaluation(Evaluation.objects.get())
    assert not Evaluation.objects.exists()
    deleted = Change.objects.get(table_name="plans_evaluation", action="delete")
    assert deleted.before["text"] == "取りちがえた評価"


def test_the_history_is_only_ever_added_to(sample: YearOf) -> None:
    report = sample.hand_in("1-1-2")
    for change in (
        lambda: report.rounds.update(comment="なかったこと"),
        lambda: ProgressRound.objects.filter(report=report)._raw_delete("default"),
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            change()
    assert report.rounds.count() == 2


@pytest.mark.parametrize(
    "values",
    [
        {"state": "lost"},
        {"work_status": "later"},
        {"direction": "sideways"},
        {"state": "submitted", "done": "文"},
        {"state": "accepted", "work_status": "completed"},
    ],
)
def test_the_database_refuses_a_report_in_no_possible_state(sample: YearOf, values: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        sample.year.reports.filter(item__key="1-1-2").update(**values)


def test_the_database_refuses_what_services_would(sample: YearOf) -> None:
    item = PlanItem.objects.get(key="1")
    report = sample.report("1-1-2")
    for write in (
        lambda: ProgressReport.objects.create(year=sample.year, item=report.item),
        lambda: ManualStatus.objects.create(year=sample.year, item=item, status="completed", reason=""),
        lambda: ItemWeight.objects.create(item=item, weight=Decimal(0)),
        lambda: Evaluation.objects.create(year=sample.year, kind="self", text="", met_on=date(2026, 6, 1)),
        lambda: Evaluation.objects.create(year=sample.year, kind="other", text="文", met_on=date(2026, 6, 1)),
        lambda: ProgressNotice.objects.create(year=sample.year, membership=sample.officer, kind="opened"),
        lambda: ProgressNotice.objects.create(year=sample.year, membership=sample.officer, kind="returned"),
        lambda: Rating.objects.create(plan=sample.year.plan, position=9, mark="A", meaning="二つ目"),
        lambda: ProgressRound.objects.create(
            report=report, from_state="submitted", to_state="returned", comment="", text={}
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            write()


def test_a_status_by_hand_needs_a_reason(sample: YearOf) -> None:
    item = PlanItem.objects.get(key="1")
    with pytest.raises(Refused, match="理由"):
        services.set_status_by_hand(sample.year, item, WorkStatus.COMPLETED, "  ", sample.planner)
    services.set_status_by_hand(sample.year, item, WorkStatus.COMPLETED, "国の基準に合わせた。", sample.planner)
    services.set_status_by_hand(sample.year, item, WorkStatus.STOPPED, "やめた。", sample.planner)
    assert ManualStatus.objects.get().status == "stopped"
    services.clear_status_by_hand(sample.year, item)
    assert not ManualStatus.objects.exists()


def test_what_is_typed_leaves_no_trace_but_each_step_does(sample: YearOf) -> None:
    services.save(sample.report("1-1-2"), 0, WHOLE, sample.officer)
    before = Change.objects.count()
    services.save(sample.report("1-1-2"), 1, WHOLE | {"done": "書きなおした"}, sample.officer)
    assert Change.objects.count() == before
    services.submit(sample.report("1-1-2"), sample.officer)
    row = Change.objects.filter(table_name="plans_progressreport").latest("pk")
    assert (row.before, row.after) == ({"state": "draft"}, {"state": "submitted"})


def test_an_officer_of_another_municipality_answers_for_nothing_here(
    opened: YearOf, yamaguchi: Municipality, member: MakeMember
) -> None:
    stranger = member(yamaguchi, Role.OFFICER).memberships.get()
    with acting_as(opened.municipality), pytest.raises(PermissionDenied):
        services.save(opened.report("1-1-2"), 0, WHOLE, stranger)
