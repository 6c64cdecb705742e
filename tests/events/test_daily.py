"""What the scheduler does: reminders the day before, each once, and participants forgotten in time."""

import socket
from datetime import date, datetime, time, timedelta

import pytest
from django.core.mail import EmailMessage
from django.db import Error
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from centres.events import services
from centres.events.models import (
    Attendance,
    Booking,
    BookingContact,
    BookingNotice,
    Event,
    EventSession,
    ParticipantRetention,
)
from centres.events.sending import send_booking_notice
from centres.events.tasks import daily
from civic.accounts.models import Role
from civic.audit.models import Change
from civic.calendar import months_before
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.conftest import SignIn
from tests.events.conftest import Book, MakeEvent

Capture = DjangoCaptureOnCommitCallbacks


def at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def session_on(event: Event, day: date) -> EventSession:
    return EventSession.objects.create(event=event, starts_at=at(day, 9), ends_at=at(day, 11))


@pytest.fixture
def booked(shimonoseki: Municipality, make_event: MakeEvent, book: Book) -> Event:
    """A course of tomorrow and the day after; one has a place, one waits, one gave up, one has no address."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    with acting_as(shimonoseki):
        event = make_event(capacity=2, note_to_participants="筆記用具")
        event.sessions.all().delete()
        for days in (0, 1):
            session_on(event, tomorrow + timedelta(days=days))
        services.give_up(book(event, "gone"))
        book(event, "hanako")
        without = book(event, "nobody")
        BookingContact.objects.filter(booking=without).update(email="")
        book(event, "late")
        BookingNotice.objects.update(mailed_at=timezone.now())
    return event


def clock(capture: Capture, day: date, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *moment: day)
    with capture(execute=True):
        daily()


def test_who_has_a_place_is_reminded_the_day_before_once(
    booked: Event,
    letters: list[EmailMessage],
    django_capture_on_commit_callbacks: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    today = timezone.localdate()
    clock(django_capture_on_commit_callbacks, today - timedelta(days=1), monkeypatch)
    assert letters == []
    for _twice in range(2):
        clock(django_capture_on_commit_callbacks, today, monkeypatch)
    assert [letter.to for letter in letters] == [["hanako@example.jp"]]
    assert letters[0].subject == "【下関市】あすは「手話講座」の日です"
    assert "筆記用具" in letters[0].body
    assert "09:00から" in letters[0].body
    clock(django_capture_on_commit_callbacks, today + timedelta(days=1), monkeypatch)
    assert len(letters) == 2, "the second session is another day"


def test_nobody_is_reminded_of_what_was_called_off_or_given_up_meanwhile(
    booked: Event,
    letters: list[EmailMessage],
    django_capture_on_commit_callbacks: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with acting_as(booked.municipality):
        services.remind(timezone.localdate())
        waits = BookingNotice.objects.get(mailed_at=None)
        services.give_up(waits.booking)
        moved_up = Booking.objects.get(contact__email="late@example.jp")
        assert moved_up.holds_a_place
    clock(django_capture_on_commit_callbacks, timezone.localdate(), monkeypatch)
    said = sorted((letter.to[0], letter.subject.rpartition("」")[2]) for letter in letters)
    assert said == [
        ("hanako@example.jp", "の申し込みを取り消しました"),
        ("late@example.jp", "に参加できることになりました"),
        ("late@example.jp", "の日です"),
    ]
    letters.clear()
    with acting_as(booked.municipality):
        services.call_off(booked, "台風")
        BookingNotice.objects.update(mailed_at=timezone.now())
    clock(django_capture_on_commit_callbacks, timezone.localdate() + timedelta(days=1), monkeypatch)
    assert letters == []


def test_a_letter_goes_out_once_and_again_after_a_mail_server_was_away(
    booked: Event, letters: list[EmailMessage], settings: Settings
) -> None:
    with acting_as(booked.municipality):
        notice = BookingNotice.objects.create(
            booking=Booking.objects.get(contact__email="hanako@example.jp"),
            kind="reminder",
            session=booked.sessions.all()[0],
        )
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "django.core.mail.backends.smtp.EmailBackend"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = probe.getsockname()
    with pytest.raises(OSError, match="refused"):
        send_booking_notice(booked.municipality.pk, notice.pk)
    settings.EMAIL_BACKEND = backend
    for _twice in range(2):
        send_booking_notice(booked.municipality.pk, notice.pk)
    assert len(letters) == 1


def test_participants_are_forgotten_after_each_municipalitys_period(
    shimonoseki: Municipality, nagato: Municipality, make_event: MakeEvent
) -> None:
    today = timezone.localdate()
    for municipality, months in ((shimonoseki, 12), (nagato, 3)):
        with acting_as(municipality):
            if municipality == nagato:
                ParticipantRetention.objects.create(months=months)
            last_kept = months_before(today, months)
            for name, day in (("残る", last_kept), ("消える", last_kept - timedelta(days=1))):
                event = make_event(name)
                event.sessions.all().delete()
                session = session_on(event, day)
                booking = Booking.objects.create(event=event, people=2, status="booked", source="web")
                BookingContact.objects.create(booking=booking, name=name)
                Attendance.objects.create(booking=booking, session=session, people=2)
    for _twice in range(2):
        daily()
    for municipality in (shimonoseki, nagato):
        with acting_as(municipality):
            assert [contact.name for contact in BookingContact.objects.all()] == ["残る"]
            assert sum(Attendance.objects.values_list("people", flat=True)) == 4, "the counts stay"
            trail = Change.objects.filter(table_name="events_bookingcontact", action="delete")
            assert trail.count() == 1
            assert "消える" not in str(trail.values("before"))


def test_one_municipality_that_fails_stops_no_other(
    shimonoseki: Municipality, nagato: Municipality, make_event: MakeEvent, monkeypatch: pytest.MonkeyPatch
) -> None:
    with acting_as(nagato):
        event = make_event("古い催し", timedelta(days=-4000))
        booking = Booking.objects.create(event=event, status="booked", source="web")
        BookingContact.objects.create(booking=booking, name="だれか")
    remind, calls = services.remind, []

    def fail_first(today: date) -> None:
        calls.append(today)
        if len(calls) == 1:
            raise Error("lost")
        remind(today)

    monkeypatch.setattr(services, "remind", fail_first)
    daily()
    with acting_as(nagato):
        assert not BookingContact.objects.exists()


def test_the_manager_sets_the_period(signed_in: SignIn, shimonoseki: Municipality) -> None:
    manager, url = signed_in(shimonoseki, Role.MANAGER), "/shimonoseki/office/events/retention/"
    assert manager.get(url).context["form"]["months"].value() == 12
    assert manager.post(url, {"months": "0"}).status_code == 400
    for months in ("6", "24"):
        assert manager.post(url, {"months": months}).status_code == 302
    with acting_as(shimonoseki):
        assert ParticipantRetention.objects.get().months == 24
