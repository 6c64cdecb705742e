"""Figures that a city published about its civic activity, kept as it printed them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from civic.tenancy.models import TenantModel


class PublishedFigure(TenantModel):
    """One figure of a published table or sentence: so many NPOs in a field, so much granted in a year."""

    topic = models.SlugField(_("表"), max_length=50)
    position = models.PositiveSmallIntegerField(_("並び順"))
    label = models.CharField(_("項目"), max_length=100)
    value = models.DecimalField(_("値"), max_digits=14, decimal_places=2)
    unit = models.CharField(_("単位"), max_length=10)
    as_of = models.CharField(_("時点"), max_length=50)
    note = models.TextField(_("注"), blank=True)
    source = models.JSONField(_("出典"), default=dict, blank=True)

    class Meta:
        verbose_name = _("公表された数値")
        verbose_name_plural = _("公表された数値")
        ordering = ["topic", "position"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "topic", "position"], name="centres_published_figure")
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.value}{self.unit}"
