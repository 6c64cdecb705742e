"""The plan's tree: an item at any level, the places where it is listed again, and what it says of itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from civic.accounts.models import Department
from civic.tenancy.models import TenantForeignKey, TenantModel, TenantOneToOneField
from indicators.models import Commitment, Sourced
from plans.models.plan import Actor, Audience, Passage, Pillar, Plan, PlanLevel, PlanPart


class PlanItem(Sourced, PlanPart):
    """A node of the plan's tree, at the level that the plan names (基本方針, 施策, 項目, …).

    `key` is its permanent address within the plan and stays when it moves. `position` orders it among everything under
    its parent, relistings included; its number is computed from that. A retired item keeps its row and its address, and
    is no part of the plan any more. `version` counts the changes of what it says.
    """

    plan = TenantForeignKey(Plan, on_delete=models.CASCADE, related_name="items")
    parent = TenantForeignKey("self", on_delete=models.CASCADE, related_name="children", null=True, blank=True)
    level = TenantForeignKey(PlanLevel, on_delete=models.RESTRICT, related_name="items")
    key = models.SlugField(_("アドレス"), max_length=30)
    title = models.CharField(_("項目名"), max_length=300)
    emphasis = models.BooleanField(_("重点"), default=False)
    retired_on = models.DateField(_("取り下げた日"), null=True, blank=True)
    retired_reason = models.CharField(_("取り下げた理由"), max_length=300, blank=True)
    version = models.PositiveIntegerField(_("版"), default=1, editable=False)

    class Meta:
        verbose_name = _("項目")
        verbose_name_plural = _("項目")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "plan", "key"], name="plans_item_key"),
            models.CheckConstraint(
                condition=models.Q(retired_on=None, retired_reason="")
                | (models.Q(retired_on__isnull=False) & ~models.Q(retired_reason="")),
                name="plans_item_retired_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Relisting(Sourced, PlanPart):
    """A second place of an item in the tree (再掲): the same record, counted once.

    `title` is how the item is worded there; `marked` is True where 【再掲】 is printed. `key` is the place's own.
    """

    plan = TenantForeignKey(Plan, on_delete=models.CASCADE, related_name="relistings")
    item = TenantForeignKey(PlanItem, on_delete=models.CASCADE, related_name="relistings")
    parent = TenantForeignKey(PlanItem, on_delete=models.CASCADE, related_name="relisted_children")
    key = models.SlugField(_("アドレス"), max_length=30)
    title = models.CharField(_("項目名"), max_length=300)
    marked = models.BooleanField(_("【再掲】の印"), default=True)

    class Meta:
        verbose_name = _("再掲")
        verbose_name_plural = _("再掲")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "plan", "key"], name="plans_relisting_key"),
            models.UniqueConstraint(fields=["municipality", "parent", "item"], name="plans_relisting_once_a_place"),
        ]

    def __str__(self) -> str:
        return self.title


class ItemText(Passage):
    """A passage of one item: its aim, its direction."""

    item = TenantForeignKey(PlanItem, on_delete=models.CASCADE, related_name="texts")

    class Meta:
        verbose_name = _("項目の本文")
        verbose_name_plural = _("項目の本文")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "item", "position"], name="plans_item_text_position")
        ]

    def __str__(self) -> str:
        return self.heading or self.kind


class ItemPillar(TenantModel):
    """An item stands under a pillar."""

    item = TenantForeignKey(PlanItem, on_delete=models.CASCADE, related_name="item_pillars")
    pillar = TenantForeignKey(Pillar, on_delete=models.CASCADE, related_name="item_pillars")

    class Meta:
        verbose_name = _("項目の柱")
        verbose_name_plural = _("項目の柱")
        constraints = [models.UniqueConstraint(fields=["municipality", "item", "pillar"], name="plans_item_pillar")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.pillar_id}"


class ItemDepartment(PlanPart):
    """A department answers for an item; the first in order leads."""

    item = TenantForeignKey(PlanItem, on_delete=models.CASCADE, related_name="item_departments")
    department = TenantForeignKey(Department, on_delete=models.PROTECT, related_name="item_departments")

    class Meta:
        verbose_name = _("項目の担当課")
        verbose_name_plural = _("項目の担当課")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "item", "department"], name="plans_item_department")
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.department_id}"


class Sheet(TenantModel):
    """What an item's own sheet (個票) says; a line feed stands between two paragraphs of a field."""

    item = TenantOneToOneField(PlanItem, on_delete=models.CASCADE, related_name="sheet")
    implementers = models.CharField(_("実施主体"), max_length=300, blank=True)
    purpose = models.TextField(_("目的"), blank=True)
    situation = models.TextField(_("現状と課題"), blank=True)
    content = models.TextField(_("推進内容"), blank=True)
    completion = models.TextField(_("完了の目安"), blank=True)
    tag = models.CharField(_("ほかの計画"), max_length=100, blank=True)
    audience_other = models.CharField(_("その他の対象"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("個票")
        verbose_name_plural = _("個票")

    def __str__(self) -> str:
        return f"{self.item_id}"


class SheetAudience(TenantModel):
    """A sheet addresses an audience (■)."""

    sheet = TenantForeignKey(Sheet, on_delete=models.CASCADE, related_name="sheet_audiences")
    audience = TenantForeignKey(Audience, on_delete=models.CASCADE, related_name="sheet_audiences")

    class Meta:
        verbose_name = _("個票の対象")
        verbose_name_plural = _("個票の対象")
        constraints = [
            models.UniqueConstraint(fields=["municipality", "sheet", "audience"], name="plans_sheet_audience")
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.audience_id}"


class ScheduleEntry(TenantModel):
    """A cell of an item's schedule: words, an arrow, or both. A cell without either has no row."""

    item = TenantForeignKey(PlanItem, on_delete=models.CASCADE, related_name="schedule")
    fiscal_year = models.PositiveSmallIntegerField(_("年度"))
    text = models.CharField(_("年次計画"), max_length=200, blank=True)
    arrow = models.BooleanField(_("矢印"), default=False)

    class Meta:
        verbose_name = _("年次計画")
        verbose_name_plural = _("年次計画")
        ordering = ["fiscal_year"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "item", "fiscal_year"], name="plans_schedule_entry"),
            models.CheckConstraint(
                condition=models.Q(arrow=True) | ~models.Q(text=""), name="plans_schedule_not_empty"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fiscal_year}: {self.text}{'→' if self.arrow else ''}"


class RoleRow(Sourced, PlanPart):
    """A row of the who-does-what table (役割区分) under an item."""

    item = TenantForeignKey(PlanItem, on_delete=models.CASCADE, related_name="role_rows")
    title = models.CharField(_("取組"), max_length=300)

    class Meta:
        verbose_name = _("役割区分の行")
        verbose_name_plural = _("役割区分の行")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "item", "position"], name="plans_role_row_position")
        ]

    def __str__(self) -> str:
        return self.title


