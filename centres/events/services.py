"""What happens to events: each function is one thing, in one transaction.

EventRefused says, in words for whoever asked, why it cannot be done.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from centres.events.models import (
    TRANSITIONS,
    AnswerWay,
    Attendance,
    Booking,
    BookingContact,
    BookingNotice,
    BookingSource,
    BookingStatus,
    Event,
    EventSession,
    EventStatus,
    Introduction,
    SurveyAnswer,
)
from centres.events.queries import contacts_to_purge, letters_to_send, places_left, survey_is_open
from centres.events.sending import send_booking_notice
from centres.models import Group, Referral
from civic.calendar import era_date

Kind = BookingNotice.Kind


class EventRefused(Exception):
    """It cannot be done. The message is a plain Japanese sentence for whoever asked."""


# ---- the event ----


@transaction.atomic
def plan_event(event: Event, first: EventSession) -> None:
    """Write down a new event, as a draft, with its first session."""
    event.save()
    first.event = event
    first.save()


@transaction.atomic
def change_event(event: Event) -> None:
    """Correct what is said of an event; where there is more room than before, those who wait move up.

    Raises EventRefused where more people have a place than would have room.
    """
    stands = _lock(event)
    for name in ("status", "published_at", "cancelled_because"):
        setattr(event, name, getattr(stands, name))
    left = places_left(event)
    if left is not None and left < 0:
        raise EventRefused(
            _("すでに%(booked)s人が申し込んでいます。定員をこれより少なくできません。")
            % {"booked": (event.capacity or 0) - left}
        )
    event.save()
    _move_up(event)


@transaction.atomic
def add_session(session: EventSession) -> None:
    """Add a session. Raises EventRefused where the event has one that begins at the same moment, or is called off."""
    event = _lock(session.event)
    if event.is_cancelled:
        raise EventRefused(_("中止した催しには、日程を加えられません。"))
    if event.sessions.filter(starts_at=session.starts_at).exists():
        raise EventRefused(_("同じ日時の日程が、もうあります。"))
    session.save()


@transaction.atomic
def remove_session(session: EventSession) -> None:
    """Remove a session, and write to all who booked or wait.

    Raises EventRefused for the only one of a published event, or where somebody came.
    """
    event = _lock(session.event)
    if event.status != EventStatus.DRAFT and event.sessions.count() == 1:
        raise EventRefused(_("公開している催しの、ただ一つの日程は消せません。"))
    _refuse_where_somebody_came(session)
    session.delete()
    if session.ends_at > timezone.now():
        _write_of_change(event, _("%(day)s の回は、なくなりました。") % {"day": _moment(session)})


@transaction.atomic
def move_session(session: EventSession, to: EventSession) -> None:
    """Hold a session at another time, that of `to`, and write to all who booked or wait.

    Raises EventRefused where somebody came, for an event that was called off, and where the event has another session
    at that moment.
    """
    event = _lock(session.event)
    if event.is_cancelled:
        raise EventRefused(_("中止した催しの日程は変えられません。"))
    _refuse_where_somebody_came(session)
    if event.sessions.filter(starts_at=to.starts_at).exclude(pk=session.pk).exists():
        raise EventRefused(_("同じ日時の日程が、もうあります。"))
    before = EventSession(starts_at=session.starts_at, ends_at=session.ends_at)
    session.starts_at, session.ends_at = to.starts_at, to.ends_at
    session.save(update_fields=["starts_at", "ends_at"])
    # Whoever was reminded of the old time is reminded of the new one.
    BookingNotice.objects.filter(session=session).delete()
    if _moment(before) != _moment(session) and max(before.ends_at, session.ends_at) > timezone.now():
        _write_of_change(
            event, _("%(old)s を %(new)s に変えました。") % {"old": _moment(before), "new": _moment(session)}
        )


def _refuse_where_somebody_came(session: EventSession) -> None:
    if session.walk_ins or session.attendances.exists():
        raise EventRefused(_("出席の記録があるので、この日程は変えられません。"))


def _moment(session: EventSession) -> str:
    """When a session is, as a letter says it."""
    starts, ends = (timezone.localtime(moment) for moment in (session.starts_at, session.ends_at))
    return f"{era_date(starts.date())} {starts:%H:%M}〜{ends:%H:%M}"


def _write_of_change(event: Event, change: str) -> None:
    """Tell all who booked or wait, of an event that is out, what has changed."""
    if event.status == EventStatus.PUBLISHED:
        for booking in event.bookings.exclude(status=BookingStatus.CANCELLED):
            _write_to(booking, Kind.NEW_DATE, change)


@transaction.atomic
def publish(event: Event) -> None:
    """Let everybody see an event. Raises EventRefused for one without a session, or that is no draft."""
    if not event.sessions.exists():
        raise EventRefused(_("日程がないので公開できません。先に日程を加えてください。"))
    _move(event, EventStatus.PUBLISHED, published_at=timezone.now())


@transaction.atomic
def withdraw(event: Event) -> None:
    """Make a draft of a published event again. Raises EventRefused once somebody has booked, or where none is out."""
    _lock(event)
    if event.bookings.exists():
        raise EventRefused(_("申し込みがあるので、下書きに戻せません。開かないときは中止にしてください。"))
    _move(event, EventStatus.DRAFT)


@transaction.atomic
def call_off(event: Event, reason: str) -> None:
    """Call off a published event, and write to all who booked or wait. Raises EventRefused for one that is not."""
    _move(event, EventStatus.CANCELLED, cancelled_because=reason)
    for booking in event.bookings.exclude(status=BookingStatus.CANCELLED):
        _write_to(booking, Kind.CALLED_OFF)


@transaction.atomic
def delete_draft(event: Event) -> None:
    """Delete an event that was never held; of who was led on to it while it was out, its name stays.

    Raises EventRefused for one that is no draft.
    """
    if _lock(event).status != EventStatus.DRAFT:
        raise EventRefused(_("公開した催しは消せません。"))
    Referral.objects.filter(event_number=event.pk).update(event_number=None)
    event.delete()


def _lock(event: Event) -> Event:
    """The event's row as it stands, locked: who books or changes the same event waits until this is done."""
    return Event.objects.select_for_update().get(pk=event.pk)


