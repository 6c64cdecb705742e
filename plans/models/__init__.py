from plans.models.item import (
    ItemDepartment,
    ItemPillar,
    ItemText,
    PlanIndicator,
    PlanItem,
    Relisting,
    RoleAssignment,
    RoleRow,
    ScheduleEntry,
    Sheet,
    SheetAudience,
)
from plans.models.plan import Actor, Audience, Pillar, Plan, PlanLevel, PlanText, ScheduleYear, Term
from plans.models.report import AnnualReport, ReportPdf

__all__ = [
    "Actor",
    "AnnualReport",
    "Audience",
    "ItemDepartment",
    "ItemPillar",
    "ItemText",
    "Pillar",
    "Plan",
    "PlanIndicator",
    "PlanItem",
    "PlanLevel",
    "PlanText",
    "Relisting",
    "ReportPdf",
    "RoleAssignment",
    "RoleRow",
    "ScheduleEntry",
    "ScheduleYear",
    "Sheet",
    "SheetAudience",
    "Term",
]
