"""Reading a plan's year. Each page is a fixed number of queries, however many items and departments there are."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q, QuerySet

from civic.accounts.models import Department, Membership, Role
from civic.calendar import fiscal_year_of
from plans.models import (
    Evaluation,
    ItemDepartment,
    ItemTrace,
    Plan,
    PlanItem,
    ProgressReport,
    ProgressRound,
    ReportingYear,
    ReportState,
)
from plans.models.progress import TRANSITIONS, WITH_DEPARTMENT
from plans.tree import Node, Tree

RETURNED_FROM = [state for state, followers in TRANSITIONS.items() if ReportState.RETURNED in followers]


def reporting_years() -> QuerySet[ReportingYear]:
    """Return the years that departments were asked for, newest first, with how many reports stand where."""
    in_the_plan = Q(reports__item__retired_on=None)
    return (
        ReportingYear.objects.select_related("plan")
        .annotate(
            asked=Count("reports", filter=in_the_plan),
            waiting=Count("reports", filter=in_the_plan & Q(reports__state=ReportState.SUBMITTED)),
            accepted=Count("reports", filter=in_the_plan & Q(reports__state=ReportState.ACCEPTED)),
        )
        .order_by("-fiscal_year", "plan__slug")
    )


def plans_to_ask_for(today: date) -> list[Plan]:
    """Return the adopted plans with a year that has begun and was not asked for. A plan's last year ends with it."""
    now = fiscal_year_of(today)
    plans = Plan.objects.exclude(status=Plan.Status.DRAFT).annotate(
        asked=Count("reporting_years", filter=Q(reporting_years__fiscal_year__lte=now))
    )
    return [plan for plan in plans if min(plan.last_fiscal_year, now) - plan.first_fiscal_year + 1 > plan.asked]


def reports_of(membership: Membership, year: ReportingYear) -> QuerySet[ProgressReport]:
    """Return the year's reports of the items that the member's departments answer for."""
    own = ItemDepartment.objects.filter(department__members__membership=membership)
    return with_words(year).filter(item__in=own.values("item"))


def awaited(year: ReportingYear) -> QuerySet[ProgressReport]:
    """Return the year's reports of items that are in the plan still."""
    return year.reports.filter(item__retired_on=None)


def unasked(year: ReportingYear) -> QuerySet[PlanItem]:
    """Return the items that have a department and no report of the year, such as those that came later."""
    items = year.plan.items.filter(item_departments__isnull=False, retired_on=None)
    return items.exclude(progress_reports__year=year).distinct()


def with_words(year: ReportingYear) -> QuerySet[ProgressReport]:
    """Return the year's reports of items that are in the plan still, with what their text needs."""
    return awaited(year).select_related("item", "rating", "saved_by")


def accepted_before(year: ReportingYear) -> dict[int, ProgressReport]:
    """Return what was accepted in the year before of each of the plan's items, by the item.

    Of an item without a report of its own then, it is that of the nearest item that it came from: by a split, by a
    merger, or, in the first year of a plan, in the plan before it.
    """
    sources: dict[int, list[int]] = defaultdict(list)
    for to_item, from_item in ItemTrace.objects.filter(to_item__plan=year.plan_id).values_list("to_item", "from_item"):
        sources[to_item].append(from_item)
    in_either_plan = Q(year__plan=year.plan_id) | Q(item__traces_onward__to_item__plan=year.plan_id)
    reports = {
        report.item_id: report
        for report in ProgressReport.objects.filter(
            in_either_plan, year__fiscal_year=year.fiscal_year - 1, state=ReportState.ACCEPTED
        ).select_related("rating")
    }

    def nearest(item: int) -> ProgressReport | None:
        waiting, seen = [item], set()
        while waiting:
            source = waiting.pop(0)
            if source in reports:
                return reports[source]
            # An item that was taken in and restored may have taken in the other since.
            waiting += [] if source in seen else sources[source]
            seen.add(source)
        return None

    return {item: report for item in {*reports, *sources} if (report := nearest(item))}


@dataclass(frozen=True)
class Line:
    """An item's report of the year, and last year's, as the plan numbers and names the item.

    `returned_because` is the planner's last comment on a report that came back.
    """

    report: ProgressReport
    node: Node
    above: list[Node]
    last_year: ProgressReport | None
    returned_because: str


def lines(tree: Tree, year: ReportingYear, reports: QuerySet[ProgressReport]) -> list[Line]:
    """Return reports in the order of print, each with last year's."""
    by_key = {report.item.key: report for report in reports}
    before = accepted_before(year)
    comments = dict(
        ProgressRound.objects.filter(
            report__in=reports.values("pk"), from_state__in=RETURNED_FROM, to_state=ReportState.RETURNED
        )
        .order_by("at", "pk")
        .values_list("report", "comment")
    )
    return [
        Line(
            report,
            node,
            tree.path_to(node.key)[:-1],
            before.get(report.item_id),
            comments.get(report.pk, "") if report.state == ReportState.RETURNED else "",
        )
        for node in tree.walk()
        if (report := by_key.get(node.key))
    ]


@dataclass
class DepartmentRow:
    """A department on the board: how many of its items stand where, and whether somebody is there to report."""

    department: Department
    has_officer: bool
    counts: Counter[str] = field(default_factory=Counter)
    reports: list[ProgressReport] = field(default_factory=list)
    is_overdue: bool = False

    @property
    def missing(self) -> int:
        return self.counts[ReportState.NOT_STARTED]

    @property
    def draft(self) -> int:
        return self.counts[ReportState.DRAFT]

    @property
    def submitted(self) -> int:
        return self.counts[ReportState.SUBMITTED]

    @property
    def returned(self) -> int:
        return self.counts[ReportState.RETURNED]

    @property
    def accepted(self) -> int:
        return self.counts[ReportState.ACCEPTED]


def board(year: ReportingYear, today: date) -> list[DepartmentRow]:
    """Return the departments that were asked, with what is missing. An item of two departments stands with both."""
    departments = Department.objects.annotate(
        officers=Count(
            "members",
            filter=Q(
                members__membership__role=Role.OFFICER,
                members__membership__ended_at=None,
                members__membership__user__is_active=True,
            ),
        )
    )
    rows = {department.pk: DepartmentRow(department, department.officers > 0) for department in departments}
    reports = {report.item_id: report for report in awaited(year).select_related("item")}
    for answering in ItemDepartment.objects.filter(item__in=reports):
        row, report = rows[answering.department_id], reports[answering.item_id]
        row.counts[report.state] += 1
        row.reports.append(report)
        row.is_overdue |= today > year.due_on and not year.closed_at and report.state in WITH_DEPARTMENT
    return [row for row in rows.values() if row.counts]


def submitted(year: ReportingYear) -> QuerySet[ProgressReport]:
    """Return what waits for the planner."""
    return with_words(year).filter(state=ReportState.SUBMITTED)


def rounds_of(report: ProgressReport) -> QuerySet[ProgressRound]:
    """Return a report's history, oldest step first."""
    return report.rounds.select_related("by")


def evaluations_of(year: ReportingYear) -> QuerySet[Evaluation]:
    """Return what the council said of a year, in the order of its meetings."""
    return year.evaluations.select_related("item", "rating", "recorded_by")