def _move(event: Event, to: EventStatus, **values: Any) -> None:
    """Change the status where the table of transitions allows it, and set other columns. The only way it changes."""
    stands = EventStatus(_lock(event).status)
    if to not in TRANSITIONS[stands]:
        raise EventRefused(_("この催しは「%(status)s」なので、この操作はできません。") % {"status": stands.label})
    Event.objects.filter(pk=event.pk).update(status=to, **values)
    event.refresh_from_db()


# ---- bookings ----


@transaction.atomic
def book(event: Event, people: int, contact: BookingContact, source: BookingSource) -> Booking:
    """Give a place, or one in the waiting list where there is none left or others wait already; write to whoever asked.

    At the counter one can book after the closing day. Raises EventRefused where nobody can book, where more would come
    than there is room for at all, and where the address has booked already.
    """
    event = _lock(event)
    can_book = event.can_be_booked(timezone.now())
    if source == BookingSource.COUNTER:
        can_book = event.takes_bookings and event.status == EventStatus.PUBLISHED
    if not can_book:
        raise EventRefused(_("この催しの申し込みは受け付けていません。"))
    if event.capacity is not None and people > event.capacity:
        raise EventRefused(_("定員（%(capacity)s人）より多い人数は申し込めません。") % {"capacity": event.capacity})
    running = event.bookings.exclude(status=BookingStatus.CANCELLED)
    if contact.email and running.filter(contact__email__iexact=contact.email).exists():
        raise EventRefused(_("このメールアドレスでは、もう申し込みがあります。届いたメールをお確かめください。"))
    left = places_left(event)
    must_wait = left is not None and (people > left or running.filter(status=BookingStatus.WAITING).exists())
    booking = Booking.objects.create(
        event=event,
        people=people,
        status=BookingStatus.WAITING if must_wait else BookingStatus.BOOKED,
        source=source,
    )
    contact.booking = booking
    contact.save()
    _write_to(booking, Kind.WAITING if must_wait else Kind.BOOKED)
    return booking


@transaction.atomic
def give_up(booking: Booking) -> None:
    """Give up a place or the wait for one; the place goes to the first who waits. Nothing happens the second time.

    Raises EventRefused once the event has begun.
    """
    event = _lock(booking.event)
    booking.refresh_from_db(fields=["status"])
    if booking.is_cancelled:
        return
    if _has_begun(event):
        raise EventRefused(_("催しが始まっているので、取り消せません。センターにご連絡ください。"))
    booking.status = BookingStatus.CANCELLED
    booking.save(update_fields=["status"])
    _write_to(booking, Kind.GIVEN_UP)
    _move_up(event)


