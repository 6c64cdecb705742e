"""What groups, and the centre, ask the guild for."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.models import ActivityField, District, Group
from civic.tenancy.models import TenantForeignKey, TenantModel
from matching.models.guild import Skill, SkillLevel


class RequestKind(models.TextChoices):
    """Who is looked for."""

    VOLUNTEERS = "volunteers", _("手伝う人をさがす")
    PARTNERS = "partners", _("いっしょに活動する団体をさがす")


class RequestStatus(models.TextChoices):
    """Where a request stands. Everybody may read it from the day on which staff checked it."""

    DRAFT = "draft", _("下書き")
    SUBMITTED = "submitted", _("確認待ち")
    SENT_BACK = "sent_back", _("差し戻し")
    OPEN = "open", _("募集中")
    FILLED = "filled", _("満員")
    CLOSED = "closed", _("募集終了")
    CANCELLED = "cancelled", _("取りやめ")


PUBLIC_STATUSES = [RequestStatus.OPEN, RequestStatus.FILLED, RequestStatus.CLOSED]

# From each status to those that may follow it; `matching.requests.services.move_request` lets nothing else happen.
REQUEST_TRANSITIONS: dict[RequestStatus, frozenset[RequestStatus]] = {
    RequestStatus.DRAFT: frozenset({RequestStatus.SUBMITTED, RequestStatus.OPEN, RequestStatus.CANCELLED}),
    RequestStatus.SUBMITTED: frozenset({RequestStatus.SENT_BACK, RequestStatus.OPEN, RequestStatus.CANCELLED}),
    RequestStatus.SENT_BACK: frozenset({RequestStatus.SUBMITTED, RequestStatus.CANCELLED}),
    RequestStatus.OPEN: frozenset({RequestStatus.FILLED, RequestStatus.CLOSED, RequestStatus.CANCELLED}),
    # A place that becomes free opens it again.
    RequestStatus.FILLED: frozenset({RequestStatus.OPEN, RequestStatus.CLOSED, RequestStatus.CANCELLED}),
    RequestStatus.CLOSED: frozenset(),
    RequestStatus.CANCELLED: frozenset(),
}


class Timing(models.TextChoices):
    """What kind of time is asked for. All but the last have their shifts."""

    ONCE = "once", _("1回だけ")
    SHIFTS = "shifts", _("いくつかの日時からえらぶ")
    RECURRING = "recurring", _("くりかえし")
    OPEN = "open", _("日時は相談して決める")


class Insurance(models.TextChoices):
    """Who insures the helpers."""

    GROUP = "group", _("団体が加入する")
    OWN = "own", _("ボランティア活動保険に入っている人")
    NONE = "none", _("保険はない")


class HelpRequest(TenantModel):
    """Help that a group looks for (募集); without a group it is the centre that asks.

    `when` says in words what its shifts say in hours. Who is responsible is told to those who are introduced, not to
    everybody. `people_needed` are those of the whole request, or of each of its shifts where it has some.
    """

    kind = models.CharField(_("さがす相手"), max_length=10, choices=RequestKind, default=RequestKind.VOLUNTEERS)
    group = TenantForeignKey(
        Group,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="help_requests",
        verbose_name=_("募集する団体"),
    )
    title = models.CharField(_("件名"), max_length=100)
    what = models.TextField(_("お願いしたいこと"), max_length=2000)
    why = models.TextField(_("目的"), max_length=1000, blank=True)
    offers = models.TextField(
        _("こちらから出せるもの"),
        max_length=1000,
        blank=True,
        help_text=_("団体どうしの募集で、相手にできることです。"),
    )
    field = models.PositiveSmallIntegerField(_("活動分野"), choices=ActivityField, null=True, blank=True)
    timing = models.CharField(_("日時の種類"), max_length=9, choices=Timing, default=Timing.OPEN)
    when = models.CharField(_("日時"), max_length=200)
    where = models.CharField(_("場所"), max_length=200)
    district = TenantForeignKey(
        District, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("地区")
    )
    is_online = models.BooleanField(_("オンラインで行う"), default=False)
    people_needed = models.PositiveSmallIntegerField(_("募集する人数（人）"), validators=[MinValueValidator(1)])
    minimum_age = models.PositiveSmallIntegerField(
        _("何歳から（歳）"), null=True, blank=True, validators=[MaxValueValidator(120)]
    )
    responsible_name = models.CharField(_("当日の責任者"), max_length=100, blank=True)
    responsible_phone = models.CharField(_("当日の連絡先"), max_length=20, blank=True)
    insurance = models.CharField(_("保険"), max_length=5, choices=Insurance, default=Insurance.NONE)
    costs = models.CharField(_("費用・交通費"), max_length=200, blank=True)
    apply_by = models.DateField(_("申込みの締切"), null=True, blank=True)
    status = models.CharField(_("状態"), max_length=9, choices=RequestStatus, default=RequestStatus.DRAFT)
    posted_on = models.DateField(_("掲載日"), default=timezone.localdate)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("入力した人"),
    )
    sent_back_because = models.CharField(_("直していただきたいこと"), max_length=500, blank=True)
    copied_from = TenantForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("もとの募集")
    )
    is_sample = models.BooleanField(_("サンプル"), default=False)

    class Meta:
        verbose_name = _("募集")
        verbose_name_plural = _("募集")
        ordering = ["-posted_on", "-id"]
        indexes = [models.Index(fields=["municipality", "status", "-posted_on"], name="matching_request_status")]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=RequestKind.values), name="matching_request_kind"),
            models.CheckConstraint(condition=models.Q(status__in=RequestStatus.values), name="matching_request_status"),
            models.CheckConstraint(condition=models.Q(timing__in=Timing.values), name="matching_request_timing"),
            models.CheckConstraint(
                condition=models.Q(insurance__in=Insurance.values), name="matching_request_insurance"
            ),
            models.CheckConstraint(condition=models.Q(people_needed__gte=1), name="matching_request_people"),
            # A partner is looked for by a group; the centre brings others together, and is no partner itself.
            models.CheckConstraint(
                condition=~models.Q(kind=RequestKind.PARTNERS) | models.Q(group__isnull=False),
                name="matching_partner_of_a_group",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether people are still looked for."""
        return self.status == RequestStatus.OPEN


