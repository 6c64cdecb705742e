"""Those who registered with the guild to help."""

from datetime import date, timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.models import ActivityField, District, Group
from civic.accounts.models import Invitation, Membership
from civic.calendar import fiscal_year_days, fiscal_year_of
from civic.tenancy.models import TenantForeignKey, TenantModel, TenantOneToOneField
from matching.models.guild import Skill, SkillLevel, Weekday


class SupporterKind(models.TextChoices):
    """Who helps."""

    PERSON = "person", _("個人")
    GROUP = "group", _("団体")
    BUSINESS = "business", _("企業・事業所")


class SupporterStatus(models.TextChoices):
    """Whether somebody may be asked."""

    UNCONFIRMED = "unconfirmed", _("メールの確認待ち")
    ACTIVE = "active", _("登録中")
    PAUSED = "paused", _("お休み中")
    LEFT = "left", _("退会")


class Reach(models.TextChoices):
    """How far somebody comes."""

    DISTRICTS = "districts", _("えらんだ地区だけ")
    ANYWHERE = "anywhere", _("市内ならどこでも")


class Frequency(models.TextChoices):
    """How often somebody is told what is asked for; who is asked about one request is asked at once."""

    NEVER = "never", _("知らせなくてよい")
    MONTHLY = "monthly", _("月に1回")
    WEEKLY = "weekly", _("週に1回")


