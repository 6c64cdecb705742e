"""Figures of published reports, open to everybody across municipalities."""

from decimal import ROUND_HALF_UP, Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from civic.tenancy.models import Municipality

PER_HEAD = ("件", "人", "団体", "組", "回")
"""The units that grow with the number of people; a share or a number of measures does not."""


class PublishedOpenFigure(models.Model):
    """A figure of a published report. Global: it is read beside those of other municipalities.

    It holds what the report says and nothing else, and is written when the report is published. `series` is the same
    wherever the same is measured: a measure's name, or the key of an indicator. `value` is None where the count was
    too small to be published: the count itself is nowhere in this table. `population` is the municipality's as it was
    known at publication.
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
    population = models.PositiveIntegerField(_("人口"), null=True)
    population_label = models.CharField(_("人口の時点"), max_length=100, blank=True)
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

    @property
    def per_ten_thousand(self) -> Decimal | None:
        """How much it is per 10,000 people, to one decimal; None where that says nothing or cannot be told."""
        if self.value is None or not self.population or self.unit not in PER_HEAD:
            return None
        return (self.value * 10_000 / self.population).quantize(Decimal("0.1"), ROUND_HALF_UP)