class Shift(TenantModel):
    """A time at which help is needed, and how many are needed then."""

    request = TenantForeignKey(HelpRequest, on_delete=models.CASCADE, related_name="shifts")
    starts_at = models.DateTimeField(_("はじまり"))
    ends_at = models.DateTimeField(_("終わり"))
    people_needed = models.PositiveSmallIntegerField(_("人数（人）"))

    class Meta:
        verbose_name = _("募集の日時")
        verbose_name_plural = _("募集の日時")
        ordering = ["starts_at", "id"]
        indexes = [models.Index(fields=["municipality", "starts_at"], name="matching_shift_starts")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="matching_shift_ends_after_its_start"
            ),
            models.CheckConstraint(condition=models.Q(people_needed__gte=1), name="matching_shift_people"),
            models.UniqueConstraint(fields=["municipality", "request", "starts_at"], name="matching_shift_once"),
            # What a match refers to, so that its shift is one of its request.
            models.UniqueConstraint(fields=["municipality", "request", "id"], name="matching_shift_of_request"),
        ]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.starts_at):%Y-%m-%d %H:%M}"


class RequestSkill(TenantModel):
    """What helpers of a request must be able to do, or what would be welcome."""

    request = TenantForeignKey(HelpRequest, on_delete=models.CASCADE, related_name="skills")
    skill = TenantForeignKey(Skill, on_delete=models.PROTECT, related_name="+", verbose_name=_("できること"))
    is_needed = models.BooleanField(_("必要（なければ紹介しない）"), default=True)
    level = models.PositiveSmallIntegerField(_("どのくらい"), choices=SkillLevel, default=SkillLevel.ABLE)

    class Meta:
        verbose_name = _("募集で求めること")
        verbose_name_plural = _("募集で求めること")
        ordering = ["-is_needed", "skill__position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "request", "skill"], name="matching_request_skill"),
            models.CheckConstraint(condition=models.Q(level__in=SkillLevel.values), name="matching_request_level"),
        ]

    def __str__(self) -> str:
        return str(self.skill)
