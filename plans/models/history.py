"""How a plan came to be what it is: where its items came from, and its revisions."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from civic.tenancy.models import TenantForeignKey, TenantModel
from plans.models.item import PlanItem
from plans.models.plan import Plan


class ItemTrace(TenantModel):
    """An item came out of another: as a part of it, by taking it in, or as its copy in the next plan."""

    class Kind(models.TextChoices):
        SPLIT = "split", _("分割")
        MERGE = "merge", _("統合")
        COPIED = "copied", _("前の計画から引き継ぎ")

    from_item = TenantForeignKey(
        PlanItem, on_delete=models.CASCADE, related_name="traces_onward", verbose_name=_("元の項目")
    )
    to_item = TenantForeignKey(
        PlanItem, on_delete=models.CASCADE, related_name="traces_back", verbose_name=_("先の項目")
    )
    kind = models.CharField(_("種類"), max_length=6, choices=Kind)
    at = models.DateTimeField(_("日時"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("行った人")
    )

    class Meta:
        verbose_name = _("項目の由来")
        verbose_name_plural = _("項目の由来")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "from_item", "to_item"], name="plans_trace_once"),
            models.CheckConstraint(condition=models.Q(kind__in=["split", "merge", "copied"]), name="plans_trace_kind"),
            models.CheckConstraint(
                condition=~models.Q(from_item=models.F("to_item")), name="plans_trace_between_two_items"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_item_id} → {self.to_item_id}"


class PlanRevision(TenantModel):
    """A state of a plan that was decided, from its adoption (number 0) on.

    `document` is the plan as plans/editing/document.py reads it, at the moment the revision was finished; None while
    the revision is open and the plan is being changed.
    """

    plan = TenantForeignKey(Plan, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveSmallIntegerField(_("番号"))
    decided_on = models.DateField(_("決定日"))
    reason = models.CharField(_("理由"), max_length=300)
    document = models.JSONField(_("内容"), null=True)
    started_at = models.DateTimeField(_("始めた日時"), default=timezone.now)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("始めた人")
    )
    finished_at = models.DateTimeField(_("終えた日時"), null=True)

    class Meta:
        verbose_name = _("改定")
        verbose_name_plural = _("改定")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "plan", "number"], name="plans_revision_number"),
            models.UniqueConstraint(
                fields=["municipality", "plan"],
                condition=models.Q(finished_at=None),
                name="plans_revision_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(document=None, finished_at=None)
                | models.Q(document__isnull=False, finished_at__isnull=False),
                name="plans_revision_finished_has_document",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.number}"


class PlanImport(TenantModel):
    """A file that was read and waits for somebody to say whether the plan is to become what it holds.

    `document` is the file's plan, `based_on` the SHA-256 of the plan against which its changes were shown.
    """

    plan = TenantForeignKey(Plan, on_delete=models.CASCADE, related_name="imports")
    filename = models.CharField(_("ファイル名"), max_length=200)
    document = models.JSONField(_("内容"))
    based_on = models.CharField(_("比べた計画のSHA-256"), max_length=64)
    read_at = models.DateTimeField(_("読んだ日時"), default=timezone.now)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("読んだ人")
    )

    class Meta:
        verbose_name = _("計画の読みこみ")
        verbose_name_plural = _("計画の読みこみ")
        constraints = [
            # A second file of the same person takes the place of the first.
            models.UniqueConstraint(fields=["municipality", "plan", "read_by"], name="plans_import_one_a_person")
        ]

    def __str__(self) -> str:
        return self.filename
