"""Registration: a municipality's own rule, what groups apply for, and for how long they are registered."""

from datetime import date, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.models import Group, StandingChange
from civic.accounts.models import Invitation, Membership
from civic.tenancy.models import TenantForeignKey, TenantModel, TenantOneToOneField
from civic.uploads.models import UploadedFile

# ---- the municipality's rule


class RegistrationRule(TenantModel):
    """The municipality's own rule of registration; one that has settled none goes by the defaults.

    A registration ends on the same day of each year; for `grace_days` after it a group that has not renewed waits for
    renewal. `reminder_days` says how many days before the end its representative is reminded. An application that came
    to nothing is forgotten `kept_months` after its last step.
    """

    minimum_members = models.PositiveSmallIntegerField(_("必要な会員数（人）"), default=5)
    expires_month = models.PositiveSmallIntegerField(
        _("登録が終わる月"), default=3, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    # No 29th to 31st but where each year has them.
    expires_day = models.PositiveSmallIntegerField(
        _("登録が終わる日"), default=31, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    grace_days = models.PositiveSmallIntegerField(
        _("更新を待つ日数（日）"), default=60, validators=[MaxValueValidator(365)]
    )
    renewal_opens_days = models.PositiveSmallIntegerField(
        _("更新を受け付けはじめる日（終わる何日前か）"), default=60, validators=[MaxValueValidator(365)]
    )
    reminder_days = models.JSONField(_("更新をお知らせする日（終わる何日前か）"), default=list, blank=True)
    kept_months = models.PositiveSmallIntegerField(
        _("登録にならなかった申込みを残す月数（か月）"),
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
    )
    guidance = models.TextField(_("申し込む人への説明"), blank=True)
    is_sample = models.BooleanField(_("サンプル"), default=False)
    source = models.JSONField(_("出典"), default=dict, blank=True)

    class Meta:
        verbose_name = _("団体登録のきまり")
        verbose_name_plural = _("団体登録のきまり")
        constraints = [
            models.UniqueConstraint(fields=["municipality"], name="registration_one_rule"),
            models.CheckConstraint(condition=Q(kept_months__range=(1, 120)), name="registration_kept_months"),
        ]

    def __str__(self) -> str:
        return str(_("団体登録のきまり"))

    def end_after(self, day: date) -> date:
        """Return the last day of a registration that holds on `day`: the next such day of the year, that day included.

        Raises ValueError where the month has no such day.
        """
        end = date(day.year, self.expires_month, self.expires_day)
        return end if end >= day else date(day.year + 1, self.expires_month, self.expires_day)

    def last_day_of_grace(self, end: date) -> date:
        """Return the last day on which a registration that ended on `end` waits for its renewal."""
        return end + timedelta(days=self.grace_days)


class Publicity(models.TextChoices):
    """Who decides whether everybody may see a way to reach a group."""

    ALWAYS = "always", _("いつも公開する")
    CHOICE = "choice", _("団体がえらぶ")
    NEVER = "never", _("公開しない")


class FieldRule(TenantModel):
    """What the municipality's rule says of one part of a group's entry (`entries.ENTRY`)."""

    name = models.CharField(_("項目"), max_length=50)
    needs_approval = models.BooleanField(_("変えるとき、職員の確認がいる"), default=False)
    publicity = models.CharField(_("公開"), max_length=6, choices=Publicity, default=Publicity.ALWAYS)

    class Meta:
        verbose_name = _("団体の項目のきまり")
        verbose_name_plural = _("団体の項目のきまり")
        constraints = [
            models.UniqueConstraint(fields=["municipality", "name"], name="registration_field_rule"),
            models.CheckConstraint(condition=Q(publicity__in=Publicity.values), name="registration_publicity"),
        ]

    def __str__(self) -> str:
        return self.name


class Question(TenantModel):
    """Something that the municipality's own form asks besides the entry. The answers are for the office alone."""

    class Kind(models.TextChoices):
        LINE = "line", _("一行")
        TEXT = "text", _("文章")
        NUMBER = "number", _("数")
        CHOICE = "choice", _("えらぶ")

    words = models.CharField(_("質問"), max_length=100)
    help = models.CharField(_("説明"), max_length=200, blank=True)
    kind = models.CharField(_("答え方"), max_length=6, choices=Kind, default=Kind.LINE)
    choices = models.TextField(_("えらぶ答え（一行に一つ）"), blank=True)
    is_required = models.BooleanField(_("必須"), default=False)
    position = models.PositiveSmallIntegerField(_("並び順"), default=0)

    class Meta:
        verbose_name = _("申込書の質問")
        verbose_name_plural = _("申込書の質問")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["line", "text", "number", "choice"]), name="registration_question_kind"
            )
        ]

    def __str__(self) -> str:
        return self.words


