"""What happens in a plan's year: each function is one thing, in one transaction. Run inside `acting_as`."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.accounts.models import Membership, Role, User
from civic.accounts.queries import members
from civic.calendar import fiscal_year_label
from plans.models import (
    Evaluation,
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
from plans.models.progress import TRANSITIONS, WITH_DEPARTMENT
from plans.progress.queries import awaited, reports_of, unasked
from plans.progress.ratings import SCHEMES
from plans.progress.tasks import send_progress_notice
from plans.rules import answers_for

Kind = ProgressNotice.Kind

REMINDED_BEFORE = timedelta(days=7)
"""How long before the due day whoever has not handed in is reminded."""
WRITTEN = ("work_status", "done", "figures", "problems", "next_year", "direction", "rating")
"""The fields that a department writes."""


class Refused(Exception):
    """It cannot be done. The message is for the person who asked."""


class WrittenMeanwhile(Exception):
    """Somebody else has saved since the text was read. `report` is how it stands now."""

    def __init__(self, report: ProgressReport) -> None:
        super().__init__(report.version)
        self.report = report


# ---- the year


@transaction.atomic
def open_year(plan: Plan, fiscal_year: int, due_on: date, *, scheme: str = "") -> ReportingYear:
    """Ask each department to report of its items, and write to its officers.

    `scheme` names the rating scheme (plans/progress/ratings.py) of a plan that has none yet. Raises Refused for a year
    that is open or closed already, and where no item has a department.
    """
    if not plan.first_fiscal_year <= fiscal_year <= plan.last_fiscal_year:
        raise Refused(_("計画の期間にない年度です。"))
    # Locked, so that the second of two presses finds the year there.
    Plan.objects.select_for_update().get(pk=plan.pk)
    if plan.reporting_years.filter(fiscal_year=fiscal_year).exists():
        raise Refused(_("%(year)sは、すでに依頼しています。") % {"year": fiscal_year_label(fiscal_year)})
    if scheme and not plan.ratings.exists():
        adopt_scheme(plan, scheme)
    year = ReportingYear.objects.create(plan=plan, fiscal_year=fiscal_year, due_on=due_on)
    if not ask_departments(year):
        raise Refused(_("担当課のある項目がありません。先に、計画の項目に担当課をつけてください。"))
    _notify(year, Kind.OPENED, _officers(year.reports.values("item")))
    return year


def adopt_scheme(plan: Plan, scheme: str) -> None:
    """Give a plan the marks of a named rating scheme. Raises KeyError for an unknown one."""
    Rating.objects.bulk_create(
        Rating(plan=plan, position=position, mark=mark, meaning=str(meaning))
        for position, (mark, meaning) in enumerate(SCHEMES[scheme], 1)
    )


@transaction.atomic
def set_scheme(plan: Plan, scheme: Sequence[tuple[str, str]]) -> None:
    """Give a plan these marks and meanings, best first. Marks that are in use stay as they are.

    Raises Refused where a mark in use would go or mean something else: what was rated would be rated anew.
    """
    wanted = dict(scheme)
    used = set(ProgressReport.objects.filter(rating__plan=plan).values_list("rating", flat=True))
    used |= set(Evaluation.objects.filter(rating__plan=plan).values_list("rating", flat=True))
    for rating in plan.ratings.filter(pk__in=used):
        if wanted.get(rating.mark) != rating.meaning:
            raise Refused(_("「%(rating)s」は、もう評価に使われているので、変えられません。") % {"rating": rating})
    plan.ratings.exclude(mark__in=wanted).delete()
    for position, (mark, meaning) in enumerate(scheme, 1):
        plan.ratings.update_or_create(mark=mark, defaults={"meaning": meaning, "position": position})


@transaction.atomic
def ask_departments(year: ReportingYear) -> int:
    """Ask for a report of each item that has a department and no report yet; return how many were asked for.

    Raises Refused where the year is closed.
    """
    year = _open(year)
    return len(ProgressReport.objects.bulk_create(ProgressReport(year=year, item=item) for item in unasked(year)))


@transaction.atomic
def close_year(year: ReportingYear) -> None:
    """Take no more changes: what is accepted is what the annual report says, and the evaluations become public.

    Raises Refused where it is closed already.
    """
    year = _open(year)
    # Whoever is saving ends first; whoever comes after finds the year closed.
    list(year.reports.select_for_update().order_by("pk").values_list("pk"))
    year.closed_at = timezone.now()
    year.save(update_fields=["closed_at"])


@transaction.atomic
def reopen_year(year: ReportingYear, reason: str, by: User) -> None:
    """Take changes again, for a reason that stays on record; the evaluations are no longer public until it is closed.

    Annual reports keep what they say. Raises Refused without a reason, and where the year is open.
    """
    if not reason.strip():
        raise Refused(_("もう一度開くときは、理由を書いてください。"))
    year = ReportingYear.objects.select_for_update().get(pk=year.pk)
    if year.closed_at is None:
        raise Refused(_("%(year)sは、しめていません。") % {"year": fiscal_year_label(year.fiscal_year)})
    YearReopening.objects.create(year=year, closed_at=year.closed_at, reason=reason, by=by)
    year.closed_at = None
    year.save(update_fields=["closed_at"])


def remind(today: date) -> None:
    """Write to officers who have items left, once before the due day and once after it; and again what failed to go.

    Run daily for each municipality.
    """
    for notice in ProgressNotice.objects.filter(mailed_at=None, year__closed_at=None):
        send_progress_notice.enqueue(notice.pk)
    for year in ReportingYear.objects.filter(closed_at=None, is_sample=False):
        left = awaited(year).filter(state__in=WITH_DEPARTMENT).values("item")
        if today > year.due_on:
            _notify(year, Kind.OVERDUE, _officers(left))
        elif today >= year.due_on - REMINDED_BEFORE:
            _notify(year, Kind.BEFORE_DUE, _officers(left))


def _open(year: ReportingYear) -> ReportingYear:
    """Return the year, locked. Raises Refused where it is closed."""
    year = ReportingYear.objects.select_for_update().get(pk=year.pk)
    _refuse_closed(year)
    return year


def _refuse_closed(year: ReportingYear) -> None:
    if year.closed_at:
        raise Refused(_("%(year)sは、しめました。もう変えられません。") % {"year": fiscal_year_label(year.fiscal_year)})


def _officers(items: Any) -> list[Membership]:
    """The officers of the departments that answer for these items."""
    return list(
        members()
        .filter(role=Role.OFFICER, user__is_active=True, departments__department__item_departments__item__in=items)
        .distinct()
    )


def _notify(
    year: ReportingYear, kind: Kind, officers: Iterable[Membership], caused_by: ProgressRound | None = None
) -> None:
    """Write to each officer once."""
    for officer in officers:
        notice, is_new = ProgressNotice.objects.get_or_create(year=year, membership=officer, kind=kind, round=caused_by)
        if is_new:
            send_progress_notice.enqueue(notice.pk)


# ---- a report's way between department and planner


@transaction.atomic
def save(
    report: ProgressReport, version: int, written: Mapping[str, Any], by: Membership, *, over: bool = False
) -> ProgressReport:
    """Keep what an officer has written, whole or not. What has not changed is not saved again.

    `version` is the one that they read. With `over` they have seen the other's text, which goes into the history.
    Raises WrittenMeanwhile where somebody has saved since, Refused where the department may not write now, and
    PermissionDenied for another department's item.
    """
    report = _for_department(report, by)
    if all(getattr(report, name) == written[name] for name in WRITTEN):
        return report
    if report.version != version:
        raise WrittenMeanwhile(report)
    if over:
        _record(
            report, ReportState(report.state), by.user, _("ほかの人の文を上書きしました。上書きされる前の内容です。")
        )
    for name in WRITTEN:
        setattr(report, name, written[name])
    report.version += 1
    report.saved_at, report.saved_by = timezone.now(), by.user
    report.save(update_fields=[*WRITTEN, "version", "saved_at", "saved_by"])
    if report.state == ReportState.NOT_STARTED:
        move(report, ReportState.DRAFT, by.user)
    return report


@transaction.atomic
def submit(report: ProgressReport, by: Membership) -> None:
    """Hand a report in to the planner.

    Raises ValidationError by field where something is missing, and otherwise as `save` does.
    """
    report = _for_department(report, by)
    missing = {
        name: _("提出するには、ここを入力してください。")
        for name in ("work_status", "done")
        if not getattr(report, name)
    }
    if missing:
        raise ValidationError(missing)
    move(report, ReportState.SUBMITTED, by.user)


@transaction.atomic
def submit_all(year: ReportingYear, by: Membership) -> tuple[int, int]:
    """Hand in what is filled in of the officer's items; return how many were, and how many are left."""
    _refuse_closed(year)
    handed_in = left = 0
    for report in reports_of(by, year).filter(state__in=WITH_DEPARTMENT).order_by("pk"):
        try:
            submit(report, by)
            handed_in += 1
        except ValidationError:
            left += 1
    return handed_in, left


