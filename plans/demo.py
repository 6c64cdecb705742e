"""Sample years, figures and reports, so that a portal started for the first time has what to show.

Run inside `acting_as`.
"""

from collections.abc import Iterator
from datetime import date, datetime, time

from django.utils import timezone

from civic.accounts.models import Department, DepartmentMember, Role, User
from civic.accounts.queries import members
from civic.calendar import fiscal_year_label, fiscal_year_of
from civic.tenancy.context import current_municipality
from indicators.models import Indicator
from indicators.services import close_year
from plans.models import (
    Direction,
    Evaluation,
    ItemDepartment,
    Plan,
    PlanItem,
    ProgressReport,
    ProgressRound,
    Rating,
    ReportingYear,
    ReportState,
    WorkStatus,
)
from plans.progress.services import adopt_scheme
from plans.services import make_report, publish_report

REPORT_YEARS = {
    "shimonoseki": {"5th": 2026, "3rd": 2020},
    "yamaguchi": {"first": 2012},
    "nagato": {"second": 2021},
}
# The years of which every report is accepted, and one that is being collected.
CLOSED_YEARS = {"yamaguchi": ("first", [2009, 2010, 2011, 2012])}
OPEN_YEAR = {"shimonoseki": ("5th", 2026)}
# What the sample records can count: indicators, each with its measure and the fiscal year from which on they reach.
COUNTED = {
    "shimonoseki": [
        ("registered-groups", "centres.active_groups", 2019),
        ("guild-matching", "matching.completed_matches", 2026),
        ("group-matching", "matching.partner_matches", 2026),
    ]
}
# No source names a department for each item of these cities' plans.
SAMPLE_DEPARTMENT = {"shimonoseki": "まちづくり政策課（サンプル）", "nagato": "企画政策課 市民協働推進室（サンプル）"}
RATING_OF = {
    WorkStatus.COMPLETED: "A",
    WorkStatus.UNDER_WAY: "B",
    WorkStatus.DELAYED: "C",
    WorkStatus.NOT_STARTED: "D",
}


def load_demo() -> None:
    """Give the plans their sample years and reports; once."""
    load_sample_years()
    publish_sample_reports()


def load_sample_years() -> None:
    """Give the sample officers a department, and the plans what was reported and counted in sample years; once."""
    slug = current_municipality().slug
    if slug in SAMPLE_DEPARTMENT:
        _staff_department(SAMPLE_DEPARTMENT[slug])
    if slug in CLOSED_YEARS:
        plan_slug, years = CLOSED_YEARS[slug]
        for plan in Plan.objects.filter(slug=plan_slug, reporting_years=None):
            adopt_scheme(plan, "abcd")
            for year in years:
                _closed_year(plan, year)
    if slug in OPEN_YEAR:
        plan_slug, year = OPEN_YEAR[slug]
        for plan in Plan.objects.filter(slug=plan_slug, reporting_years=None):
            adopt_scheme(plan, "abcd")
            _give_items_to(plan, Department.objects.get(name=SAMPLE_DEPARTMENT[slug]))
            _open_year(plan, year)
    for key, measure, year in COUNTED.get(slug, []):
        _count_figures(key, measure, year)


def _count_figures(key: str, measure: str, year: int) -> None:
    """Let the sample records count an indicator, and close the first of its years if it is over; once."""
    for indicator in Indicator.objects.filter(key=key, measure=""):
        indicator.measure, indicator.measured_from = measure, year
        indicator.save(update_fields=["measure", "measured_from"])
        if year < fiscal_year_of(timezone.localdate()):
            close_year([indicator], year, None, is_sample=True)


def publish_sample_reports() -> None:
    """Publish one report, marked as a sample, of each of the municipality's plans that has none."""
    years = REPORT_YEARS.get(current_municipality().slug, {})
    for plan in Plan.objects.filter(slug__in=years, reports=None):
        report = make_report(plan, years[plan.slug], _say_nothing, is_sample=True)
        publish_report(report)


def _say_nothing(percent: int, words: str) -> None:
    """Nobody waits for it."""


def _staff_department(name: str) -> None:
    """A department for the sample officer."""
    department, _is_new = Department.objects.get_or_create(name=name)
    for officer in members().filter(role=Role.OFFICER, user__is_sample=True):
        DepartmentMember.objects.get_or_create(membership=officer, department=department)


def _give_items_to(plan: Plan, department: Department) -> None:
    """Let the department answer for the items that have nothing beneath them."""
    ItemDepartment.objects.bulk_create(
        ItemDepartment(item=item, department=department, position=1) for item in plan.items.filter(children=None)
    )


