"""A plan's annual report: frozen as one snapshot, published as a page and a PDF made from that snapshot alone."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from civic.tenancy.models import TenantForeignKey, TenantModel, TenantOneToOneField
from plans.models.plan import Plan


class AnnualReport(TenantModel):
    """An edition of the report of one fiscal year; edition 1 is the first that was published.

    `snapshot` is what plans/reports/snapshot.py builds; `sha256` is its digest. What is wrong in a published edition is
    put right in the next one, and it stays as it was published.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("下書き")
        FROZEN = "frozen", _("確定（公開前）")
        PUBLISHED = "published", _("公開中")
        CORRECTED = "corrected", _("公開中（訂正版あり）")

    PUBLIC = (Status.PUBLISHED, Status.CORRECTED)

    plan = TenantForeignKey(Plan, on_delete=models.PROTECT, related_name="reports")
    fiscal_year = models.PositiveSmallIntegerField(_("年度"))
    edition = models.PositiveSmallIntegerField(_("版"), default=1)
    status = models.CharField(_("状態"), max_length=9, choices=Status, default=Status.DRAFT)
    snapshot = models.JSONField(_("確定した内容"), null=True)
    sha256 = models.CharField(_("確定した内容のSHA-256"), max_length=64, blank=True)
    frozen_at = models.DateTimeField(_("確定した日時"), null=True)
    published_at = models.DateTimeField(_("公開した日時"), null=True)
    is_sample = models.BooleanField(_("サンプル"), default=False)

    class Meta:
        verbose_name = _("年次報告書")
        verbose_name_plural = _("年次報告書")
        ordering = ["-fiscal_year", "-edition"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "plan", "fiscal_year", "edition"], name="plans_report_one_an_edition"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "frozen", "published", "corrected"]), name="plans_report_status"
            ),
            models.CheckConstraint(
                condition=models.Q(status="draft")
                | models.Q(snapshot__isnull=False, sha256__regex="^[0-9a-f]{64}$", frozen_at__isnull=False),
                name="plans_report_frozen_has_snapshot",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "frozen"]) | models.Q(published_at__isnull=False),
                name="plans_report_published_has_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.fiscal_year}"

    @property
    def said(self) -> dict[str, Any]:
        """What it says. Raises ValueError for a draft, which says nothing yet."""
        if self.snapshot is None:
            raise ValueError(f"Report {self} is a draft.")
        return dict(self.snapshot)

    @property
    def is_public(self) -> bool:
        """Whether everyone may read it."""
        return self.status in self.PUBLIC


class ReportUnfreezing(TenantModel):
    """A frozen edition was opened again before it was published: who did it, why, and the digest of what it said."""

    report = TenantForeignKey(AnnualReport, on_delete=models.PROTECT, related_name="unfreezings")
    sha256 = models.CharField(_("取り消した内容のSHA-256"), max_length=64)
    reason = models.CharField(_("取り消した理由"), max_length=300)
    at = models.DateTimeField(_("取り消した日時"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("取り消した人"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("年次報告書の確定の取り消し")
        verbose_name_plural = _("年次報告書の確定の取り消し")
        ordering = ["at", "id"]
        constraints = [models.CheckConstraint(condition=~models.Q(reason=""), name="plans_unfreezing_has_reason")]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.reason}"


class ReportCorrection(TenantModel):
    """A mistake in a published edition (訂正), put right in the next one.

    `place` and `field` say where in its snapshot the words stand (plans/reports/corrections.py), `label` the same for
    a reader.
    """

    report = TenantForeignKey(AnnualReport, on_delete=models.PROTECT, related_name="corrections")
    place = models.CharField(_("記号"), max_length=80)
    field = models.CharField(_("欄"), max_length=40)
    label = models.CharField(_("ところ"), max_length=400)
    old = models.TextField(_("訂正前"))
    new = models.TextField(_("訂正後"))
    reason = models.CharField(_("訂正の理由"), max_length=300)
    made_on = models.DateField(_("訂正の日"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("訂正した人"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("年次報告書の訂正")
        verbose_name_plural = _("年次報告書の訂正")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "report", "place", "field"], name="plans_correction_once_a_field"
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="plans_correction_has_reason"),
            models.CheckConstraint(condition=~models.Q(old=models.F("new")), name="plans_correction_changes_something"),
        ]

    def __str__(self) -> str:
        return self.label


class ReportPdf(TenantModel):
    """The bytes of a report's PDF, in a table of their own so that no list of reports loads them."""

    report = TenantOneToOneField(AnnualReport, on_delete=models.CASCADE, related_name="pdf")
    content = models.BinaryField(_("PDF"))
    pages = models.PositiveSmallIntegerField(_("ページ数"))

    class Meta:
        verbose_name = _("年次報告書のPDF")
        verbose_name_plural = _("年次報告書のPDF")

    def __str__(self) -> str:
        return f"{self.report_id}"
