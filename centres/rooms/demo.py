"""Sample rooms and two years of their use. No source tells the centres' rooms: all are marked サンプル."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from centres.models import Group
from centres.queries import centre_of_municipality
from centres.rooms.models import BookedBand, Booking, Equipment, Room, RoomBand, Use
from centres.rooms.opening import opens_by_rule

PAST, COMING = timedelta(days=730), timedelta(days=28)
MEETING_ROOMS = (("サンプル会議室1", 12), ("サンプル会議室2", 30))
PURPOSES = ("定例会", "役員会", "会報づくり", "勉強会", "催しの準備", "総会")
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
    Equipment.objects.bulk_create(
        Equipment(name=f"サンプル{name}", quantity=quantity, position=position, is_sample=True)
        for position, (name, quantity) in enumerate(EQUIPMENT, start=1)
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
                    made_at=timezone.make_aware(datetime.combine(day - timedelta(days=40), time(10))),
                    is_sample=True,
                )
                bookings.append(booking)
                bands.append(BookedBand(booking=booking, room=room, band=band, day=day, is_held=True))
                if day < today:
                    used_at = timezone.make_aware(datetime.combine(day, band.starts))
                    people = max(1, booking.people - random.randint(0, 3))
                    uses.append(Use(room=room, booking=booking, used_at=used_at, people=people, is_sample=True))
    Booking.objects.bulk_create(bookings)
    BookedBand.objects.bulk_create(bands)
    Use.objects.bulk_create(uses)


def _visits(random: Random, space: Room, days: list[date]) -> Iterator[Use]:
    """People who came in to use the open space, three times a day."""
    for day in days:
        for hour in (10, 13, 16):
            used_at = timezone.make_aware(datetime.combine(day, time(hour, random.randrange(0, 60, 5))))
            yield Use(room=space, used_at=used_at, people=random.choice(VISITS), is_sample=True)
