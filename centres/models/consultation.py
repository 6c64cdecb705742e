"""Consultations: what people ask the centre, and what it answers."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.models.group import ActivityField, Group
from centres.search import search_text
from civic.accounts.models import User
from civic.tenancy.models import TenantForeignKey, TenantModel, TenantOneToOneField


class Method(models.TextChoices):
    """How somebody asked (相談方法)."""

    PHONE = "phone", _("電話")
    VISIT = "visit", _("来所")
    EMAIL = "email", _("メール")
    LETTER = "letter", _("手紙")
    FAX = "fax", _("FAX")
    ONLINE = "online", _("オンライン")


class AskerKind(models.TextChoices):
    """Who asked (相談者属性)."""

    NPO = "npo", _("NPO")
    PERSON = "person", _("個人")
    PROMOTER = "promoter", _("推進団体")
    COMPANY = "company", _("企業")
    OTHER = "other", _("その他")


class ConsultationCategory(TenantModel):
    """What consultations are about, in the centre's own words."""

    name = models.CharField(_("相談の種類"), max_length=50)
    position = models.PositiveSmallIntegerField(_("並び順"), default=0)

    class Meta:
        verbose_name = _("相談の種類")
        verbose_name_plural = _("相談の種類")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "name"], name="centres_consultation_category_name")
        ]

    def __str__(self) -> str:
        return self.name


class Consultation(TenantModel):
    """One time that somebody asked. Counted as one case however many categories it has.

    `minutes` is what it took the centre; it is internal and never shown to the person who asked.
    """

    received_at = models.DateTimeField(_("受付日時"), default=timezone.now)
    method = models.CharField(_("相談方法"), max_length=10, choices=Method, default=Method.PHONE)
    asker_kind = models.CharField(_("相談者"), max_length=10, choices=AskerKind, default=AskerKind.PERSON)
    is_anonymous = models.BooleanField(_("匿名"), default=True)
    people = models.PositiveSmallIntegerField(_("人数（人）"), default=1, validators=[MinValueValidator(1)])
    minutes = models.PositiveSmallIntegerField(_("所要時間（分）"), default=15)
    categories = models.ManyToManyField(
        ConsultationCategory,
        through="ConsultationInCategory",
        related_name="consultations",
        verbose_name=_("相談の種類"),
    )
    field = models.PositiveSmallIntegerField(_("活動分野"), choices=ActivityField, null=True, blank=True)
    summary = models.CharField(_("件名"), max_length=100)
    content = models.TextField(_("相談の内容"), blank=True)
    answer = models.TextField(_("回答"), blank=True)
    follow_up_on = models.DateField(_("次に連絡する日"), null=True, blank=True)
    group = TenantForeignKey(
        Group,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="consultations",
        verbose_name=_("関係する団体"),
    )
    staff = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("担当した職員")
    )
    is_sample = models.BooleanField(_("サンプル"), default=False)
    search_text = models.GeneratedField(
        expression=search_text("summary", "content", "answer"), output_field=models.TextField(), db_persist=True
    )

    class Meta:
        verbose_name = _("相談")
        verbose_name_plural = _("相談")
        ordering = ["-received_at", "-id"]
        # `is_sample` goes along so that a year is counted from the index alone, where the policy is asked once and not
        # for each record.
        indexes = [
            models.Index(
                fields=["municipality", "-received_at"], include=["is_sample"], name="centres_consultation_counted"
            )
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(method__in=Method.values), name="centres_consultation_method"),
            models.CheckConstraint(
                condition=models.Q(asker_kind__in=AskerKind.values), name="centres_consultation_asker_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(field=None) | models.Q(field__in=ActivityField.values),
                name="centres_consultation_field",
            ),
            models.CheckConstraint(condition=models.Q(people__gte=1), name="centres_consultation_people"),
        ]

    def __str__(self) -> str:
        return self.summary

    @property
    def total_minutes(self) -> int:
        """What the case has taken so far, all its contacts together."""
        return self.minutes + sum(entry.minutes for entry in self.entries.all())


class ConsultationInCategory(TenantModel):
    """A category of a consultation. Tables by category count a consultation in each of its categories (複数回答)."""

    consultation = TenantForeignKey(Consultation, on_delete=models.CASCADE, related_name="in_categories")
    category = TenantForeignKey(ConsultationCategory, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("相談とその種類")
        verbose_name_plural = _("相談とその種類")
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "consultation", "category"], name="centres_consultation_in_category"
            )
        ]

    def __str__(self) -> str:
        return f"{self.consultation}：{self.category}"


