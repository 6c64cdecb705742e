"""What came of an introduction: hours of activity, and a few words from both sides."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from civic.tenancy.models import TenantForeignKey, TenantModel
from matching.models.match import Match, Side


class Participation(TenantModel):
    """A day on which a supporter was active (活動記録), as told by the supporter and confirmed by the group.

    `hours` are those of one person.
    """

    match = TenantForeignKey(Match, on_delete=models.PROTECT, related_name="participations")
    day = models.DateField(_("活動した日"))
    hours = models.DecimalField(
        _("時間（時間）"),
        max_digits=4,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.25")), MaxValueValidator(Decimal(24))],
    )
    note = models.CharField(_("したこと"), max_length=200, blank=True)
    told_at = models.DateTimeField(_("記録した日時"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("確認した日時"), null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("確認した人")
    )
    is_sample = models.BooleanField(_("サンプル"), default=False)

    class Meta:
        verbose_name = _("活動記録")
        verbose_name_plural = _("活動記録")
        ordering = ["-day", "-id"]
        indexes = [models.Index(fields=["municipality", "day"], name="matching_participation_day")]
        constraints = [
            models.CheckConstraint(condition=Q(hours__gt=0, hours__lte=24), name="matching_hours_of_a_day"),
            models.UniqueConstraint(fields=["municipality", "match", "day"], name="matching_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day}"


class Feedback(TenantModel):
    """What one side says of an introduction afterwards. Only staff see it."""

    match = TenantForeignKey(Match, on_delete=models.CASCADE, related_name="feedbacks")
    side = models.CharField(_("どちら"), max_length=9, choices=Side)
    satisfaction = models.PositiveSmallIntegerField(_("満足度（1〜5）"))
    words = models.TextField(_("感想"), max_length=1000, blank=True)
    given_at = models.DateTimeField(_("日時"), default=timezone.now)

    class Meta:
        verbose_name = _("感想")
        verbose_name_plural = _("感想")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(side__in=Side.values), name="matching_feedback_side"),
            models.CheckConstraint(condition=Q(satisfaction__in=[1, 2, 3, 4, 5]), name="matching_satisfaction"),
            models.UniqueConstraint(fields=["municipality", "match", "side"], name="matching_one_feedback_a_side"),
        ]

    def __str__(self) -> str:
        return f"{self.satisfaction}"