class Supporter(TenantModel):
    """A person, group or business that offers help, known to groups by a nickname.

    What tells who they are is kept apart in `SupporterContact`, what they agreed to in `Consent`. Who has them as their
    own is told by the membership, or by that which came of the invitation (`Invitation.accepted_as`).
    """

    kind = models.CharField(_("種類"), max_length=8, choices=SupporterKind, default=SupporterKind.PERSON)
    nickname = models.CharField(_("呼び名"), max_length=50)
    membership = TenantForeignKey(
        Membership,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="supporters",
        verbose_name=_("所属"),
        help_text=_("サインインして自分の記録を見る人だけにあります。"),
    )
    invitation = TenantForeignKey(
        Invitation,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("サインインの招待"),
    )
    status = models.CharField(_("状態"), max_length=11, choices=SupporterStatus, default=SupporterStatus.ACTIVE)
    paused_until = models.DateField(_("いつまで休むか"), null=True, blank=True)
    can_do = models.TextField(_("できることを自分の言葉で"), max_length=1000, blank=True)
    home_district = TenantForeignKey(
        District,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("住んでいる地区"),
    )
    reach = models.CharField(_("どこまで行けるか"), max_length=9, choices=Reach, default=Reach.DISTRICTS)
    comes_on_site = models.BooleanField(_("現地で手伝える"), default=True)
    helps_online = models.BooleanField(_("オンラインで手伝える"), default=False)
    languages = models.CharField(_("話せる言葉"), max_length=100, blank=True)
    asks_a_month = models.PositiveSmallIntegerField(
        _("月に何回まで頼まれてよいか（回）"), default=4, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    news = models.CharField(_("新しい募集のお知らせ"), max_length=7, choices=Frequency, default=Frequency.MONTHLY)
    prefers_plain_words = models.BooleanField(_("やさしい日本語で知らせてほしい"), default=False)
    insured_from = models.DateField(
        _("ボランティア活動保険に入った日"),
        null=True,
        blank=True,
        help_text=_("入った日の翌日から、その年度の終わり（3月31日）まで有効です。"),
    )
    registered_on = models.DateField(_("登録日"), default=timezone.localdate)
    left_on = models.DateField(_("退会日"), null=True)
    is_sample = models.BooleanField(_("サンプル"), default=False)

    class Meta:
        verbose_name = _("ギルド登録者")
        verbose_name_plural = _("ギルド登録者")
        ordering = ["id"]
        indexes = [models.Index(fields=["municipality", "status"], name="matching_supporter_status")]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=SupporterKind.values), name="matching_supporter_kind"),
            models.CheckConstraint(
                condition=models.Q(status__in=SupporterStatus.values), name="matching_supporter_status"
            ),
            models.CheckConstraint(condition=models.Q(reach__in=Reach.values), name="matching_supporter_reach"),
            models.CheckConstraint(condition=models.Q(news__in=Frequency.values), name="matching_supporter_news"),
            models.CheckConstraint(condition=models.Q(asks_a_month__gte=1), name="matching_supporter_limit"),
            models.CheckConstraint(
                condition=models.Q(status=SupporterStatus.LEFT, left_on__isnull=False)
                | (~models.Q(status=SupporterStatus.LEFT) & models.Q(left_on=None)),
                name="matching_left_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.nickname

    @property
    def insured_until(self) -> date | None:
        """The last day of the insurance: the end of the fiscal year in which its first day is."""
        return fiscal_year_days(fiscal_year_of(self.insured_from + timedelta(days=1)))[1] if self.insured_from else None

    @property
    def week(self) -> list[str]:
        """When there is time, in words: the days that have the same hours together. Empty for whatever the time."""
        days: dict[str, list[str]] = {}
        for time in self.times.all():
            days.setdefault(time.hours, []).append(time.get_weekday_display()[0])
        return [f"{'・'.join(names)} {hours}" for hours, names in days.items()]


class SupporterContact(TenantModel):
    """Who a supporter is and how to reach them: personal data, opened on purpose and noted, deleted when they leave.

    Whoever is under age on a day of activity has a guardian who agreed (`guardian_agreed_on`).
    """

    supporter = TenantOneToOneField(Supporter, on_delete=models.CASCADE, related_name="contact")
    name = models.CharField(_("氏名"), max_length=100)
    name_kana = models.CharField(_("氏名（かな）"), max_length=100, blank=True)
    email = models.EmailField(_("メールアドレス"), blank=True)
    phone = models.CharField(_("電話"), max_length=20, blank=True)
    address = models.CharField(_("住所"), max_length=200, blank=True)
    born_on = models.DateField(_("生年月日"), null=True, blank=True)
    accessibility = models.CharField(_("活動のとき配慮がほしいこと"), max_length=200, blank=True)
    guardian_name = models.CharField(_("保護者の氏名"), max_length=100, blank=True)
    guardian_phone = models.CharField(_("保護者の電話"), max_length=20, blank=True)
    guardian_agreed_on = models.DateField(_("保護者が同意した日"), null=True, blank=True)

    class Meta:
        verbose_name = _("ギルド登録者の連絡先")
        verbose_name_plural = _("ギルド登録者の連絡先")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(guardian_agreed_on=None) | ~models.Q(guardian_name=""),
                name="matching_guardian_is_named",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ConsentPurpose(models.TextChoices):
    """What somebody may agree to, each by itself (個人情報保護法 第69条: no use beyond the stated purpose)."""

    INTRODUCTION = "introduction", _("団体に紹介される")
    URGENT_CALLS = "urgent_calls", _("急な中止などの連絡を電話で受ける")
    PUBLICATION = "publication", _("呼び名と活動を公開される")
    SHARE_NAME = "share_name", _("紹介が決まった団体に、氏名を知らせる")
    SHARE_PHONE = "share_phone", _("紹介が決まった団体に、電話を知らせる")
    SHARE_EMAIL = "share_email", _("紹介が決まった団体に、メールアドレスを知らせる")
    SHARE_NEEDS = "share_needs", _("紹介が決まった団体に、配慮がほしいことを知らせる")


class Consent(TenantModel):
    """A supporter agreed to one purpose, and may have withdrawn it. A row is never deleted and never agrees again."""

    supporter = TenantForeignKey(Supporter, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(_("目的"), max_length=12, choices=ConsentPurpose)
    given_at = models.DateTimeField(_("同意した日時"), default=timezone.now)
    is_on_paper = models.BooleanField(_("紙で受け取った"), default=False)
    withdrawn_at = models.DateTimeField(_("取りやめた日時"), null=True)

    class Meta:
        verbose_name = _("同意")
        verbose_name_plural = _("同意")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(purpose__in=ConsentPurpose.values), name="matching_consent_purpose"
            ),
            models.UniqueConstraint(
                fields=["municipality", "supporter", "purpose"],
                condition=models.Q(withdrawn_at=None),
                name="matching_agreed_once",
            ),
        ]

    def __str__(self) -> str:
        return self.get_purpose_display()


class SupporterField(TenantModel):
    """A field in which a supporter wants to help; a supporter may have several."""

    supporter = TenantForeignKey(Supporter, on_delete=models.CASCADE, related_name="fields")
    field = models.PositiveSmallIntegerField(_("活動分野"), choices=ActivityField)

    class Meta:
        verbose_name = _("登録者の活動分野")
        verbose_name_plural = _("登録者の活動分野")
        ordering = ["field"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "supporter", "field"], name="matching_supporter_field"),
            models.CheckConstraint(
                condition=models.Q(field__in=ActivityField.values), name="matching_field_of_the_act"
            ),
        ]

    def __str__(self) -> str:
        return self.get_field_display()