class ConsultationEntry(TenantModel):
    """A later contact about a case. The case goes on counting as one; what the contact took adds to its minutes."""

    consultation = TenantForeignKey(Consultation, on_delete=models.CASCADE, related_name="entries")
    made_at = models.DateTimeField(_("日時"), default=timezone.now)
    method = models.CharField(_("方法"), max_length=10, choices=Method, default=Method.PHONE)
    minutes = models.PositiveSmallIntegerField(_("所要時間（分）"), default=10)
    said = models.TextField(_("やりとりの内容"))
    staff = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("担当した職員")
    )
    search_text = models.GeneratedField(
        expression=search_text("said"), output_field=models.TextField(), db_persist=True
    )

    class Meta:
        verbose_name = _("相談のその後のやりとり")
        verbose_name_plural = _("相談のその後のやりとり")
        ordering = ["made_at", "id"]
        indexes = [models.Index(fields=["municipality", "made_at"], name="centres_entry_made")]
        constraints = [
            models.CheckConstraint(condition=models.Q(method__in=Method.values), name="centres_entry_method")
        ]

    def __str__(self) -> str:
        return f"{self.consultation}：{self.get_method_display()}"


class ReferralKind(models.TextChoices):
    """Where somebody can be led on to (つないだ先)."""

    GROUP = "group", _("団体")
    EVENT = "event", _("催し・講座")
    DEPARTMENT = "department", _("市の担当課")
    GUILD = "guild", _("ボランティア制度")


class Referral(TenantModel):
    """That the person who asked was led on, and to whom. A group is one of the directory, the rest goes by its name.

    `event_number` is the number in the address of an event that was chosen (centres/occasions.py); None where only its
    name is known.
    """

    consultation = TenantForeignKey(Consultation, on_delete=models.CASCADE, related_name="referrals")
    kind = models.CharField(_("つないだ先"), max_length=10, choices=ReferralKind, default=ReferralKind.GROUP)
    group = TenantForeignKey(
        Group, on_delete=models.PROTECT, null=True, blank=True, related_name="referrals", verbose_name=_("団体")
    )
    name = models.CharField(_("催しや担当課の名前"), max_length=100, blank=True)
    event_number = models.PositiveBigIntegerField(_("催し・講座"), null=True, blank=True)
    referred_on = models.DateField(_("つないだ日"), default=timezone.localdate)
    note = models.CharField(_("つたえたこと"), max_length=200, blank=True)
    staff = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("担当した職員")
    )
    search_text = models.GeneratedField(
        expression=search_text("name", "note"), output_field=models.TextField(), db_persist=True
    )

    class Meta:
        verbose_name = _("相談からつないだ先")
        verbose_name_plural = _("相談からつないだ先")
        ordering = ["referred_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind=ReferralKind.GROUP, group__isnull=False, name="")
                | (models.Q(kind__in=[ReferralKind.EVENT, ReferralKind.DEPARTMENT], group=None) & ~models.Q(name=""))
                | models.Q(kind=ReferralKind.GUILD, group=None, name=""),
                name="centres_referral_names_one_place",
            ),
            models.CheckConstraint(
                condition=models.Q(event_number=None) | models.Q(kind=ReferralKind.EVENT),
                name="centres_referral_event_of_that_kind",
            ),
        ]

    def __str__(self) -> str:
        return str(self.group or self.name or self.get_kind_display())


class ConsultationContact(TenantModel):
    """How to reach the person who asked, apart from the case: opened on purpose only, and purged after a time.

    The case stays when this goes, so nothing that is counted is lost.
    """

    consultation = TenantOneToOneField(Consultation, on_delete=models.CASCADE, related_name="contact")
    name = models.CharField(_("氏名"), max_length=100, blank=True)
    phone = models.CharField(_("電話"), max_length=20, blank=True)
    email = models.EmailField(_("メール"), blank=True)
    address = models.CharField(_("住所"), max_length=200, blank=True)
    note = models.TextField(_("連絡のときの注意"), blank=True)

    class Meta:
        verbose_name = _("相談者の連絡先")
        verbose_name_plural = _("相談者の連絡先")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class RetentionRule(TenantModel):
    """For how many months after the last talk a municipality keeps how to reach the person who asked."""

    months = models.PositiveSmallIntegerField(
        _("保存する月数（か月）"), default=36, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )

    class Meta:
        verbose_name = _("相談者の連絡先を保存する期間")
        verbose_name_plural = _("相談者の連絡先を保存する期間")
        constraints = [
            models.UniqueConstraint(fields=["municipality"], name="centres_one_retention_rule"),
            models.CheckConstraint(condition=models.Q(months__range=(1, 120)), name="centres_retention_months"),
        ]

    def __str__(self) -> str:
        return _("%(months)sか月") % {"months": self.months}


class ConsultationDraft(TenantModel):
    """What a member of staff has typed of a consultation that is not recorded yet: what the form would send."""

    staff = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", verbose_name=_("職員"))
    typed = models.JSONField(_("入力"))
    saved_at = models.DateTimeField(_("保存日時"))

    class Meta:
        verbose_name = _("書きかけの相談")
        verbose_name_plural = _("書きかけの相談")
        constraints = [models.UniqueConstraint(fields=["municipality", "staff"], name="centres_one_draft_each")]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.staff}"
