"""Reading the rooms: each page's list in a fixed number of queries."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from centres.models import Entitlement, Group
from centres.models.standing import standings_with
from centres.periods import during
from centres.rooms.drawing import Wish, draw
from centres.rooms.models import (
    BookedBand,
    Booking,
    BookingStatus,
    Closure,
    Draw,
    Equipment,
    Loan,
    Room,
    RoomNotice,
    Use,
)
from centres.rooms.opening import booking_opens
from civic.calendar import fiscal_year_of

# ---- rooms ----


def all_rooms() -> QuerySet[Room]:
    """Return every room and space with its bands, those not used any more last."""
    return Room.objects.prefetch_related("bands").order_by(F("offered_until").desc(nulls_first=True), "position", "pk")


def rooms_in_use() -> QuerySet[Room]:
    """Return the rooms and spaces that are not gone, each with its centre."""
    is_there = Q(offered_until=None) | Q(offered_until__gte=timezone.localdate())
    return Room.objects.filter(is_there).select_related("centre")


def bookable_rooms() -> QuerySet[Room]:
    """Return the rooms that can be booked, each with its centre and bands."""
    return rooms_in_use().filter(is_bookable=True).prefetch_related("bands")


def open_spaces() -> QuerySet[Room]:
    """Return the spaces that are used without booking."""
    return rooms_in_use().filter(is_bookable=False)


def groups_that_may_book() -> QuerySet[Group]:
    """Return the groups that may book rooms, as their standing with the centre lets them."""
    standings = standings_with(Entitlement.NEW_BOOKINGS)
    return Group.objects.filter(standing__in=standings).order_by("name_kana", "number")


# ---- bookings ----


def _with_all(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    """The bookings with all that a list or a letter says of them."""
    bands = Prefetch("bands", BookedBand.objects.select_related("band"))
    return bookings.select_related("room__centre", "group", "draw", "use").prefetch_related(bands)


@dataclass(frozen=True)
class BookingSearch:
    """Which bookings somebody looks for; an empty value leaves that question open."""

    room: Room | None = None
    group: Group | None = None
    status: str = ""
    since: date | None = None
    until: date | None = None


def bookings(search: BookingSearch) -> QuerySet[Booking]:
    """Return the bookings that answer a search, by day, with all that a list shows of them."""
    found = Booking.objects.all()
    if search.room:
        found = found.filter(room=search.room)
    if search.group:
        found = found.filter(group=search.group)
    if search.status:
        found = found.filter(status=search.status)
    if search.since:
        found = found.filter(day__gte=search.since)
    if search.until:
        found = found.filter(day__lte=search.until)
    return _with_all(found)


def booking_with_all(pk: int) -> Booking:
    """Return a booking with all that its page shows. Raises Booking.DoesNotExist."""
    return _with_all(Booking.objects.select_related("made_by", "cancelled_by")).get(pk=pk)


def bookings_within(closure: Closure) -> QuerySet[Booking]:
    """Return what a closure, kept or not yet, puts an end to: bookings and wishes from its first day to its last."""
    found = Booking.objects.filter(
        day__range=(closure.first_day, closure.last_day), status__in=[BookingStatus.BOOKED, BookingStatus.WISHED]
    )
    return _with_all(found.filter(use=None) if closure.room is None else found.filter(use=None, room=closure.room))


def bookings_to_release(today: date) -> QuerySet[Booking]:
    """Return what is booked or wished for from a day on by groups whose standing lets them have no bookings."""
    found = Booking.objects.filter(day__gte=today, status__in=[BookingStatus.BOOKED, BookingStatus.WISHED], use=None)
    return _with_all(found.exclude(group=None).exclude(group__standing__in=standings_with(Entitlement.BOOKINGS)))


def closures(today: date) -> QuerySet[Closure]:
    """Return the closures that are not over on a day."""
    return Closure.objects.filter(last_day__gte=today).select_related("room", "closed_by")


# ---- draws ----


@dataclass(frozen=True)
class Awaiting:
    """A room and month that have wishes, by the month's first day."""

    room: int
    room_name: str
    month: date
    wishes: int


def months_awaiting_draw() -> list[Awaiting]:
    """Return each room and month that have wishes, and how many."""
    waiting = Booking.objects.filter(status=BookingStatus.WISHED).annotate(month=TruncMonth("day"))
    counted = waiting.order_by("month", "room__position").values_list("room", "room__name", "month")
    return [Awaiting(*row) for row in counted.annotate(Count("pk"))]


