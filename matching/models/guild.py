"""The guild itself; its name is the municipality's `guild_name`."""

from django.core.validators import MaxValueValidator, MinValueValidator
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


WEIGHTS = (
    "weight_skill",
    "weight_welcome_skill",
    "weight_time",
    "weight_district",
    "weight_field",
    "weight_experience",
    "weight_rest",
)
"""The fields of a GuildRule that are points."""


class GuildRule(TenantModel):
    """By what a municipality ranks candidates, and how long it waits; one that has settled none goes by the defaults.

    Weights are points: each reason for a candidate gives its share of them, so only their proportion matters.
    """

    weight_skill = models.PositiveSmallIntegerField(_("必要なことができる（点）"), default=30)
    weight_welcome_skill = models.PositiveSmallIntegerField(_("あるとよいことができる（点）"), default=10)
    weight_time = models.PositiveSmallIntegerField(_("その時間に動ける（点）"), default=20)
    weight_district = models.PositiveSmallIntegerField(_("同じ地区（点）"), default=15)
    weight_field = models.PositiveSmallIntegerField(_("希望する分野（点）"), default=10)
    weight_experience = models.PositiveSmallIntegerField(_("活動したことがある（点）"), default=5)
    weight_rest = models.PositiveSmallIntegerField(_("しばらく頼んでいない（点）"), default=10)
    rest_days = models.PositiveSmallIntegerField(
        _("「しばらく」は何日か"), default=28, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    answer_days = models.PositiveSmallIntegerField(
        _("返事を待つ日数（日）"), default=7, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    reminder_days = models.PositiveSmallIntegerField(
        _("返事がないとき、何日目に思い出してもらうか（日）"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    lease_minutes = models.PositiveSmallIntegerField(
        _("受け持った仕事が、ほかの人にもどるまで（分）"),
        default=15,
        validators=[MinValueValidator(1), MaxValueValidator(240)],
    )
    contact_days = models.PositiveSmallIntegerField(
        _("退会した方の連絡先を残す日数（日）"), default=30, validators=[MaxValueValidator(3650)]
    )

    class Meta:
        verbose_name = _("紹介のきまり")
        verbose_name_plural = _("紹介のきまり")
        constraints = [
            models.UniqueConstraint(fields=["municipality"], name="matching_one_rule_each"),
            models.CheckConstraint(
                condition=models.Q(reminder_days__lt=models.F("answer_days")), name="matching_reminded_in_time"
            ),
        ]

    def __str__(self) -> str:
        return str(_("紹介のきまり"))


class Skill(TenantModel):
    """Something one can do for others, in the municipality's own words. A retired one is not offered any more."""

    name = models.CharField(_("できること"), max_length=50)
    position = models.PositiveSmallIntegerField(_("並び順"), default=0)
    is_retired = models.BooleanField(_("もう使わない"), default=False)

    class Meta:
        verbose_name = _("できること")
        verbose_name_plural = _("できること")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["municipality", "name"], name="matching_skill_name")]

    def __str__(self) -> str:
        return self.name


class SkillLevel(models.IntegerChoices):
    """How well somebody can do a thing, or how well it has to be done."""

    BEGINNER = 1, _("やってみたい")
    ABLE = 2, _("できる")
    EXPERT = 3, _("人に教えられる")


class Weekday(models.IntegerChoices):
    """A day of the week, counted as Python's `date.weekday()` counts."""

    MONDAY = 0, _("月曜日")
    TUESDAY = 1, _("火曜日")
    WEDNESDAY = 2, _("水曜日")
    THURSDAY = 3, _("木曜日")
    FRIDAY = 4, _("金曜日")
    SATURDAY = 5, _("土曜日")
    SUNDAY = 6, _("日曜日")