class RequiredPaper(TenantModel):
    """A paper that comes with an application, as bylaws (規約) or a list of members (会員名簿)."""

    name = models.CharField(_("書類"), max_length=100)
    is_required = models.BooleanField(_("必須"), default=True)
    for_renewal = models.BooleanField(_("更新のときも出す"), default=True)
    position = models.PositiveSmallIntegerField(_("並び順"), default=0)

    class Meta:
        verbose_name = _("必要な書類")
        verbose_name_plural = _("必要な書類")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["municipality", "name"], name="registration_paper_name")]

    def __str__(self) -> str:
        return self.name


# ---- applications


class ApplicationKind(models.TextChoices):
    """What is applied for."""

    NEW = "new", _("新しい登録")
    RENEWAL = "renewal", _("更新")
    CHANGE = "change", _("登録内容の変更")


class ApplicationState(models.TextChoices):
    """Where an application stands."""

    UNCONFIRMED = "unconfirmed", _("メールの確認待ち")
    RECEIVED = "received", _("受付済み")
    UNDER_REVIEW = "under_review", _("審査中")
    SENT_BACK = "sent_back", _("差し戻し")
    APPROVED = "approved", _("承認済み")
    PUBLISHED = "published", _("公開済み")
    REFUSED = "refused", _("不承認")
    WITHDRAWN = "withdrawn", _("取り下げ")


State = ApplicationState
# From each state to those that may follow it; `services.move` lets nothing else happen.
TRANSITIONS: dict[State, frozenset[State]] = {
    State.UNCONFIRMED: frozenset({State.RECEIVED, State.WITHDRAWN}),
    State.RECEIVED: frozenset({State.UNDER_REVIEW, State.WITHDRAWN}),
    State.UNDER_REVIEW: frozenset({State.SENT_BACK, State.APPROVED, State.REFUSED, State.WITHDRAWN}),
    State.SENT_BACK: frozenset({State.RECEIVED, State.WITHDRAWN}),
    State.APPROVED: frozenset({State.PUBLISHED}),
    State.PUBLISHED: frozenset(),
    State.REFUSED: frozenset(),
    State.WITHDRAWN: frozenset(),
}
OPEN = [State.UNCONFIRMED, State.RECEIVED, State.UNDER_REVIEW, State.SENT_BACK]
"""The states in which something is still to be decided."""
CAME_TO_NOTHING = [State.SENT_BACK, State.REFUSED, State.WITHDRAWN]
"""The states from which no registration comes, where nobody goes on with it."""
GRANTED = [State.APPROVED, State.PUBLISHED]


