"""Figures of published reports, open to everybody across municipalities."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from civic.tenancy.models import Municipality


class PublishedOpenFigure(models.Model):
    """A figure of a published report. Global: it is read beside those of other municipalities.

    It holds what the report says and nothing else, and is written when the report is published. `series` is the same
    wherever the same is measured: a measure's name, or the key of an indicator. `value` is None where the count was
    too small to be published: the count itself is nowhere in this table.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="open_figures")
    series = models.CharField(_("記号"), max_length=60)
    title = models.CharField(_("指標名"), max_length=200)
    unit = models.CharField(_("単位"), max_length=20)
    definition = models.TextField(_("定義"), blank=True)
    breaks = models.TextField(_("定義の変更"), blank=True)
    fiscal_year = models.PositiveSmallIntegerField(_("年度"))
    value = models.DecimalField(_("値"), null=True, max_digits=16, decimal_places=4)
    printed = models.CharField(_("表記"), max_length=50)
    plan_slug = models.SlugField(_("計画"), max_length=30)
    plan_title = models.CharField(_("計画名"), max_length=200)
    edition = models.PositiveSmallIntegerField(_("版"))
    is_sample = models.BooleanField(_("サンプル"))

    class Meta:
        verbose_name = _("公開した数値")
        verbose_name_plural = _("公開した数値")
        ordering = ["series", "municipality__code", "-fiscal_year", "plan_slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "plan_slug", "fiscal_year", "series"], name="plans_open_figure_once_a_report"
            )
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.series} {self.fiscal_year}"
