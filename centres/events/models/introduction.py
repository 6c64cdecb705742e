"""Groups that met at an event."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from centres.events.models.event import Event
from centres.models import Group
from civic.tenancy.models import TenantForeignKey, TenantModel


class Introduction(TenantModel):
    """Two groups were introduced to each other, once at each event; which is `one` and which `other` says nothing."""

    event = TenantForeignKey(Event, on_delete=models.PROTECT, related_name="introductions")
    one = TenantForeignKey(Group, on_delete=models.PROTECT, related_name="+", verbose_name=_("団体"))
    other = TenantForeignKey(Group, on_delete=models.PROTECT, related_name="+", verbose_name=_("引き合わせた団体"))
    about = models.CharField(_("話したこと・これからのこと"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("団体の引き合わせ")
        verbose_name_plural = _("団体の引き合わせ")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(one=F("other")), name="events_introduction_of_two"),
            # The same two are one pair, whichever is named first.
            models.UniqueConstraint(
                "municipality",
                "event",
                Least("one", "other"),
                Greatest("one", "other"),
                name="events_introduction_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.one}・{self.other}"
