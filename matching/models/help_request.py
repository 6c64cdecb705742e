"""What groups ask the guild for."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.models import Group
from civic.tenancy.models import TenantForeignKey, TenantModel


class RequestStatus(models.TextChoices):
    """Whether people are still looked for."""

    OPEN = "open", _("募集中")
    CLOSED = "closed", _("募集終了")


class HelpRequest(TenantModel):
    """A group looks for people to help it (募集)."""

    group = TenantForeignKey(
        Group, on_delete=models.PROTECT, related_name="help_requests", verbose_name=_("募集する団体")
    )
    title = models.CharField(_("件名"), max_length=100)
    what = models.TextField(_("お願いしたいこと"))
    when = models.CharField(_("日時"), max_length=200)
    where = models.CharField(_("場所"), max_length=200)
    people_needed = models.PositiveSmallIntegerField(_("募集する人数（人）"))
    status = models.CharField(_("状態"), max_length=6, choices=RequestStatus, default=RequestStatus.OPEN)
    posted_on = models.DateField(_("掲載日"), default=timezone.localdate)
    is_public = models.BooleanField(_("公開"), default=False)
    is_sample = models.BooleanField(_("サンプル"), default=False)

    class Meta:
        verbose_name = _("募集")
        verbose_name_plural = _("募集")
        ordering = ["-posted_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=RequestStatus.values), name="matching_request_status"),
            models.CheckConstraint(condition=models.Q(people_needed__gte=1), name="matching_request_people"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether people are still looked for."""
        return self.status == RequestStatus.OPEN
