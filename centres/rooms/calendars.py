"""Which rooms are free when, by day, week or month."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import jpholiday
from django.db.models import Prefetch, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.rooms.models import BookedBand, Booking, BookingStatus, Room, RoomBand
from centres.rooms.opening import Opening, booking_opens
from centres.rooms.queries import month_of


class Span(TextChoices):
    """How much of the calendar is shown at once."""

    WEEK = "week", _("1週間")
    DAY = "day", _("1日")
    MONTH = "month", _("1か月")

    def days(self, day: date) -> list[date]:
        """Return the days shown for a day: a week begins with it, a month is the whole of its own."""
        if self is Span.MONTH:
            first, last = month_of(day)
            return [first + timedelta(days=later) for later in range((last - first).days + 1)]
        return [day + timedelta(days=later) for later in range(7 if self is Span.WEEK else 1)]


class State(TextChoices):
    """What a band of a day is to somebody who wants it."""

    FREE = "free", _("空き")
    TAKEN = "taken", _("予約あり")
    NOT_YET = "not_yet", _("受付前")
    DRAWING = "drawing", _("抽選の申込み")
    PAST = "past", _("終了")


@dataclass(frozen=True)
class Cell:
    """A band on a day. Whoever shows it to the public shows neither the booking nor how many wish for it."""

    band: RoomBand
    state: State
    booking: Booking | None
    wishes: int

    @property
    def can_be_asked_for(self) -> bool:
        return self.state in (State.FREE, State.DRAWING)


@dataclass(frozen=True)
class Day:
    """A day of a room: why it is closed, or its bands."""

    day: date
    holiday: str
    closed_because: str
    cells: list[Cell]


@dataclass(frozen=True)
class RoomCalendar:
    room: Room
    days: list[Day]


def room_calendars(rooms: Iterable[Room], days: list[date], now: datetime) -> list[RoomCalendar]:
    """Return the calendars of rooms, which have their centre and bands, in three queries whatever their number."""
    rooms = list(rooms)
    opening = Opening(days[0], days[-1])
    booked = BookedBand.objects.filter(
        room__in=rooms,
        day__range=(days[0], days[-1]),
        booking__status__in=[BookingStatus.BOOKED, BookingStatus.WISHED],
    ).prefetch_related(Prefetch("booking", Booking.objects.select_related("group")))
    holders = {(one.day, one.band_id): one.booking for one in booked if one.is_held}
    wishes = Counter((one.day, one.band_id) for one in booked if not one.is_held)

    def day_of(room: Room, day: date) -> Day:
        closed_because = opening.closed_because(room, day) if room.is_offered(day) else str(_("使えません"))
        opens = booking_opens(room, day)
        cells = [
            Cell(band, _state(room, day, band, holder, opens, now), holder, wishes[day, band.pk])
            for band in ([] if closed_because else room.bands.all())
            for holder in [holders.get((day, band.pk))]
        ]
        return Day(day, jpholiday.is_holiday_name(day) or "", closed_because, cells)

    return [RoomCalendar(room, [day_of(room, day) for day in days]) for room in rooms]


def _state(room: Room, day: date, band: RoomBand, holder: Booking | None, opens: datetime, now: datetime) -> State:
    if timezone.make_aware(datetime.combine(day, band.ends)) <= now:
        return State.PAST
    if holder:
        return State.TAKEN
    if now < opens:
        return State.NOT_YET
    is_first_day = timezone.localdate(opens) == timezone.localdate(now)
    return State.DRAWING if room.draws_first_day and is_first_day else State.FREE