def _has_begun(event: Event) -> bool:
    return event.sessions.filter(starts_at__lte=timezone.now()).exists()


def _move_up(event: Event) -> None:
    """Give free places to those who wait, in their order: a party that does not fit is not overtaken."""
    if event.status != EventStatus.PUBLISHED or _has_begun(event):
        return
    left = places_left(event)
    for booking in event.bookings.filter(status=BookingStatus.WAITING).order_by("pk"):
        if left is not None:
            if booking.people > left:
                return
            left -= booking.people
        booking.status = BookingStatus.BOOKED
        booking.save(update_fields=["status"])
        _write_to(booking, Kind.MOVED_UP)


def _write_to(booking: Booking, kind: BookingNotice.Kind, change: str = "") -> None:
    """Send a letter on commit, where there is somebody to write to."""
    if BookingContact.objects.filter(booking=booking).exclude(email="").exists():
        send_booking_notice.enqueue(BookingNotice.objects.create(booking=booking, kind=kind, change=change).pk)


def correct_contact(contact: BookingContact) -> None:
    """Put right who booked, or how to reach them."""
    contact.save()


@transaction.atomic
def remind(today: date) -> None:
    """Write to those who have a place in a session of tomorrow, once; send again what did not go out before."""
    begins, ends = (timezone.make_aware(datetime.combine(today + timedelta(days=days), time.min)) for days in (1, 2))
    sessions = EventSession.objects.filter(
        starts_at__gte=begins, starts_at__lt=ends, event__status=EventStatus.PUBLISHED
    )
    for session in sessions:
        expected = Booking.objects.filter(event=session.event_id, status=BookingStatus.BOOKED)
        BookingNotice.objects.bulk_create(
            (
                BookingNotice(booking=booking, kind=Kind.REMINDER, session=session)
                for booking in expected.exclude(contact=None).exclude(contact__email="")
            ),
            ignore_conflicts=True,
        )
    for notice in letters_to_send():
        send_booking_notice.enqueue(notice.pk)


@transaction.atomic
def purge_participants(today: date) -> int:
    """Forget who booked events that are longer ago than the municipality's period; return how many were forgotten.

    The bookings stay, and so does all that is counted.
    """
    purged, _by_model = contacts_to_purge(today).delete()
    return purged


# ---- the day itself ----


@transaction.atomic
def tick(booking: Booking, session: EventSession, people: int) -> None:
    """Note how many people of a booking came to a session; 0 where nobody did."""
    if people:
        Attendance.objects.update_or_create(booking=booking, session=session, defaults={"people": people})
    else:
        Attendance.objects.filter(booking=booking, session=session).delete()


def count_walk_ins(session: EventSession, people: int) -> None:
    """Note how many people came to a session without a booking."""
    session.walk_ins = people
    session.save(update_fields=["walk_ins"])


# ---- afterwards ----


def answer_survey(answer: SurveyAnswer) -> None:
    """Keep an answer. Raises EventRefused for one on the web while the survey is not open."""
    if answer.way == AnswerWay.WEB and not survey_is_open(answer.event, timezone.now()):
        raise EventRefused(_("このアンケートは、いまは受け付けていません。"))
    answer.save()


@transaction.atomic
def introduce(event: Event, one: Group, other: Group, about: str) -> Introduction:
    """Note that two groups were introduced to each other at an event.

    Raises EventRefused for one group alone, at an event that is no meeting of groups, and for a pair noted already.
    """
    event = _lock(event)
    if not event.introduces:
        raise EventRefused(_("引き合わせを記録できるのは、交流会とラウンドテーブルです。"))
    if one == other:
        raise EventRefused(_("ちがう団体を2つえらんでください。"))
    if event.introductions.filter(one__in=[one, other], other__in=[one, other]).exists():
        raise EventRefused(_("この2つの団体の引き合わせは、もう記録されています。"))
    return Introduction.objects.create(event=event, one=one, other=other, about=about)


def take_back_introduction(introduction: Introduction) -> None:
    """Delete an introduction that was noted by mistake."""
    introduction.delete()