def draws() -> QuerySet[Draw]:
    """Return the draws that were held, the latest first, each with the number of its wishes."""
    held = Draw.objects.select_related("room", "drawn_by")
    granted = Count("wishes", filter=~Q(wishes__status=BookingStatus.LOST))
    return held.annotate(wished=Count("wishes"), granted=granted).order_by("-drawn_at", "-pk")


def wishes_of(held: Draw) -> QuerySet[Booking]:
    """Return the wishes of a draw in the order in which they were made."""
    return _with_all(held.wishes.order_by("pk"))


def month_of(day: date) -> tuple[date, date]:
    """Return the first and the last day of a day's month."""
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def wishes_of_month(room: Room, month: date) -> QuerySet[Booking]:
    """Return the wishes for a room in a month that wait for their draw."""
    return _with_all(Booking.objects.filter(room=room, day__range=month_of(month), status=BookingStatus.WISHED))


def draws_due() -> list[tuple[Room, date]]:
    """Return each room and month that have wishes and whose day for wishes is over."""
    today = timezone.localdate()
    waiting = Booking.objects.filter(status=BookingStatus.WISHED).select_related("room__centre")
    months = {(booking.room, booking.day.replace(day=1)) for booking in waiting}
    due = [(room, month) for room, month in months if timezone.localdate(booking_opens(room, month)) < today]
    return sorted(due, key=lambda one: (one[1], one[0].position, one[0].pk))


def draw_again(held: Draw, wishes: Iterable[Booking]) -> set[int]:
    """Return the numbers of the wishes that a draw grants, by its seed: the same whenever it is asked.

    What was booked in the month besides, when it was held, is out of the draw.
    """
    booked_then = Q(booking__status=BookingStatus.BOOKED) | Q(booking__cancelled_at__gt=held.drawn_at)
    taken = BookedBand.objects.filter(
        booked_then,
        room=held.room_id,
        day__range=month_of(held.month),
        booking__draw=None,
        booking__made_at__lte=held.drawn_at,
    )
    return draw(
        [
            Wish(wish.pk, wish.group_id, frozenset((wish.day, booked.band_id) for booked in wish.bands.all()))
            for wish in wishes
            if wish.group_id is not None
        ],
        taken.values_list("day", "band"),
        held.seed,
    )


def bookings_told(notice: RoomNotice) -> QuerySet[Booking]:
    """Return the bookings that a letter tells of."""
    if notice.draw:
        return _with_all(notice.draw.wishes.filter(group=notice.group))
    return _with_all(Booking.objects.filter(pk__in=[notice.booking_id]))


# ---- equipment ----


def equipment() -> QuerySet[Equipment]:
    """Return what the centre lends."""
    return Equipment.objects.all()


def loans_out() -> QuerySet[Loan]:
    """Return what is lent and not back, the longest due first."""
    return Loan.objects.filter(returned_at=None).select_related("equipment", "group", "lent_by")


# ---- use ----


@dataclass(frozen=True)
class UseSearch:
    """Which records of use somebody looks for; an empty value leaves that question open."""

    room: Room | None = None
    since: date | None = None
    until: date | None = None


def uses(search: UseSearch) -> QuerySet[Use]:
    """Return the records of use that answer a search, the latest first, with all that a list shows of them."""
    found = Use.objects.all()
    if search.room:
        found = found.filter(room=search.room)
    if search.since:
        found = found.filter(used_at__date__gte=search.since)
    if search.until:
        found = found.filter(used_at__date__lte=search.until)
    return found.select_related("room", "booking__group", "recorded_by")


def first_fiscal_year_of_use() -> int | None:
    """Return the fiscal year of the first record of use, or None where there is none."""
    first = Use.objects.order_by("used_at").values_list("used_at", flat=True).first()
    return fiscal_year_of(timezone.localdate(first)) if first else None


def people_in(found: QuerySet[Use]) -> int:
    """Return how many people records of use count."""
    return found.aggregate(people=Sum("people"))["people"] or 0


def bookings_to_count(day: date) -> QuerySet[Booking]:
    """Return the bookings of a day, with their use where it is recorded."""
    return _with_all(Booking.objects.filter(day=day, status=BookingStatus.BOOKED))


def last_counted(day: date) -> Use | None:
    """Return what was counted last on a day without a booking: the next is often in the same place."""
    return Use.objects.filter(during("used_at", day, day), booking=None).select_related("room").first()
