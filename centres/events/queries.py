"""Reading events and what belongs to them: each page's list in a fixed number of queries."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Case, Count, Exists, F, IntegerField, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from centres.events.models import (
    Attendance,
    Booking,
    BookingContact,
    BookingNotice,
    BookingStatus,
    Event,
    EventKind,
    EventSession,
    EventStatus,
    Introduction,
    ParticipantRetention,
    Satisfaction,
    SurveyAnswer,
)
from centres.models import Group, GroupStanding
from centres.periods import during
from centres.search import matching
from civic.calendar import months_before

SURVEY_DAYS = 14
"""For so many days after an event's last session its survey is open on the web."""
SATISFIED = Q(satisfaction__lte=Satisfaction.SATISFIED)


# ---- what is on ----


@dataclass(frozen=True)
class EventSearch:
    """What somebody looks for among the events; an empty value leaves that question open."""

    q: str = ""
    kind: str = ""
    field: int | None = None

    @property
    def is_narrowed(self) -> bool:
        return self != EventSearch()


def events(search: EventSearch) -> QuerySet[Event]:
    """Return the events that answer a search, in no order, with all that a list shows of them."""
    found = matching(Event.objects.all(), search.q)
    if search.kind:
        found = found.filter(kind=search.kind)
    if search.field is not None:
        found = found.filter(field=search.field)
    return with_seats(found).select_related("group").prefetch_related("sessions")


def public_events(search: EventSearch | None = None) -> QuerySet[Event]:
    """Return the events that everybody may see, those that were called off among them."""
    return events(search or EventSearch()).exclude(status=EventStatus.DRAFT)


def upcoming(found: QuerySet[Event], now: datetime) -> QuerySet[Event]:
    """Return those of which a session is still to end, the nearest first."""
    to_come = Q(sessions__ends_at__gte=now)
    return found.filter(to_come).annotate(next_at=Min("sessions__starts_at", filter=to_come)).order_by("next_at", "pk")


def past(found: QuerySet[Event], now: datetime) -> QuerySet[Event]:
    """Return those whose sessions have all ended, the latest first."""
    ended = found.annotate(last_at=Max("sessions__ends_at")).filter(last_at__lt=now)
    return ended.order_by("-last_at", "-pk")


def undated(found: QuerySet[Event]) -> QuerySet[Event]:
    """Return those that have no session yet."""
    return found.filter(sessions=None).order_by("-pk")


def with_seats(found: QuerySet[Event]) -> QuerySet[Event]:
    """Return the events with `booked` and `waiting`: how many people have a place, and how many wait for one."""

    def people(status: BookingStatus) -> Coalesce:
        of_event = Booking.objects.filter(event=OuterRef("pk"), status=status).order_by()
        total = of_event.values("event").annotate(total=Sum("people")).values("total")
        return Coalesce(Subquery(total, output_field=IntegerField()), 0)

    return found.annotate(booked=people(BookingStatus.BOOKED), waiting=people(BookingStatus.WAITING))


def places_left(event: Event) -> int | None:
    """Return how many people may still come, None where as many as want to. Asks the database."""
    if event.capacity is None:
        return None
    booked = event.bookings.filter(status=BookingStatus.BOOKED).aggregate(people=Coalesce(Sum("people"), 0))
    return int(event.capacity - booked["people"])


def place_in_line(booking: Booking) -> int:
    """Return which in the waiting list a booking is: 1 for the first."""
    return booking.event.bookings.filter(status=BookingStatus.WAITING, pk__lte=booking.pk).count()


# ---- who comes ----


def participants(event: Event) -> QuerySet[Booking]:
    """Return the bookings of an event by who has a place, who waits and who gave it up, with who they are."""
    by_status = Case(*(When(status=status, then=place) for place, status in enumerate(BookingStatus.values)))
    return event.bookings.select_related("contact").order_by(by_status, "pk")


def expected_at(session: EventSession) -> QuerySet[Booking]:
    """Return who has a place, with who they are and `came`: how many people came to a session, None for nobody."""
    came = Attendance.objects.filter(booking=OuterRef("pk"), session=session).values("people")
    bookings = Booking.objects.filter(event=session.event_id, status=BookingStatus.BOOKED)
    return bookings.select_related("contact").annotate(came=Subquery(came)).order_by("pk")


