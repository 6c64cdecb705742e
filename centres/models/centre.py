"""The centre itself: where it is, when it is open, what it is for."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from civic.tenancy.models import TenantForeignKey, TenantModel


class HolidayRule(models.TextChoices):
    """Whether a centre closes on Japan's national holidays."""

    NEVER = "never", _("祝日も開館")
    ALWAYS = "always", _("祝日は休館")
    EXCEPT_WEEKENDS = "except_weekends", _("土・日以外の祝日は休館")


class Centre(TenantModel):
    """A centre for civic activity (市民活動センター).

    `opens` and `closes` are None where nothing published says them; `rule` has the closing rule as printed.
    """

    name = models.CharField(_("名称"), max_length=100)
    nickname = models.CharField(_("愛称"), max_length=50, blank=True)
    postal_code = models.CharField(_("郵便番号"), max_length=8, blank=True)
    address = models.CharField(_("所在地"), max_length=200)
    building = models.CharField(_("建物"), max_length=100, blank=True)
    phone = models.CharField(_("電話"), max_length=20, blank=True)
    fax = models.CharField(_("ファクス"), max_length=20, blank=True)
    email = models.EmailField(_("メール"), blank=True)
    website = models.URLField(_("ウェブサイト"), blank=True)
    texts = models.JSONField(_("説明"), default=list, blank=True)
    opens = models.TimeField(_("開館"), null=True, blank=True)
    closes = models.TimeField(_("閉館"), null=True, blank=True)
    closed_weekdays = models.JSONField(
        _("休館する曜日"), default=list, blank=True, help_text=_("0が月曜日、6が日曜日です。")
    )
    closed_on_holidays = models.CharField(_("祝日"), max_length=15, choices=HolidayRule, default=HolidayRule.NEVER)
    closed_periods = models.JSONField(
        _("毎年の休館期間"),
        default=list,
        blank=True,
        help_text=_("最初と最後の月日です。例：[{'from': '12-29', 'to': '01-03'}]"),
    )
    rule = models.TextField(_("休館日のきまり"), blank=True)
    source = models.JSONField(_("出典"), default=dict, blank=True)

    class Meta:
        verbose_name = _("センター")
        verbose_name_plural = _("センター")
        constraints = [
            models.UniqueConstraint(fields=["municipality", "name"], name="centres_centre_name"),
            models.CheckConstraint(
                condition=models.Q(closed_on_holidays__in=HolidayRule.values), name="centres_centre_holidays"
            ),
        ]

    def __str__(self) -> str:
        return self.nickname or self.name


class CentreFunction(TenantModel):
    """One thing that the centre is there for (機能), as the city's plan names it."""

    centre = TenantForeignKey(Centre, on_delete=models.CASCADE, related_name="functions")
    position = models.PositiveSmallIntegerField(_("並び順"))
    name = models.CharField(_("機能"), max_length=100)

    class Meta:
        verbose_name = _("センターの機能")
        verbose_name_plural = _("センターの機能")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "centre", "position"], name="centres_function_position")
        ]

    def __str__(self) -> str:
        return self.name
