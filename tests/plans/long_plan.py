"""A plan as long as wanted, each of its items with everything that an item can have."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.utils import timezone

from civic.accounts.models import Department
from plans.models import (
    Evaluation,
    ItemDepartment,
    ItemText,
    ItemWeight,
    Plan,
    PlanItem,
    ProgressReport,
    ReportingYear,
    RoleRow,
    ScheduleEntry,
    Sheet,
)


def lengthen(plan: Plan, items: int) -> None:
    """Add so many items under the plan's first item that has others beneath it, reported on in two years.

    Run inside `acting_as`.
    """
    parent = PlanItem.objects.filter(plan=plan, level__depth=2, children__isnull=False).first()
    below = plan.levels.get(depth=3)
    taken = plan.items.count()
    new = PlanItem.objects.bulk_create(
        PlanItem(plan=plan, parent=parent, level=below, key=f"long-{n}", title=f"項目{n}", position=n)
        for n in range(taken + 1, taken + items + 1)
    )
    department, _is_new = Department.objects.get_or_create(name="長い計画の課")
    ItemDepartment.objects.bulk_create(ItemDepartment(item=item, department=department, position=1) for item in new)
    ItemText.objects.bulk_create(
        ItemText(item=item, kind="aim", heading="ねらい", body="文", position=1) for item in new
    )
    ItemWeight.objects.bulk_create(ItemWeight(item=item, weight=Decimal(2)) for item in new)
    Sheet.objects.bulk_create(Sheet(item=item, purpose="目的", content="内容") for item in new)
    first = plan.first_fiscal_year
    ScheduleEntry.objects.bulk_create(ScheduleEntry(item=item, fiscal_year=first, text="実施") for item in new)
    RoleRow.objects.bulk_create(RoleRow(item=item, title="取組", position=1) for item in new)
    for fiscal_year in (first, first + 1):
        _report(_closed_year(plan, fiscal_year), new)


def _closed_year(plan: Plan, fiscal_year: int) -> ReportingYear:
    return ReportingYear.objects.get_or_create(
        plan=plan,
        fiscal_year=fiscal_year,
        defaults={"due_on": date(fiscal_year + 1, 5, 31), "closed_at": timezone.now()},
    )[0]


def _report(year: ReportingYear, items: Iterable[PlanItem]) -> None:
    ProgressReport.objects.bulk_create(
        ProgressReport(year=year, item=item, state="accepted", work_status="under_way", done="した。") for item in items
    )
    Evaluation.objects.bulk_create(
        Evaluation(year=year, item=item, kind="self", text="よい。", met_on=year.due_on) for item in items
    )