class RoleAssignment(TenantModel):
    """An actor carries a row of the who-does-what table."""

    row = TenantForeignKey(RoleRow, on_delete=models.CASCADE, related_name="assignments")
    actor = TenantForeignKey(Actor, on_delete=models.CASCADE, related_name="assignments")

    class Meta:
        verbose_name = _("役割区分")
        verbose_name_plural = _("役割区分")
        constraints = [models.UniqueConstraint(fields=["municipality", "row", "actor"], name="plans_role_assignment")]

    def __str__(self) -> str:
        return f"{self.row_id} {self.actor_id}"


class PlanIndicator(PlanPart):
    """A KPI of a plan, under the item it measures, or under the plan as a whole where `item` is None."""

    plan = TenantForeignKey(Plan, on_delete=models.CASCADE, related_name="indicators")
    item = TenantForeignKey(PlanItem, on_delete=models.CASCADE, related_name="indicators", null=True, blank=True)
    commitment = TenantOneToOneField(Commitment, on_delete=models.PROTECT, related_name="plan_indicator")
    key = models.SlugField(_("記号"), max_length=60)

    class Meta:
        verbose_name = _("成果指標")
        verbose_name_plural = _("成果指標")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "plan", "key"], name="plans_indicator_key"),
        ]

    def __str__(self) -> str:
        return self.key
