"""Sample rooms and two years of their use. No source tells the centres' rooms: all are marked サンプル."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from centres.models import Group
from centres.queries import centre_of_municipality
from centres.rooms.models import (
    BookedBand,
    Booking,
    BookingStatus,
    Closure,
    Draw,
    Equipment,
    Loan,
    Room,
    RoomBand,
    Use,
)
from centres.rooms.opening import opens_by_rule
from centres.rooms.queries import draw_again, wishes_of
from civic.calendar import months_before

PAST, COMING = timedelta(days=730), timedelta(days=28)
MEETING_ROOMS = (("サンプル会議室1", 12), ("サンプル会議室2", 30))
PURPOSES = ("定例会", "役員会", "会報づくり", "勉強会", "催しの準備", "総会")
LOANS, LOAN = 60, timedelta(days=7)
"""How often something was lent, and for how long."""
EQUIPMENT = (("プロジェクター", 2), ("ワイヤレスマイク", 4), ("テント", 3), ("のぼり旗", 20))
VISITS = (1, 1, 2, 2, 3, 4, 6)
# Bands as they are usual (9–12, 13–17, 18–22), and those of a centre that closes earlier.
USUAL = (("午前", time(9), time(12)), ("午後", time(13), time(17)), ("夜間", time(18), time(22)))
DAYTIME = (("午前", time(9, 30), time(12, 30)), ("午後", time(13), time(18)))
EVENING = time(20)


def load_demo(random: Random) -> None:
    """Add rooms and their use, unless there are sample rooms already. Run inside `acting_as`, after the groups'."""
    if Room.objects.filter(is_sample=True).exists():
        return
    rooms = _add_rooms()
    space = Room.objects.filter(is_bookable=False).order_by("position").first() or _add(
        "サンプル交流スペース", description="どなたでも、予約なしで使えます。", is_bookable=False, position=9
    )
    today = timezone.localdate()
    days = [today + timedelta(days=later) for later in range(-PAST.days, COMING.days)]
    open_days = [day for day in days if opens_by_rule(space.centre, day)]
    _add_bookings(random, rooms, open_days)
    Use.objects.bulk_create(_visits(random, space, [day for day in open_days if day < today]))
    _add_loans(random, open_days)
    _add_draw(random, rooms[0])
    Closure.objects.create(
        room=rooms[-1],
        first_day=today + COMING + timedelta(days=10),
        last_day=today + COMING + timedelta(days=11),
        reason="サンプル：空調の点検",
    )


def _add(name: str, **values: object) -> Room:
    since = timezone.localdate() - PAST
    return Room.objects.create(name=name, centre=centre_of_municipality(), offered_from=since, is_sample=True, **values)


def _add_rooms() -> list[Room]:
    """Two rooms by bands, and one by the hour."""
    centre = centre_of_municipality()
    closes = centre.closes if centre and centre.closes else USUAL[-1][2]
    bands = DAYTIME if closes < EVENING else USUAL
    meeting_rooms = [
        _add(name, capacity=capacity, position=position)
        for position, (name, capacity) in enumerate(MEETING_ROOMS, start=1)
    ]
    by_hour = _add("サンプル印刷室", position=3, opens_months_before=1, draws_first_day=False, cancel_days_before=0)
    RoomBand.objects.bulk_create(
        [
            *(
                RoomBand(room=room, name=name, starts=starts, ends=ends)
                for room in meeting_rooms
                for name, starts, ends in bands
            ),
            *(
                RoomBand(room=by_hour, name=f"{hour}時", starts=time(hour), ends=time(hour + 1))
                for hour in range(10, 17)
            ),
        ]
    )
    return meeting_rooms


