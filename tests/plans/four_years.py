"""Four years of a plan, as its departments report them and its planner accepts them."""

from datetime import date
from decimal import Decimal

from civic.accounts.models import Department, DepartmentMember, Membership, User
from indicators.services import Entry, enter_figures
from plans.figures.queries import plan_indicators
from plans.models import Evaluation, Plan, PlanItem, ProgressReport, Rating
from plans.progress import services

STATUSES = ["not_started", "under_way", "delayed", "completed"]


def report_years(plan: Plan, years: range, officer: Membership, planner: User) -> None:
    """Let an officer report of every item, the planner accept, the council evaluate, and each KPI have a figure."""
    for department in Department.objects.all():
        DepartmentMember.objects.get_or_create(membership=officer, department=department)
    for year in years:
        opened = services.open_year(plan, year, date(year + 1, 5, 31), scheme="abcd")
        rating = plan.ratings.get(mark="B")
        for number, report in enumerate(opened.reports.select_related("item", "year").order_by("item__key")):
            kept = services.save(report, report.version, written(report.item, year, number, rating), officer)
            services.submit(kept, officer)
        services.accept(list(ProgressReport.objects.filter(year=opened)), planner)
        for policy in plan.items.filter(parent=None):
            services.record_evaluation(
                Evaluation(
                    year=opened,
                    item=policy,
                    kind="third_party",
                    text=evaluated(policy.title, year),
                    met_on=date(year + 1, 7, 10),
                ),
                planner,
            )
        services.close_year(opened)
        enter_figures(year, [Entry(row.commitment.indicator, figure(year)) for row in plan_indicators(plan)])


def written(item: PlanItem, year: int, number: int, rating: Rating) -> dict[str, object]:
    """What the department writes of an item in a year."""
    return {
        "work_status": STATUSES[(number + year) % len(STATUSES)],
        "done": done(item.title, year),
        "figures": f"説明会{number + year - 2000}回",
        "problems": "参加する人が決まった団体にかたよっています。",
        "next_year": "場所と時間を変えてつづけます。",
        "direction": "continue",
        "rating": rating,
    }


def done(title: str, year: int) -> str:
    """What the department did for an item in a year."""
    return f"{year}年度は「{title}」について説明会をひらき、地域の団体と話し合いました。"


def evaluated(title: str, year: int) -> str:
    """What the council says of a policy in a year."""
    return f"{year}年度の「{title}」は、計画のとおりに進んでいます。"


def figure(year: int) -> Decimal:
    """Every KPI's figure of a year."""
    return Decimal(year - 1970)