def with_people(sessions: QuerySet[EventSession]) -> QuerySet[EventSession]:
    """Return sessions with `people`: how many came, with a booking or without."""
    of_session = Attendance.objects.filter(session=OuterRef("pk")).order_by()
    ticked = of_session.values("session").annotate(total=Sum("people")).values("total")
    return sessions.annotate(people=F("walk_ins") + Coalesce(Subquery(ticked, output_field=IntegerField()), 0))


def sessions_of(event: Event) -> QuerySet[EventSession]:
    """Return an event's sessions with how many people came."""
    return with_people(event.sessions.all())


def letters_to_send() -> QuerySet[BookingNotice]:
    """Return the letters that have not gone out, of those that somebody can be written to."""
    return BookingNotice.objects.filter(mailed_at=None).exclude(booking__contact=None)


def retention() -> ParticipantRetention:
    """Return for how long participants are kept: the municipality's own rule, or the usual one."""
    return ParticipantRetention.objects.first() or ParticipantRetention()


def contacts_to_purge(today: date) -> QuerySet[BookingContact]:
    """Return who booked an event whose last day is longer ago than the period; the day so many months ago is kept."""
    last_kept = months_before(today, retention().months)
    begins = timezone.make_aware(datetime.combine(last_kept, time.min))
    recent = EventSession.objects.filter(event=OuterRef("booking__event"), ends_at__gte=begins)
    dated = EventSession.objects.filter(event=OuterRef("booking__event"))
    return BookingContact.objects.filter(Exists(dated), ~Exists(recent))


# ---- what they thought, and who met whom ----


@dataclass(frozen=True)
class SurveyTotals:
    """Answers to the surveys of events, how many of them are satisfied or very satisfied, and out of how many people.

    `people` came, at the events where it was counted: of each those at the session that most came to, and not fewer
    than answered. `answers_of_people` are the answers of these events.
    """

    answers: int = 0
    satisfied: int = 0
    people: int = 0
    answers_of_people: int = 0

    @classmethod
    def of_event(cls, answers: int, satisfied: int, most_came: int) -> "SurveyTotals":
        """Return those of one event. Where fewer were counted than answered, whoever answered came."""
        return cls(answers, satisfied, max(most_came, answers), answers) if most_came else cls(answers, satisfied)

    def __add__(self, other: "SurveyTotals") -> "SurveyTotals":
        return SurveyTotals(
            self.answers + other.answers,
            self.satisfied + other.satisfied,
            self.people + other.people,
            self.answers_of_people + other.answers_of_people,
        )

    @property
    def satisfaction(self) -> Decimal | None:
        """Those who were satisfied or very satisfied among those who answered, in per cent; None without answers."""
        return percentage(self.satisfied, self.answers)

    @property
    def response_rate(self) -> Decimal | None:
        """Those who answered among those who came, in per cent; None where nobody's coming was recorded."""
        return percentage(self.answers_of_people, self.people)


@dataclass(frozen=True)
class SurveyResult:
    """What the answers to an event's survey come to."""

    totals: SurveyTotals
    most_came: int
    by_satisfaction: list[tuple[str, int]]
    by_heard_from: list[tuple[str, int]]

    @property
    def is_doubtful(self) -> bool:
        """Whether more answered than were counted, so that one of the two is wrong."""
        return 0 < self.most_came < self.totals.answers


def percentage(part: int, whole: int) -> Decimal | None:
    """Return a share in per cent, not rounded; None of nothing."""
    return Decimal(part) * 100 / Decimal(whole) if whole else None


