"""What stands against a booking: the centre's closed days, what is taken, and the room's own rules."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from centres.models import Entitlement, Group
from centres.rooms.models import BookedBand, Booking, BookingStatus, Room, RoomBand
from centres.rooms.opening import Opening, booking_opens
from civic.calendar import era_date

# Use that was forgotten may be entered for so long.
ENTERED_LATER = timedelta(days=31)


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to book. Without a group, or as the centre's exception, the room's rules do not hold."""

    room: Room
    day: date
    bands: list[RoomBand]
    purpose: str
    people: int
    group: Group | None = None
    is_exception: bool = False

    @property
    def is_free_of_rules(self) -> bool:
        return self.group is None or self.is_exception


def open_bookings(room: Room, group: Group, today: date) -> QuerySet[Booking]:
    """Return what a group has of a room that is not used yet, wishes included."""
    waiting = [BookingStatus.WISHED, BookingStatus.BOOKED]
    return Booking.objects.filter(room=room, group=group, status__in=waiting, day__gte=today)


@dataclass
class BookingRules:
    """Whether a room can be had, on days of a span. Reads everything once; whoever books has the room locked meanwhile.

    `granted` counts what has been promised since by `why_not`'s caller, for several bookings at once.
    """

    room: Room
    group: Group | None
    first: date
    last: date
    granted: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._now = timezone.now()
        self._today = timezone.localdate(self._now)
        self._opening = Opening(self.first, self.last)
        held = BookedBand.objects.filter(room=self.room, day__range=(self.first, self.last), is_held=True)
        self._held = set(held.values_list("day", "band"))
        self._open = open_bookings(self.room, self.group, self._today).count() if self.group else 0
        months = Booking.objects.filter(room=self.room, status=BookingStatus.WISHED).values_list(
            "day__year", "day__month"
        )
        self._awaiting_draw = Counter(months)

    def is_first_day(self, day: date) -> bool:
        """Return whether what is asked for now, for a day, goes to a draw."""
        return self.room.draws_first_day and timezone.localdate(booking_opens(self.room, day)) == self._today

    def why_not(self, wanted: Wanted) -> str:
        """Return in plain words what stands against a booking, or nothing."""
        day = wanted.day
        if not self.room.is_bookable or not self.room.is_offered(day):
            return _("この日は、この部屋の予約を受け付けていません。")
        if reason := self._opening.closed_because(self.room, day):
            return _("この日は使えません（%(reason)s）。") % {"reason": reason}
        if wanted.is_free_of_rules:
            if day < self._today - ENTERED_LATER:
                return _("31日より前の日は記録できません。日付をお確かめください。")
        elif wanted.group and not wanted.group.may(Entitlement.NEW_BOOKINGS):
            return _("この団体は、いまは新しい予約ができません（%(standing)s）。") % {
                "standing": wanted.group.get_standing_display()
            }
        elif broken := self._broken_rule(day, wanted.bands):
            return broken
        if any((day, band.pk) in self._held for band in wanted.bands):
            return _("ほかの予約が入っています。")
        return ""

    def status_of(self, wanted: Wanted) -> BookingStatus:
        """Return as what a booking that nothing stands against begins."""
        return BookingStatus.WISHED if self._is_wish(wanted) else BookingStatus.BOOKED

    def _is_wish(self, wanted: Wanted) -> bool:
        return not wanted.is_free_of_rules and self.is_first_day(wanted.day)

    def _broken_rule(self, day: date, bands: Iterable[RoomBand]) -> str:
        ends = min(timezone.make_aware(datetime.combine(day, band.ends)) for band in bands)
        if ends <= self._now:
            return _("もう過ぎた時間です。")
        opens = booking_opens(self.room, day)
        if self._now < opens:
            return _("この日の予約は、%(day)s %(time)sから受け付けます。") % {
                "day": era_date(timezone.localdate(opens)),
                "time": f"{timezone.localtime(opens):%-H:%M}",
            }
        if self._awaiting_draw[day.year, day.month] and not self.is_first_day(day):
            return _("この月の抽選がまだすんでいません。結果が出てから申し込んでください。")
        if self._open + self.granted >= self.room.bookings_at_once:
            return _("この部屋で同時に持てる予約は%(most)s件までです。") % {"most": self.room.bookings_at_once}
        return ""


@dataclass(frozen=True)
class Occasion:
    """One of several days that somebody wants, why it cannot be had, and as what it would begin."""

    wanted: Wanted
    why_not: str
    is_wish: bool


def occasions(wanted: Sequence[Wanted]) -> list[Occasion]:
    """Return for each of several days of a room, wanted for one group, whether it can be had with those before it."""
    days = [one.day for one in wanted]
    rules = BookingRules(wanted[0].room, wanted[0].group, min(days), max(days))
    found = []
    for one in wanted:
        why_not = rules.why_not(one)
        rules.granted += not why_not
        found.append(Occasion(one, why_not, rules.status_of(one) == BookingStatus.WISHED))
    return found


def last_day_to_cancel(booking: Booking) -> date:
    """Return until when a group may cancel a booking by itself."""
    return booking.day - timedelta(days=booking.room.cancel_days_before)
