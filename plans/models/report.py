"""A plan's annual report: frozen as one snapshot, published as a page and a PDF made from that snapshot alone."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from civic.tenancy.models import TenantForeignKey, TenantModel, TenantOneToOneField
from plans.models.plan import Plan


class AnnualReport(TenantModel):
    """The report of one fiscal year. `snapshot` is what plans/reports/snapshot.py builds; `sha256` is its digest."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("下書き")
        FROZEN = "frozen", _("確定（公開前）")
        PUBLISHED = "published", _("公開中")
        CORRECTED = "corrected", _("公開中（訂正あり）")

    PUBLIC = (Status.PUBLISHED, Status.CORRECTED)

    plan = TenantForeignKey(Plan, on_delete=models.PROTECT, related_name="reports")
    fiscal_year = models.PositiveSmallIntegerField(_("年度"))
    status = models.CharField(_("状態"), max_length=9, choices=Status, default=Status.DRAFT)
    snapshot = models.JSONField(_("確定した内容"), null=True)
    sha256 = models.CharField(_("確定した内容のSHA-256"), max_length=64, blank=True)
    frozen_at = models.DateTimeField(_("確定した日時"), null=True)
    published_at = models.DateTimeField(_("公開した日時"), null=True)
    is_sample = models.BooleanField(_("サンプル"), default=False)

    class Meta:
        verbose_name = _("年次報告書")
        verbose_name_plural = _("年次報告書")
        ordering = ["-fiscal_year"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "plan", "fiscal_year"], name="plans_report_one_a_year"),
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
    def is_public(self) -> bool:
        """Whether everyone may read it."""
        return self.status in self.PUBLIC


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