class SupporterDistrict(TenantModel):
    """A district to which a supporter comes."""

    supporter = TenantForeignKey(Supporter, on_delete=models.CASCADE, related_name="districts")
    district = TenantForeignKey(District, on_delete=models.PROTECT, related_name="+", verbose_name=_("地区"))

    class Meta:
        verbose_name = _("登録者が活動できる地区")
        verbose_name_plural = _("登録者が活動できる地区")
        ordering = ["district__position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "supporter", "district"], name="matching_supporter_district"
            )
        ]

    def __str__(self) -> str:
        return str(self.district)


class SupporterSkill(TenantModel):
    """Something that a supporter can do, and how well."""

    supporter = TenantForeignKey(Supporter, on_delete=models.CASCADE, related_name="skills")
    skill = TenantForeignKey(Skill, on_delete=models.PROTECT, related_name="+", verbose_name=_("できること"))
    level = models.PositiveSmallIntegerField(_("どのくらい"), choices=SkillLevel, default=SkillLevel.ABLE)

    class Meta:
        verbose_name = _("登録者のできること")
        verbose_name_plural = _("登録者のできること")
        ordering = ["skill__position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "supporter", "skill"], name="matching_supporter_skill"),
            models.CheckConstraint(condition=models.Q(level__in=SkillLevel.values), name="matching_supporter_level"),
        ]

    def __str__(self) -> str:
        return f"{self.skill}（{self.get_level_display()}）"


class SupporterTime(TenantModel):
    """When in the week a supporter has time, from hour to hour. Who names no time at all is asked whatever the time."""

    supporter = TenantForeignKey(Supporter, on_delete=models.CASCADE, related_name="times")
    weekday = models.PositiveSmallIntegerField(_("曜日"), choices=Weekday)
    starts = models.TimeField(_("何時から"))
    ends = models.TimeField(_("何時まで"))

    class Meta:
        verbose_name = _("登録者が動ける時間")
        verbose_name_plural = _("登録者が動ける時間")
        ordering = ["weekday", "starts"]
        constraints = [
            models.CheckConstraint(condition=models.Q(weekday__in=Weekday.values), name="matching_weekday"),
            models.CheckConstraint(
                condition=models.Q(ends__gt=models.F("starts")), name="matching_time_ends_after_its_start"
            ),
            models.UniqueConstraint(
                fields=["municipality", "supporter", "weekday", "starts"], name="matching_time_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.hours}"

    @property
    def hours(self) -> str:
        return f"{self.starts:%H:%M}–{self.ends:%H:%M}"


class Away(TenantModel):
    """Days on which a supporter cannot help, the last included."""

    supporter = TenantForeignKey(Supporter, on_delete=models.CASCADE, related_name="absences")
    first_day = models.DateField(_("いつから"))
    last_day = models.DateField(_("いつまで"))

    class Meta:
        verbose_name = _("登録者が動けない日")
        verbose_name_plural = _("登録者が動けない日")
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="matching_away_ends_last"
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_day}–{self.last_day}"


class NotAgain(TenantModel):
    """A supporter and a group are not brought together any more, by the wish of one of them. Only staff see it."""

    class Side(models.TextChoices):
        SUPPORTER = "supporter", _("登録者")
        GROUP = "group", _("団体")

    supporter = TenantForeignKey(Supporter, on_delete=models.CASCADE, related_name="not_again")
    group = TenantForeignKey(Group, on_delete=models.CASCADE, related_name="+", verbose_name=_("団体"))
    wished_by = models.CharField(_("どちらの希望か"), max_length=9, choices=Side)
    wished_at = models.DateTimeField(_("日時"), default=timezone.now)

    class Meta:
        verbose_name = _("もう紹介しない組合せ")
        verbose_name_plural = _("もう紹介しない組合せ")
        constraints = [
            models.UniqueConstraint(fields=["municipality", "supporter", "group"], name="matching_not_again_once"),
            models.CheckConstraint(
                condition=models.Q(wished_by__in=["supporter", "group"]), name="matching_not_again_side"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supporter_id} {self.group_id}"