@transaction.atomic
def send_back(report: ProgressReport, comment: str, by: User) -> None:
    """Return a report to its department with a comment, and write to its officers.

    Raises Refused without a comment, where it is not handed in, or where the year is closed.
    """
    if not comment.strip():
        raise Refused(_("差し戻すときは、どこを直してほしいかを書いてください。"))
    report = _locked(report)
    step = move(report, ReportState.RETURNED, by, comment)
    _notify(report.year, Kind.RETURNED, _officers([report.item_id]), caused_by=step)


@transaction.atomic
def accept(reports: Iterable[ProgressReport], by: User, comment: str = "") -> None:
    """Accept reports, all or none. Raises Refused where one is not handed in, or the year is closed."""
    for report in sorted(reports, key=lambda report: report.pk):
        move(_locked(report), ReportState.ACCEPTED, by, comment)


def move(report: ProgressReport, to: ReportState, by: User | None, comment: str = "") -> ProgressRound:
    """Change the state of a locked report and leave the step in its history: the only way in which a state changes.

    Raises Refused where `to` may not follow.
    """
    was = ReportState(report.state)
    if to not in TRANSITIONS[was]:
        raise Refused(
            _("「%(item)s」の報告は「%(state)s」のため、「%(to)s」にできません。")
            % {"item": report.item.title, "state": was.label, "to": to.label}
        )
    step = _record(report, to, by, comment)
    report.state = to
    report.save(update_fields=["state"])
    return step


