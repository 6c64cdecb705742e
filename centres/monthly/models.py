"""What the centre owes the city each month."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from civic.accounts.models import User
from civic.tenancy.models import TenantModel


class MonthlyReport(TenantModel):
    """The report of one month. `month` is its first day.

    `snapshot` is what centres/monthly/snapshot.py builds; page, PDF and spreadsheet are made from it alone. Once the
    manager has closed the report the database lets nothing of it be changed: the PDF alone may still be added. What
    turns out to be wrong is put right in the next `edition`, for a `reason`; the closed one stays beside it.
    """

    month = models.DateField(_("月（その月の1日）"))
    edition = models.PositiveSmallIntegerField(_("版"), default=1)
    reason = models.CharField(_("訂正の理由"), max_length=300, blank=True)
    words = models.TextField(_("センターからひとこと"), blank=True)
    snapshot = models.JSONField(_("報告の内容"))
    pdf = models.BinaryField(_("PDF"), null=True)
    made_at = models.DateTimeField(_("作成した日時"))
    closed_at = models.DateTimeField(_("締めた日時"), null=True)
    closed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("締めた人")
    )

    class Meta:
        verbose_name = _("月次報告書")
        verbose_name_plural = _("月次報告書")
        ordering = ["-month", "-edition"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "month", "edition"], name="monthly_one_report_an_edition"),
            models.UniqueConstraint(
                fields=["municipality", "month"], condition=models.Q(closed_at=None), name="monthly_one_open_report"
            ),
            models.CheckConstraint(
                condition=models.Q(edition=1, reason="") | (models.Q(edition__gt=1) & ~models.Q(reason="")),
                name="monthly_edition_for_a_reason",
            ),
            models.CheckConstraint(condition=models.Q(month__day=1), name="monthly_report_of_a_month"),
            models.CheckConstraint(
                condition=models.Q(closed_at=None, closed_by=None)
                | models.Q(closed_at__isnull=False, closed_by__isnull=False),
                name="monthly_report_closed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} ({self.edition})"

    @property
    def is_closed(self) -> bool:
        """Whether it has been handed to the city and stays as it is."""
        return self.closed_at is not None
