"""How much the rooms are used: people, bookings, and of the bands that were open how many were used."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from centres.periods import during
from centres.rooms.models import BookedBand, Booking, BookingStatus, Loan, Room, Use
from centres.rooms.opening import Opening


@dataclass(frozen=True)
class RoomUse:
    """A room in a time: people who used it, bands that were open, and bands that were used."""

    room: Room
    people: int
    bands_open: int
    bands_used: int

    @property
    def rate(self) -> Decimal | None:
        """Bands used of those open in per cent, to one decimal; None where none was open."""
        return rate_of(self.bands_used, self.bands_open)


def rate_of(used: int, opened: int) -> Decimal | None:
    """Return a share in per cent, rounded half up to one decimal; None of nothing."""
    return (Decimal(used * 100) / opened).quantize(Decimal("0.1"), ROUND_HALF_UP) if opened else None


@dataclass(frozen=True)
class RoomsUse:
    """The use of all rooms and spaces in a time.

    `users` are people counted (人), `bookings` what was booked and not cancelled (件), `lendings` how often equipment
    was lent (件).
    """

    users: int
    bookings: int
    lendings: int
    rooms: list[RoomUse]
    has_samples: bool

    @property
    def bands_used(self) -> int:
        return sum(use.bands_used for use in self.rooms)

    @property
    def rate(self) -> Decimal | None:
        """The rate of all rooms that are booked."""
        return rate_of(self.bands_used, sum(use.bands_open for use in self.rooms))


def bands_used(first: date, last: date) -> QuerySet[BookedBand]:
    """Return the bands whose booking's people were counted: a room that was booked and stayed empty was not used."""
    return BookedBand.objects.filter(day__range=(first, last), is_held=True, booking__use__isnull=False)


def bands_open(first: date, last: date) -> dict[Room, int]:
    """Return for each room that is booked how many bands it was open for, up to today.

    A day counts where the centre's rule, Japan's holidays and the closures let the room be open; every day counts the
    bands that the room has now.
    """
    last = min(last, timezone.localdate())
    opening = Opening(first, last)
    days = [first + timedelta(days=later) for later in range((last - first).days + 1)]
    rooms = Room.objects.filter(is_bookable=True).select_related("centre").annotate(bands_a_day=Count("bands"))
    return {
        room: room.bands_a_day * sum(room.is_offered(day) and not opening.closed_because(room, day) for day in days)
        for room in rooms
    }


def use_between(first: date, last: date) -> RoomsUse:
    """Return how the rooms were used from a day to another, last included, in a fixed number of queries."""
    uses = Use.objects.filter(during("used_at", first, last))
    people = dict(uses.order_by().values_list("room").annotate(Sum("people")))
    used = dict(bands_used(first, last).order_by().values_list("room").annotate(Count("pk")))
    opened = bands_open(first, last)
    booked = Booking.objects.filter(day__range=(first, last), status=BookingStatus.BOOKED)
    return RoomsUse(
        users=sum(people.values()),
        bookings=booked.count(),
        lendings=Loan.objects.filter(during("lent_at", first, last)).count(),
        rooms=[
            RoomUse(room, people.get(room.pk, 0), opened.get(room, 0), used.get(room.pk, 0))
            for room in Room.objects.all()
            if room.pk in people or opened.get(room)
        ],
        has_samples=uses.aggregate(any=BoolOr("is_sample", default=False))["any"],
    )