def survey_result(event: Event) -> SurveyResult:
    """Return what the answers come to, and how many of those who came have answered."""
    answers = list(event.answers.values_list("satisfaction", "heard_from"))
    satisfaction = Counter(given for given, _heard in answers)
    heard_from = Counter(heard for _given, heard in answers if heard)
    labels = dict(SurveyAnswer._meta.get_field("heard_from").flatchoices)
    most_came = max((session.people for session in sessions_of(event)), default=0)  # type: ignore[attr-defined]
    satisfied = sum(count for given, count in satisfaction.items() if given <= Satisfaction.SATISFIED)
    return SurveyResult(
        SurveyTotals.of_event(len(answers), satisfied, most_came),
        most_came,
        by_satisfaction=[(str(step.label), satisfaction[step]) for step in Satisfaction],
        by_heard_from=[(str(label), heard_from[value]) for value, label in labels.items() if heard_from[value]],
    )


def survey_closes_at(event: Event) -> datetime | None:
    """Return until when the survey can be answered on the web; None for an event without a session."""
    last = max((session.ends_at for session in event.sessions.all()), default=None)
    return last + timedelta(days=SURVEY_DAYS) if last else None


def survey_is_open(event: Event, now: datetime) -> bool:
    """Return whether the survey can be answered on the web: from the first session's beginning on, for a time."""
    first = min((session.starts_at for session in event.sessions.all()), default=None)
    closes = survey_closes_at(event)
    return event.status == EventStatus.PUBLISHED and first is not None and closes is not None and first <= now <= closes


def introductions(event: Event) -> QuerySet[Introduction]:
    return event.introductions.select_related("one", "other")


def groups_to_choose() -> QuerySet[Group]:
    """Return the groups that can be named; a number that leads to another group names nothing of its own."""
    return Group.objects.exclude(standing=GroupStanding.MERGED).order_by("name_kana", "number")


# ---- for the month's report ----


@dataclass(frozen=True)
class HeldEvent:
    """An event as a month's report lists it.

    `sessions` and `people` are those of the month; `survey` and `introductions` are the whole event's.
    """

    event: Event
    sessions: int
    people: int
    survey: SurveyTotals
    introductions: int


def held_between(first: date, last: date) -> QuerySet[Event]:
    """Return the events whose first session was on one of the days, last included, and is over, with `first_at`."""
    held = Event.objects.filter(status=EventStatus.PUBLISHED, sessions__ends_at__lte=timezone.now())
    return held.annotate(first_at=Min("sessions__starts_at")).filter(during("first_at", first, last))


def course_surveys(first: date, last: date) -> SurveyTotals:
    """Return what the surveys of the courses come to whose first session was on one of the days, at two queries."""
    courses = held_between(first, last).filter(kind=EventKind.COURSE).order_by().values("pk")
    return sum(_surveys_of(courses).values(), SurveyTotals())


def _surveys_of(events: Collection[int] | QuerySet) -> dict[int, SurveyTotals]:
    """The survey of each event that had a session, at two queries."""
    asked = SurveyAnswer.objects.filter(event__in=events).order_by().values_list("event")
    answers = {
        event: (total, satisfied)
        for event, total, satisfied in asked.annotate(total=Count("*"), satisfied=Count("pk", filter=SATISFIED))
    }
    most: dict[int, int] = {}
    for session in with_people(EventSession.objects.filter(event__in=events)):
        most[session.event_id] = max(most.get(session.event_id, 0), session.people)  # type: ignore[attr-defined]
    return {event: SurveyTotals.of_event(*answers.get(event, (0, 0)), people) for event, people in most.items()}


def held_events(first: date, last: date) -> list[HeldEvent]:
    """Return the events that had a session on one of the days, last included, by when it was, at four queries.

    Those that were called off are left out, and so are sessions that are still to end.
    """
    held = EventSession.objects.filter(
        during("starts_at", first, last), ends_at__lte=timezone.now(), event__status=EventStatus.PUBLISHED
    )
    sessions: dict[int, list[EventSession]] = {}
    for session in with_people(held).select_related("event__group"):
        sessions.setdefault(session.event_id, []).append(session)
    surveys = _surveys_of(sessions)
    met = dict(
        Introduction.objects.filter(event__in=sessions).order_by().values_list("event").annotate(total=Count("*"))
    )
    return [
        HeldEvent(
            of_event[0].event,
            len(of_event),
            sum(session.people for session in of_event),  # type: ignore[attr-defined]
            surveys[event],
            met.get(event, 0),
        )
        for event, of_event in sessions.items()
    ]
