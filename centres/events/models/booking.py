"""Who comes: bookings, and apart from them how to reach whoever booked."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.events.models.event import Event, EventSession
from civic.tenancy.models import TenantForeignKey, TenantModel, TenantOneToOneField

PEOPLE_AT_MOST = 10


class BookingStatus(models.TextChoices):
    """Whether whoever booked has a place."""

    BOOKED = "booked", _("受付ずみ")
    WAITING = "waiting", _("キャンセル待ち")
    CANCELLED = "cancelled", _("取り消し")


class BookingSource(models.TextChoices):
    """Where it was made."""

    WEB = "web", _("ウェブ")
    COUNTER = "counter", _("窓口・電話")


class Booking(TenantModel):
    """A place at an event for one person or several who come together. The waiting list is in the order of numbers.

    Nothing here says who: that is in BookingContact, so that the counts stay when the person's data go.
    """

    event = TenantForeignKey(Event, on_delete=models.PROTECT, related_name="bookings")
    people = models.PositiveSmallIntegerField(
        _("人数（人）"), default=1, validators=[MinValueValidator(1), MaxValueValidator(PEOPLE_AT_MOST)]
    )
    status = models.CharField(_("状態"), max_length=10, choices=BookingStatus)
    source = models.CharField(_("受け付けた方法"), max_length=10, choices=BookingSource)
    booked_at = models.DateTimeField(_("申し込みの日時"), default=timezone.now)

    class Meta:
        verbose_name = _("催しの申し込み")
        verbose_name_plural = _("催しの申し込み")
        ordering = ["id"]
        indexes = [models.Index(fields=["municipality", "event", "status"], name="events_booking_of_event")]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=BookingStatus.values), name="events_booking_status"),
            models.CheckConstraint(condition=Q(source__in=BookingSource.values), name="events_booking_source"),
            models.CheckConstraint(condition=Q(people__range=(1, PEOPLE_AT_MOST)), name="events_booking_people"),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def holds_a_place(self) -> bool:
        return self.status == BookingStatus.BOOKED

    @property
    def is_waiting(self) -> bool:
        return self.status == BookingStatus.WAITING

    @property
    def is_cancelled(self) -> bool:
        return self.status == BookingStatus.CANCELLED


class BookingContact(TenantModel):
    """Who booked, and how to reach them. Purged some months after the event; the booking stays."""

    booking = TenantOneToOneField(Booking, on_delete=models.CASCADE, related_name="contact")
    name = models.CharField(_("氏名"), max_length=100)
    email = models.EmailField(_("メールアドレス"), blank=True)
    phone = models.CharField(_("電話"), max_length=20, blank=True)
    note = models.CharField(_("配慮してほしいこと"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("催しに申し込んだ人の連絡先")
        verbose_name_plural = _("催しに申し込んだ人の連絡先")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class BookingNotice(TenantModel):
    """A letter to whoever booked. The row is there before the letter: `mailed_at` says that it went out, once.

    Only reminders are about a session. A date may change more than once: each change is a letter of its own, and
    `change` says which.
    """

    class Kind(models.TextChoices):
        BOOKED = "booked", _("申し込みの確認")
        WAITING = "waiting", _("キャンセル待ちの確認")
        MOVED_UP = "moved_up", _("くり上げのお知らせ")
        GIVEN_UP = "given_up", _("取り消しの確認")
        CALLED_OFF = "called_off", _("中止のお知らせ")
        REMINDER = "reminder", _("前日のお知らせ")
        NEW_DATE = "new_date", _("日程が変わったお知らせ")

    booking = TenantForeignKey(Booking, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(_("種類"), max_length=10, choices=Kind)
    session = TenantForeignKey(EventSession, on_delete=models.CASCADE, related_name="+", null=True)
    change = models.CharField(_("変わったこと"), max_length=200, blank=True)
    mailed_at = models.DateTimeField(_("メールを送った日時"), null=True)

    class Meta:
        verbose_name = _("申し込んだ人へのメール")
        verbose_name_plural = _("申し込んだ人へのメール")
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "booking", "kind", "session"],
                condition=~Q(kind="new_date"),
                nulls_distinct=False,
                name="events_notice_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="reminder", session__isnull=False)
                | Q(kind__in=["booked", "waiting", "moved_up", "given_up", "called_off", "new_date"], session=None),
                name="events_notice_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booking_id} {self.kind}"


class Attendance(TenantModel):
    """Somebody who booked came to a session, with as many `people` as really came."""

    booking = TenantForeignKey(Booking, on_delete=models.CASCADE, related_name="attendances")
    session = TenantForeignKey(EventSession, on_delete=models.PROTECT, related_name="attendances")
    people = models.PositiveSmallIntegerField(_("来た人数（人）"))

    class Meta:
        verbose_name = _("出席")
        verbose_name_plural = _("出席")
        constraints = [
            models.UniqueConstraint(fields=["municipality", "booking", "session"], name="events_attendance_once"),
            models.CheckConstraint(condition=Q(people__gte=1), name="events_attendance_people"),
        ]

    def __str__(self) -> str:
        return f"{self.booking_id} {self.session_id}"


class ParticipantRetention(TenantModel):
    """For how many months after an event's last day a municipality keeps who booked."""

    months = models.PositiveSmallIntegerField(
        _("保存する月数（か月）"), default=12, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )

    class Meta:
        verbose_name = _("参加者の連絡先を保存する期間")
        verbose_name_plural = _("参加者の連絡先を保存する期間")
        constraints = [
            models.UniqueConstraint(fields=["municipality"], name="events_one_retention"),
            models.CheckConstraint(condition=Q(months__range=(1, 120)), name="events_retention_months"),
        ]

    def __str__(self) -> str:
        return _("%(months)sか月") % {"months": self.months}