class Application(TenantModel):
    """What a group asks the centre to register: a new entry, the same for another year, or changes of it.

    `answers` holds the entry as `entries.ENTRY` names its parts, and under "own" the answers to the municipality's own
    questions by their number; of a change only what is to change. `email` is empty for who came to the counter without
    one.
    """

    kind = models.CharField(_("種類"), max_length=7, choices=ApplicationKind)
    state = models.CharField(_("状態"), max_length=12, choices=ApplicationState)
    group = TenantForeignKey(
        Group, on_delete=models.PROTECT, related_name="applications", null=True, blank=True, verbose_name=_("団体")
    )
    representative_name = models.CharField(_("代表者の氏名"), max_length=100)
    email = models.EmailField(_("代表者のメールアドレス"), blank=True)
    answers = models.JSONField(_("内容"), default=dict)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("入力した職員"),
    )
    created_at = models.DateTimeField(_("申込日時"), default=timezone.now)
    is_sample = models.BooleanField(_("サンプル"), default=False)

    class Meta:
        verbose_name = _("登録の申込み")
        verbose_name_plural = _("登録の申込み")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ApplicationKind.values), name="registration_application_kind"),
            models.CheckConstraint(
                condition=Q(state__in=ApplicationState.values), name="registration_application_state"
            ),
            # An entry that was granted, or is to change, has its group.
            models.CheckConstraint(
                condition=Q(group__isnull=False) | (Q(kind=ApplicationKind.NEW) & ~Q(state__in=GRANTED)),
                name="registration_application_group",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.UNCONFIRMED) | ~Q(email=""), name="registration_unconfirmed_email"
            ),
            models.UniqueConstraint(
                fields=["municipality", "group"],
                condition=Q(state__in=OPEN),
                name="registration_one_open_application",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"

    @property
    def name(self) -> str:
        """The group's name: as it is asked for, else as it is."""
        return str(self.answers.get("name") or (self.group and self.group.name) or "")

    @property
    def is_open(self) -> bool:
        """Whether something is still to be decided."""
        return self.state in OPEN


class ApplicationStep(TenantModel):
    """An application came to a state. `by` is None where the group itself did it, by its private link."""

    application = TenantForeignKey(Application, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(_("状態"), max_length=12, choices=ApplicationState)
    at = models.DateTimeField(_("日時"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True, verbose_name=_("行った人")
    )
    comment = models.TextField(_("理由・連絡"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("申込みの経過")
        verbose_name_plural = _("申込みの経過")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ApplicationState.values), name="registration_step_state"),
            models.CheckConstraint(
                condition=~Q(state__in=[State.SENT_BACK, State.REFUSED]) | ~Q(comment=""),
                name="registration_step_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.get_state_display()}"


class Paper(TenantModel):
    """A paper that came with an application, as a file."""

    application = TenantForeignKey(Application, on_delete=models.CASCADE, related_name="papers")
    required_paper = TenantForeignKey(RequiredPaper, on_delete=models.PROTECT, related_name="+", verbose_name=_("書類"))
    file = TenantOneToOneField(UploadedFile, on_delete=models.PROTECT, related_name="+", verbose_name=_("ファイル"))

    class Meta:
        verbose_name = _("申込みの書類")
        verbose_name_plural = _("申込みの書類")
        ordering = ["required_paper__position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "application", "required_paper"], name="registration_each_paper_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.required_paper)


# ---- registrations


class Registration(TenantModel):
    """A group is registered from a day to a day, both included."""

    group = TenantForeignKey(Group, on_delete=models.PROTECT, related_name="registrations", verbose_name=_("団体"))
    application = TenantOneToOneField(
        Application, on_delete=models.PROTECT, related_name="registration", null=True, verbose_name=_("申込み")
    )
    valid_from = models.DateField(_("登録日"))
    valid_until = models.DateField(_("登録の終わり"))
    is_sample = models.BooleanField(_("サンプル"), default=False)

    class Meta:
        verbose_name = _("登録")
        verbose_name_plural = _("登録")
        ordering = ["valid_until"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "group", "valid_until"], name="registration_once_each_year"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gte=models.F("valid_from")), name="registration_begins_first"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group_id} {self.valid_until}"


class Certificate(TenantModel):
    """The paper that says that a group is registered, as it was handed out (PDF)."""

    registration = TenantOneToOneField(Registration, on_delete=models.CASCADE, related_name="certificate")
    content = models.BinaryField(_("内容"))
    made_at = models.DateTimeField(_("作成日時"), default=timezone.now)

    class Meta:
        verbose_name = _("登録証")
        verbose_name_plural = _("登録証")

    def __str__(self) -> str:
        return f"{self.registration_id}"


class Representative(TenantModel):
    """Who speaks for a group, and so keeps its entry: until the next one takes over.

    Either a member of the municipality, or whoever accepts the invitation. Neither is there for a representative
    without an e-mail address.
    """

    group = TenantForeignKey(Group, on_delete=models.CASCADE, related_name="representatives", verbose_name=_("団体"))
    name = models.CharField(_("氏名"), max_length=100)
    email = models.EmailField(_("メールアドレス"), blank=True)
    membership = TenantForeignKey(
        Membership, on_delete=models.SET_NULL, related_name="+", null=True, verbose_name=_("所属")
    )
    invitation = TenantForeignKey(
        Invitation, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("招待")
    )
    started_at = models.DateTimeField(_("開始"), default=timezone.now)
    ended_at = models.DateTimeField(_("終了"), null=True)

    class Meta:
        verbose_name = _("団体の代表者")
        verbose_name_plural = _("団体の代表者")
        ordering = ["started_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "group"],
                condition=Q(ended_at=None),
                name="registration_one_representative_each",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Letter(TenantModel):
    """A letter that goes out once. While `mailed_at` is empty the clock sends it again."""

    class Kind(models.TextChoices):
        CONFIRM = "confirm", _("申込みの確認")
        RECEIVED = "received", _("受付")
        SENT_BACK = "sent_back", _("差し戻し")
        APPROVED = "approved", _("承認")
        REFUSED = "refused", _("不承認")
        REMINDER = "reminder", _("更新のお知らせ")
        IN_GRACE = "in_grace", _("更新待ち")
        ENDED = "ended", _("登録の期限切れ")
        STANDING = "standing", _("登録の停止・再開・解散")

    kind = models.CharField(_("種類"), max_length=10, choices=Kind)
    email = models.EmailField(_("宛先"))
    step = TenantForeignKey(
        ApplicationStep, on_delete=models.CASCADE, related_name="letters", null=True, verbose_name=_("申込みの経過")
    )
    registration = TenantForeignKey(
        Registration, on_delete=models.CASCADE, related_name="letters", null=True, verbose_name=_("登録")
    )
    change = TenantForeignKey(
        StandingChange, on_delete=models.CASCADE, related_name="letters", null=True, verbose_name=_("登録の状態の変更")
    )
    # Which of several reminders of one registration.
    days_before = models.PositiveSmallIntegerField(_("何日前のお知らせ"), default=0)
    created_at = models.DateTimeField(_("日時"), default=timezone.now)
    mailed_at = models.DateTimeField(_("送った日時"), null=True)

    class Meta:
        verbose_name = _("登録についての手紙")
        verbose_name_plural = _("登録についての手紙")
        constraints = [
            models.CheckConstraint(
                condition=Q(step__isnull=False, registration=None, change=None)
                | Q(step=None, registration__isnull=False, change=None)
                | Q(step=None, registration=None, change__isnull=False),
                name="registration_letter_about_one_thing",
            ),
            models.UniqueConstraint(
                fields=["municipality", "registration", "kind", "days_before"],
                condition=Q(registration__isnull=False),
                name="registration_reminded_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.registration_id or self.step_id or self.change_id}"