def _add_bookings(random: Random, rooms: list[Room], days: list[date]) -> None:
    """Bookings of sample groups, and the people who came with those that are over."""
    groups = list(Group.objects.filter(is_sample=True).order_by("number"))
    today = timezone.localdate()
    bookings, bands, uses = [], [], []
    for room in rooms:
        for day in days:
            for band in room.bands.all():
                if random.random() > 0.35:
                    continue
                booking = Booking(
                    room=room,
                    day=day,
                    group=random.choice(groups),
                    purpose=random.choice(PURPOSES),
                    people=random.randint(4, room.capacity or 12),
                    made_at=_at(day - timedelta(days=40), time(10)),
                    is_sample=True,
                )
                bookings.append(booking)
                bands.append(BookedBand(booking=booking, room=room, band=band, day=day, is_held=True))
                if day < today:
                    used_at = _at(day, band.starts)
                    people = max(1, booking.people - random.randint(0, 3))
                    uses.append(Use(room=room, booking=booking, used_at=used_at, people=people, is_sample=True))
    Booking.objects.bulk_create(bookings)
    BookedBand.objects.bulk_create(bands)
    Use.objects.bulk_create(uses)


def _add_loans(random: Random, days: list[date]) -> None:
    """Equipment, lent now and then; of the last two loans one is still out, the other should have come back."""
    groups = list(Group.objects.filter(is_sample=True).order_by("number"))
    today = timezone.localdate()
    things = [
        Equipment.objects.create(name=f"サンプル{name}", quantity=quantity, position=position, is_sample=True)
        for position, (name, quantity) in enumerate(EQUIPMENT, start=1)
    ]
    lent_on = sorted(random.sample([day for day in days if day < today - 2 * LOAN], LOANS))
    loans = [
        Loan(
            equipment=random.choice(things),
            group=random.choice(groups),
            lent_at=_at(day, time(10)),
            due_on=day + LOAN,
            returned_at=_at(day + LOAN, time(16)),
            is_sample=True,
        )
        for day in lent_on
    ]
    for thing, due_on in ((things[0], today + LOAN), (things[-1], today - timedelta(days=2))):
        lent_at = _at(due_on - LOAN, time(10))
        loans.append(Loan(equipment=thing, group=random.choice(groups), lent_at=lent_at, due_on=due_on, is_sample=True))
        thing.lent = 1
        thing.save(update_fields=["lent"])
    Loan.objects.bulk_create(loans)


def _add_draw(random: Random, room: Room) -> None:
    """A draw of this month's first day: three groups for one afternoon, and one alone for a morning."""
    today = timezone.localdate()
    month = months_before(today.replace(day=1), -room.opens_months_before)
    drawn_at = min(timezone.now(), _at(today.replace(day=2), time(6, 30)))
    held = Draw.objects.create(room=room, month=month, seed=f"{random.getrandbits(128):032x}", drawn_at=drawn_at)
    days = [month + timedelta(days=later) for later in range(28)]
    first, second = [day for day in days if opens_by_rule(room.centre, day)][:2]
    morning, afternoon, *_evening = room.bands.all()
    groups = random.sample(list(Group.objects.filter(is_sample=True).order_by("number")), 4)
    for group, day, band in zip(groups, (first, first, first, second), (*[afternoon] * 3, morning), strict=True):
        wish = Booking.objects.create(
            room=room,
            day=day,
            group=group,
            purpose=random.choice(PURPOSES),
            people=room.capacity or 10,
            status=BookingStatus.LOST,
            draw=held,
            made_at=drawn_at - timedelta(hours=20),
            is_sample=True,
        )
        BookedBand.objects.create(booking=wish, room=room, band=band, day=day, is_held=False)
    granted = draw_again(held, wishes_of(held))
    Booking.objects.filter(pk__in=granted).update(status=BookingStatus.BOOKED)


def _at(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))


def _visits(random: Random, space: Room, days: list[date]) -> Iterator[Use]:
    """People who came in to use the open space, three times a day."""
    for day in days:
        for hour in (10, 13, 16):
            used_at = _at(day, time(hour, random.randrange(0, 60, 5)))
            yield Use(room=space, used_at=used_at, people=random.choice(VISITS), is_sample=True)