def _record(report: ProgressReport, to: ReportState, by: User | None, comment: str) -> ProgressRound:
    return ProgressRound.objects.create(
        report=report, by=by, from_state=report.state, to_state=to, comment=comment, text=report.text()
    )


def _locked(report: ProgressReport) -> ProgressReport:
    """Return the report as it stands, locked, while its year is open. Raises Refused where that is closed."""
    report = ProgressReport.objects.select_for_update(of=("self",)).select_related("item", "rating").get(pk=report.pk)
    # Asked for after the lock, and not locked itself: departments do not wait for one another.
    _refuse_closed(report.year)
    return report


def _for_department(report: ProgressReport, by: Membership) -> ProgressReport:
    """Return the report, locked, for an officer who answers for its item and may write now."""
    if not answers_for(by, report.item_id):
        raise PermissionDenied(_("ほかの課の項目です。"))
    report = _locked(report)
    if not report.is_with_department:
        raise Refused(
            _("この報告は「%(state)s」のため、いまは書きかえられません。") % {"state": report.get_state_display()}
        )
    return report


# ---- weights, statuses by hand, evaluations


@transaction.atomic
def weigh(item: PlanItem, weight: Decimal) -> None:
    """Say how much an item counts among those beside it."""
    ItemWeight.objects.update_or_create(item=item, defaults={"weight": weight})


@transaction.atomic
def set_status_by_hand(year: ReportingYear, item: PlanItem, status: WorkStatus, reason: str, by: User) -> None:
    """Put a status in place of the computed one. Raises Refused without a reason, or where the year is closed."""
    if not reason.strip():
        raise Refused(_("手で決めるときは、理由を書いてください。"))
    ManualStatus.objects.update_or_create(
        year=_open(year), item=item, defaults={"status": status, "reason": reason, "by": by}
    )


@transaction.atomic
def clear_status_by_hand(year: ReportingYear, item: PlanItem) -> None:
    """Let the computed status stand again. Raises Refused where the year is closed."""
    ManualStatus.objects.filter(year=_open(year), item=item).delete()


@transaction.atomic
def record_evaluation(evaluation: Evaluation, by: User) -> None:
    """Keep what the council said. Raises Refused where the year is closed."""
    _open(evaluation.year)
    evaluation.recorded_by, evaluation.recorded_at = by, timezone.now()
    evaluation.save()


@transaction.atomic
def delete_evaluation(evaluation: Evaluation) -> None:
    """Take back what was recorded by mistake; the trail keeps it. Raises Refused where the year is closed."""
    _open(evaluation.year)
    evaluation.delete()
