"""The guild itself; its name is the municipality's `guild_name`."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from civic.tenancy.models import TenantModel


class Guild(TenantModel):
    """What a municipality's own volunteer scheme is, in the words of its plan."""

    introduction = models.TextField(_("制度の説明"))
    source = models.JSONField(_("出典"), default=dict, blank=True)

    class Meta:
        verbose_name = _("ボランティア制度")
        verbose_name_plural = _("ボランティア制度")
        constraints = [models.UniqueConstraint(fields=["municipality"], name="matching_one_guild_each")]

    def __str__(self) -> str:
        return self.introduction