def _closed_year(plan: Plan, fiscal_year: int) -> None:
    """A year that is over: every report accepted, the council's evaluation of each policy recorded."""
    year = ReportingYear.objects.create(
        plan=plan,
        fiscal_year=fiscal_year,
        opened_at=_at(fiscal_year + 1, 4, 1),
        due_on=date(fiscal_year + 1, 5, 31),
        closed_at=_at(fiscal_year + 1, 8, 31),
        is_sample=True,
    )
    ratings = {rating.mark: rating for rating in plan.ratings.all()}
    year_of_plan = fiscal_year - plan.first_fiscal_year
    reports = ProgressReport.objects.bulk_create(
        ProgressReport(
            year=year,
            item=item,
            state=ReportState.ACCEPTED,
            version=1,
            saved_at=_at(fiscal_year + 1, 5, 10),
            **_words(year, _closed_status(place, year_of_plan), place, ratings),
        )
        for place, item in enumerate(_reporting_items(plan))
    )
    officer, planner = _sample_user(Role.OFFICER), _sample_user(Role.PLANNER)
    ProgressRound.objects.bulk_create(
        step
        for report in reports
        for step in (
            _step(report, ReportState.DRAFT, ReportState.SUBMITTED, officer, _at(fiscal_year + 1, 5, 20)),
            _step(report, ReportState.SUBMITTED, ReportState.ACCEPTED, planner, _at(fiscal_year + 1, 6, 10)),
        )
    )
    policies = [None, *plan.items.filter(parent=None)]
    Evaluation.objects.bulk_create(
        Evaluation(
            year=year,
            item=policy,
            kind=Evaluation.Kind.THIRD_PARTY,
            text=f"（サンプル）{fiscal_year_label(fiscal_year)}の審議会の評価の見本です。",
            rating=ratings["B"],
            met_on=date(fiscal_year + 1, 7, 10),
            recorded_by=_sample_user(Role.COUNCIL),
            recorded_at=_at(fiscal_year + 1, 7, 20),
        )
        for policy in policies
    )


def _open_year(plan: Plan, fiscal_year: int) -> None:
    """A year that is being collected: a report in each state."""
    year = ReportingYear.objects.create(
        plan=plan, fiscal_year=fiscal_year, due_on=date(fiscal_year + 1, 5, 31), is_sample=True
    )
    ratings = {rating.mark: rating for rating in plan.ratings.all()}
    states = [ReportState.ACCEPTED, ReportState.SUBMITTED, ReportState.NOT_STARTED, ReportState.DRAFT]
    reports = []
    for place, item in enumerate(_reporting_items(plan)):
        state = ReportState.RETURNED if place == 5 else states[place % len(states)]
        report = ProgressReport(year=year, item=item, state=state)
        if state != ReportState.NOT_STARTED:
            report.version, report.saved_at = 1, year.opened_at
            status = [WorkStatus.UNDER_WAY, WorkStatus.COMPLETED, WorkStatus.NOT_STARTED][place % 3]
            for name, value in _words(year, status, place, ratings).items():
                setattr(report, name, value)
        reports.append(report)
    reports = ProgressReport.objects.bulk_create(reports)
    officer, planner = _sample_user(Role.OFFICER), _sample_user(Role.PLANNER)
    ProgressRound.objects.bulk_create(step for report in reports for step in _steps_to_now(report, officer, planner))


def _steps_to_now(report: ProgressReport, officer: User | None, planner: User | None) -> Iterator[ProgressRound]:
    if report.state in (ReportState.SUBMITTED, ReportState.RETURNED, ReportState.ACCEPTED):
        yield _step(report, ReportState.DRAFT, ReportState.SUBMITTED, officer, report.year.opened_at)
    if report.state in (ReportState.RETURNED, ReportState.ACCEPTED):
        yield _step(report, ReportState.SUBMITTED, ReportState(report.state), planner, report.year.opened_at)


def _step(report: ProgressReport, was: ReportState, to: ReportState, by: User | None, at: datetime) -> ProgressRound:
    comment = "（サンプル）数字でわかる成果を書きたしてください。" if to == ReportState.RETURNED else ""
    return ProgressRound(report=report, from_state=was, to_state=to, by=by, at=at, comment=comment, text=report.text())


def _reporting_items(plan: Plan) -> list[PlanItem]:
    return list(plan.items.filter(item_departments__isnull=False).distinct().order_by("key"))


def _closed_status(place: int, year_of_plan: int) -> WorkStatus:
    """Work that begins sooner or later, is now and then late, and mostly ends: the same at every load."""
    years_at_work = year_of_plan + 2 - place % 4
    if years_at_work <= 0:
        return WorkStatus.NOT_STARTED
    if years_at_work >= 3 and place % 3 == 0:
        return WorkStatus.COMPLETED
    return WorkStatus.DELAYED if (place + year_of_plan) % 7 == 3 else WorkStatus.UNDER_WAY


def _words(year: ReportingYear, status: WorkStatus, place: int, ratings: dict[str, Rating]) -> dict[str, object]:
    label = fiscal_year_label(year.fiscal_year)
    return {
        "work_status": status,
        "done": f"（サンプル）{label}にしたことの見本です。実際の報告ではありません。",
        "figures": f"（サンプル）会議 {place % 5 + 1}回" if status != WorkStatus.NOT_STARTED else "",
        "problems": "（サンプル）課題の見本です。" if status == WorkStatus.DELAYED else "",
        "next_year": "（サンプル）来年度の予定の見本です。" if status != WorkStatus.COMPLETED else "",
        "direction": Direction.EXPAND if place % 5 == 0 else Direction.CONTINUE,
        "rating": ratings[RATING_OF[status]],
    }


def _sample_user(role: Role) -> User | None:
    member = members().filter(role=role, user__is_sample=True).select_related("user").first()
    return member.user if member else None


def _at(year: int, month: int, day: int) -> datetime:
    return timezone.make_aware(datetime.combine(date(year, month, day), time(10)))
