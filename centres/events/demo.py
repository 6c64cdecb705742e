"""Sample events that show announcing, booking, attendance and surveys at work. Nobody is named in them."""

import csv
from datetime import date, datetime, time, timedelta
from itertools import combinations
from pathlib import Path
from random import Random

from django.utils import timezone

from centres.events.models import (
    AnswerWay,
    Attendance,
    Booking,
    BookingContact,
    BookingSource,
    BookingStatus,
    Event,
    EventSession,
    EventStatus,
    HeardFrom,
    Introduction,
    Satisfaction,
    SurveyAnswer,
)
from centres.models import Group
from centres.queries import centre_of_municipality

# Days from today to the first session of each event of the file; those to come are fewer than those that were. What was
# held this year was held a year before, too: on the same day of the week.
DAYS = (-330, -301, -272, -244, -215, -187, -158, -129, -100, -72, -44, -23, -9, 6, 13, 20, 34, 48)
A_YEAR = 364
WEEKS_BETWEEN_SESSIONS = 2
SATISFACTION = {
    Satisfaction.VERY_SATISFIED: 45,
    Satisfaction.SATISFIED: 38,
    Satisfaction.NEITHER: 11,
    Satisfaction.DISSATISFIED: 5,
    Satisfaction.VERY_DISSATISFIED: 1,
}
COMMENTS = (
    "具体的な例が多く、わかりやすかったです。",
    "ほかの団体の方と話せてよかったです。",
    "もう少し時間がほしかったです。",
    "資料をあとで見返せるのが助かります。",
    "会場がすこし寒かったです。",
)
WISHES = ("会計の基本をもう一度。", "SNSでの知らせ方。", "若い人に来てもらう工夫。", "助成金の報告書の書き方。")


def load_demo(random: Random) -> None:
    """Add two years of events of the centre, some still to come, unless there are sample events already.

    To be called inside `acting_as`, once the sample groups are there: some of them meet at the exchanges.
    """
    if Event.objects.filter(is_sample=True).exists():
        return
    with (Path(__file__).parent / "demo.csv").open() as file:
        rows = list(csv.DictReader(file))
    groups = list(Group.objects.filter(is_sample=True).order_by("number")[:40])
    this_year = list(zip(DAYS, rows, strict=True))
    last_year = [(days - A_YEAR, row) for days, row in this_year if days < 0]
    for days, row in last_year + this_year:
        event, sessions = _event(row, timezone.localdate() + timedelta(days=days))
        bookings = _bookings(random, event, sessions[0].starts_at)
        if days < 0:
            _held(random, event, sessions, bookings)
            if event.introduces:
                _introduce(random, event, groups)


def _event(row: dict[str, str], day: date) -> tuple[Event, list[EventSession]]:
    centre = centre_of_municipality()
    event = Event.objects.create(
        title=row["title"],
        title_kana=row["kana"],
        kind=row["kind"],
        status=EventStatus.PUBLISHED,
        published_at=timezone.now() + min(timedelta(), day - timezone.localdate()) - timedelta(days=30),
        field=int(row["field"]),
        summary=row["summary"],
        audience=row["audience"],
        fee=int(row["fee"]),
        place_name=row["place"] or (centre.name if centre else "市役所"),
        place_address=centre.address if centre and not row["place"] else "",
        capacity=int(row["capacity"]),
        is_sample=True,
    )
    sessions = [
        EventSession(event=event, starts_at=_moment(on, row["starts"]), ends_at=_moment(on, row["ends"]))
        for on in (day + timedelta(weeks=WEEKS_BETWEEN_SESSIONS * number) for number in range(int(row["sessions"])))
    ]
    return event, EventSession.objects.bulk_create(sessions)


def _moment(day: date, clock: str) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.fromisoformat(clock)))


def _bookings(random: Random, event: Event, starts_at: datetime) -> list[Booking]:
    """So many people that some events are full; whoever comes too late waits."""
    left = event.capacity or 0
    wanted = round(left * random.choice((0.5, 0.7, 0.9, 1.15)))
    bookings, waits = [], False
    for number in range(wanted):
        people = 2 if random.random() < 0.15 else 1
        waits = waits or people > left
        left -= 0 if waits else people
        bookings.append(
            Booking(
                event=event,
                people=people,
                status=BookingStatus.WAITING if waits else BookingStatus.BOOKED,
                source=BookingSource.WEB if random.random() < 0.7 else BookingSource.COUNTER,
                booked_at=min(timezone.now(), starts_at) - timedelta(days=20, hours=-number),
            )
        )
    Booking.objects.bulk_create(bookings)
    BookingContact.objects.bulk_create(
        BookingContact(booking=booking, name=f"サンプル参加者{number}")
        for number, booking in enumerate(bookings, start=1)
    )
    return [booking for booking in bookings if booking.holds_a_place]


def _held(random: Random, event: Event, sessions: list[EventSession], bookings: list[Booking]) -> None:
    """Most of those who booked came, some came without, and half of them answered."""
    came = 0
    for session in sessions:
        here = [booking for booking in bookings if random.random() < 0.88]
        Attendance.objects.bulk_create(
            Attendance(booking=booking, session=session, people=booking.people) for booking in here
        )
        session.walk_ins = random.choice((0, 0, 1, 2))
        session.save(update_fields=["walk_ins"])
        came = max(came, sum(booking.people for booking in here))
    answers = round(came * random.uniform(0.45, 0.8))
    SurveyAnswer.objects.bulk_create(
        SurveyAnswer(
            event=event,
            satisfaction=random.choices([*SATISFACTION], [*SATISFACTION.values()])[0],
            heard_from=random.choice(HeardFrom.values),
            comment=random.choice(COMMENTS) if random.random() < 0.3 else "",
            wish=random.choice(WISHES) if random.random() < 0.2 else "",
            way=random.choice(AnswerWay.values),
            answered_at=sessions[-1].ends_at + timedelta(minutes=random.randint(1, 90)),
        )
        for _number in range(answers)
    )


def _introduce(random: Random, event: Event, groups: list[Group]) -> None:
    pairs = list(combinations(sorted(random.sample(groups, min(5, len(groups))), key=lambda group: group.pk), 2))
    Introduction.objects.bulk_create(
        Introduction(event=event, one=one, other=other) for one, other in random.sample(pairs, min(3, len(pairs)))
    )
