"""Figures that a city published about its civic activity, kept as it printed them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from centres.models.group import ActivityField
from civic.tenancy.models import TenantModel


class PublishedFigure(TenantModel):
    """One figure of a published table or series: so many NPOs in a field, so much granted in a year.

    `value` has `decimals` places and is None where the source leaves it out; `printed` is how the source writes it.
    `as_of` says of which moment or year it is, in the source's words; `fiscal_year` the year, where it is certain.
    """

    topic = models.SlugField(_("表"), max_length=50)
    title = models.CharField(_("表の名称"), max_length=200)
    answer = models.CharField(_("数えた回答"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("並び順"))
    label = models.CharField(_("項目"), max_length=100, blank=True)
    field = models.PositiveSmallIntegerField(_("活動分野"), choices=ActivityField, null=True, blank=True)
    value = models.DecimalField(_("値"), max_digits=16, decimal_places=4, null=True, blank=True)
    decimals = models.PositiveSmallIntegerField(_("小数の桁数"), default=0)
    unit = models.CharField(_("単位"), max_length=20)
    printed = models.CharField(_("資料の書き方"), max_length=100, blank=True)
    as_of = models.CharField(_("時点"), max_length=100)
    fiscal_year = models.PositiveSmallIntegerField(_("年度"), null=True, blank=True)
    is_target = models.BooleanField(_("目標"), default=False)
    is_foreseen = models.BooleanField(_("見込み"), default=False)
    note = models.TextField(_("注"), blank=True)
    source = models.JSONField(_("出典"), default=dict, blank=True)

    class Meta:
        verbose_name = _("公表された数値")
        verbose_name_plural = _("公表された数値")
        ordering = ["topic", "position"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "topic", "position"], name="centres_published_figure"),
            models.CheckConstraint(
                condition=models.Q(field=None) | models.Q(field__in=ActivityField.values),
                name="centres_figure_field",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.label} {self.words}"

    @property
    def words(self) -> str:
        """The figure as the source prints it; where its table has the unit elsewhere, with its unit."""
        return self.printed or f"{self.value:,.{self.decimals}f}{self.unit}"
