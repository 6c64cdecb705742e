"""Who has a room when: wishes, draws and bookings."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.models import Group
from centres.rooms.models.room import Room, RoomBand
from civic.accounts.models import User
from civic.tenancy.models import TenantForeignKey, TenantModel


class Draw(TenantModel):
    """The draw (抽選) among the wishes for a room that were made for a month on the first day of its booking.

    Whoever knows `seed` and the wishes can draw again and gets the same result (centres/rooms/drawing.py).
    """

    room = TenantForeignKey(Room, on_delete=models.PROTECT, related_name="draws", verbose_name=_("部屋"))
    month = models.DateField(_("使う月"), help_text=_("その月の1日です。"))
    seed = models.CharField(_("抽選の種"), max_length=32)
    drawn_at = models.DateTimeField(_("抽選した日時"), default=timezone.now)
    drawn_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("抽選した人")
    )

    class Meta:
        verbose_name = _("部屋の抽選")
        verbose_name_plural = _("部屋の抽選")
        ordering = ["-month", "room"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "room", "month"], name="rooms_one_draw_a_month"),
            models.CheckConstraint(condition=models.Q(month__day=1), name="rooms_draw_of_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.room} {self.month:%Y-%m}"


class BookingStatus(models.TextChoices):
    """Where a booking stands. Only one that is booked holds its bands."""

    WISHED = "wished", _("抽選待ち")
    BOOKED = "booked", _("予約ずみ")
    LOST = "lost", _("落選")
    CANCELLED = "cancelled", _("取消し")


TRANSITIONS: dict[BookingStatus, frozenset[BookingStatus]] = {
    BookingStatus.WISHED: frozenset({BookingStatus.BOOKED, BookingStatus.LOST, BookingStatus.CANCELLED}),
    BookingStatus.BOOKED: frozenset({BookingStatus.CANCELLED}),
    BookingStatus.LOST: frozenset(),
    BookingStatus.CANCELLED: frozenset(),
}


class Booking(TenantModel):
    """A room on a day for one or more of its bands.

    Without a group it is the centre's own, or somebody's at the counter. `people` is how many are expected; how many
    came is told by `Use`.
    """

    room = TenantForeignKey(Room, on_delete=models.PROTECT, related_name="bookings", verbose_name=_("部屋"))
    day = models.DateField(_("使う日"))
    group = TenantForeignKey(
        Group, on_delete=models.PROTECT, null=True, blank=True, related_name="room_bookings", verbose_name=_("団体")
    )
    purpose = models.CharField(_("使う目的"), max_length=100)
    people = models.PositiveSmallIntegerField(_("予定の人数（人）"), validators=[MinValueValidator(1)])
    status = models.CharField(_("状態"), max_length=10, choices=BookingStatus, default=BookingStatus.BOOKED)
    holds = models.GeneratedField(
        expression=models.Q(status=BookingStatus.BOOKED),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )
    draw = TenantForeignKey(Draw, on_delete=models.PROTECT, null=True, related_name="wishes", verbose_name=_("抽選"))
    is_exception = models.BooleanField(
        _("きまりの外で予約する"),
        default=False,
        help_text=_("センターの判断で、受付の時期や件数のきまりにかかわらず予約します。抽選にもなりません。"),
    )
    made_at = models.DateTimeField(_("申し込んだ日時"), default=timezone.now)
    made_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("申し込んだ人")
    )
    cancelled_at = models.DateTimeField(_("取り消した日時"), null=True)
    cancelled_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("取り消した人")
    )
    cancelled_because = models.CharField(_("取消しの理由"), max_length=100, blank=True)
    is_sample = models.BooleanField(_("サンプル"), default=False)

    class Meta:
        verbose_name = _("部屋の予約")
        verbose_name_plural = _("部屋の予約")
        ordering = ["day", "room", "id"]
        indexes = [
            models.Index(fields=["municipality", "day"], name="rooms_booking_day"),
            models.Index(fields=["municipality", "group", "day"], name="rooms_booking_of_group"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=BookingStatus.values), name="rooms_booking_status"),
            models.CheckConstraint(condition=models.Q(people__gte=1), name="rooms_booking_people"),
            models.CheckConstraint(
                condition=models.Q(status=BookingStatus.CANCELLED, cancelled_at__isnull=False)
                | (~models.Q(status=BookingStatus.CANCELLED) & models.Q(cancelled_at=None)),
                name="rooms_booking_cancelled_once",
            ),
            # A wish and what came of it are a group's; a lost one was drawn.
            models.CheckConstraint(
                condition=~models.Q(status=BookingStatus.WISHED) | models.Q(group__isnull=False, draw=None),
                name="rooms_wish_waits",
            ),
            models.CheckConstraint(
                condition=~models.Q(status=BookingStatus.LOST) | models.Q(draw__isnull=False), name="rooms_lost_a_draw"
            ),
            # What its bands refer to, so that they follow its status.
            models.UniqueConstraint(
                fields=["municipality", "id", "room", "day", "holds"], name="rooms_booking_and_bands"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room} {self.day}"


class BookedBand(TenantModel):
    """A band of a booking. The database lets one booking hold a band on a day, whoever writes.

    Room, day and `is_held` are the booking's own: a foreign key over all of them keeps them so and lets `is_held`
    follow the booking's status.
    """

    booking = TenantForeignKey(Booking, on_delete=models.CASCADE, related_name="bands", verbose_name=_("予約"))
    room = TenantForeignKey(Room, on_delete=models.PROTECT, related_name="+", verbose_name=_("部屋"))
    band = TenantForeignKey(RoomBand, on_delete=models.PROTECT, related_name="booked", verbose_name=_("区分"))
    day = models.DateField(_("使う日"))
    is_held = models.BooleanField(_("おさえている"))

    class Meta:
        verbose_name = _("予約の区分")
        verbose_name_plural = _("予約の区分")
        ordering = ["band__starts"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "room", "day", "band"],
                condition=models.Q(is_held=True),
                name="rooms_band_held_once",
            ),
            models.UniqueConstraint(fields=["municipality", "booking", "band"], name="rooms_band_once_a_booking"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.band}"


class RoomNotice(TenantModel):
    """A letter to a group: what a draw gave it, or that a booking of it was cancelled by the centre."""

    group = TenantForeignKey(Group, on_delete=models.CASCADE, related_name="+", verbose_name=_("団体"))
    draw = TenantForeignKey(Draw, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("抽選"))
    booking = TenantForeignKey(
        Booking, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("取り消した予約")
    )
    made_at = models.DateTimeField(_("作った日時"), default=timezone.now)
    mailed_at = models.DateTimeField(_("メールを送った日時"), null=True)

    class Meta:
        verbose_name = _("部屋についての知らせ")
        verbose_name_plural = _("部屋についての知らせ")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(draw__isnull=False, booking=None) | models.Q(draw=None, booking__isnull=False),
                name="rooms_notice_of_one_thing",
            ),
            models.UniqueConstraint(fields=["municipality", "draw", "group"], name="rooms_one_letter_a_draw"),
            models.UniqueConstraint(fields=["municipality", "booking"], name="rooms_one_letter_a_cancelling"),
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.made_at:%Y-%m-%d}"
