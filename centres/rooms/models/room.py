"""The rooms of a centre, how their day is divided, and when they are closed."""

from datetime import date, time

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Func, Value
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Cast, Extract
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.models import Centre
from civic.accounts.models import User
from civic.tenancy.models import TenantForeignKey, TenantModel

# More than the seconds of a day.
_ROOM_APART = 2**17


class Room(TenantModel):
    """A room, or an open space, that a centre offers (活動の場), with its rules for booking.

    A room without a centre belongs to a municipality that has none yet. A space that is not booked is counted only.
    For days of a month, booking opens on the first open day of the month `opens_months_before` earlier, at `opens_at`.
    """

    centre = TenantForeignKey(
        Centre, on_delete=models.PROTECT, null=True, blank=True, related_name="rooms", verbose_name=_("センター")
    )
    name = models.CharField(_("部屋の名前"), max_length=50)
    description = models.CharField(_("説明"), max_length=200, blank=True)
    capacity = models.PositiveSmallIntegerField(
        _("定員（人）"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    position = models.PositiveSmallIntegerField(_("並び順"), default=0)
    is_bookable = models.BooleanField(
        _("予約を受け付ける"), default=True, help_text=_("受け付けない場所は、使った人数だけを数えます。")
    )
    opens_months_before = models.PositiveSmallIntegerField(
        _("何か月前から予約できるか（か月）"),
        default=3,
        validators=[MaxValueValidator(24)],
        help_text=_("使う月の、この月数だけ前の月の、最初の開館日から受け付けます。"),
    )
    opens_at = models.TimeField(_("受付を始める日の、始まりの時刻"), default=time(9))
    draws_first_day = models.BooleanField(
        _("受付を始める日の申し込みは抽選にする"),
        default=True,
        help_text=_("その日の申し込みを集めて、つぎの日の朝に抽選します。そのあとは先着順です。"),
    )
    bookings_at_once = models.PositiveSmallIntegerField(
        _("1団体が同時に持てる予約（件）"),
        default=4,
        validators=[MinValueValidator(1)],
        help_text=_("まだ使っていない予約と、抽選を待つ申し込みを合わせた数です。"),
    )
    cancel_days_before = models.PositiveSmallIntegerField(
        _("取り消せる期限（使う日の何日前まで）"), default=3, help_text=_("0のときは、使う日の当日までです。")
    )
    offered_from = models.DateField(
        _("使いはじめた日"), default=timezone.localdate, help_text=_("利用率は、この日から数えます。")
    )
    offered_until = models.DateField(
        _("使わなくなる日"),
        null=True,
        blank=True,
        help_text=_("この日までは予約できます。これまでの記録は、あとも残ります。"),
    )
    is_sample = models.BooleanField(_("サンプル"), default=False)
    source = models.JSONField(_("出典"), default=dict, blank=True)

    class Meta:
        verbose_name = _("部屋")
        verbose_name_plural = _("部屋")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "name"], name="rooms_room_name"),
            models.CheckConstraint(condition=models.Q(bookings_at_once__gte=1), name="rooms_room_bookings_at_once"),
            models.CheckConstraint(
                condition=models.Q(offered_until=None) | models.Q(offered_until__gte=models.F("offered_from")),
                name="rooms_room_offered",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_offered(self, day: date) -> bool:
        """Return whether the centre has the room on a day."""
        return self.offered_from <= day and (self.offered_until is None or day <= self.offered_until)


def _moment(time_of_day: str) -> CombinedExpression:
    """A time of day of a room as a number that no time of another room has."""
    seconds = Cast(Extract(time_of_day, "epoch"), models.BigIntegerField())
    return CombinedExpression(Cast("room", models.BigIntegerField()) * Value(_ROOM_APART), "+", seconds)


class RoomBand(TenantModel):
    """A part of the day for which a room is booked: a band (午前・午後・夜間) or an hour.

    The database keeps the bands of a room from overlapping, so whoever holds one has the room to themselves.
    """

    room = TenantForeignKey(Room, on_delete=models.CASCADE, related_name="bands", verbose_name=_("部屋"))
    name = models.CharField(_("区分の名前"), max_length=20)
    starts = models.TimeField(_("始まり"))
    ends = models.TimeField(_("終わり"))

    class Meta:
        verbose_name = _("部屋の時間の区分")
        verbose_name_plural = _("部屋の時間の区分")
        ordering = ["starts"]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends__gt=models.F("starts")), name="rooms_band_ends_later"),
            # The room is part of the numbers: beside a range it would need btree_gist, an extension that is not there.
            ExclusionConstraint(
                name="rooms_bands_apart",
                expressions=[(Func(_moment("starts"), _moment("ends"), function="int8range"), RangeOperators.OVERLAPS)],
                violation_error_message=_("時間の区分が重なっています。"),
            ),
            # What the rows of bookings refer to.
            models.UniqueConstraint(fields=["municipality", "room", "id"], name="rooms_band_of_room"),
        ]

    def __str__(self) -> str:
        return self.name


class Closure(TenantModel):
    """Days on which a room is closed beyond the centre's own rule, as for repairs.

    Without a room all of them are, as in a storm.
    """

    room = TenantForeignKey(
        Room, on_delete=models.CASCADE, null=True, blank=True, related_name="closures", verbose_name=_("部屋")
    )
    first_day = models.DateField(_("最初の日"))
    last_day = models.DateField(_("最後の日"))
    reason = models.CharField(_("理由"), max_length=50, help_text=_("例：改修工事。空き状況のページに出ます。"))
    closed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("決めた人")
    )

    class Meta:
        verbose_name = _("休み")
        verbose_name_plural = _("休み")
        ordering = ["first_day", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="rooms_closure_ends_later"
            )
        ]

    def __str__(self) -> str:
        return self.reason
