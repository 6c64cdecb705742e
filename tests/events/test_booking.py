"""A place at an event: had, waited for, given up, and never given twice."""

from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from centres.events import services
from centres.events.models import Attendance, Booking, BookingContact, BookingNotice, BookingStatus, Event
from centres.events.queries import place_in_line, places_left
from centres.events.tokens import token_of
from civic.audit.models import Change
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.events.conftest import Book, MakeEvent

HANAKO = {"name": "山田花子", "email": "hanako@example.jp", "people": "1"}


def statuses(event: Event) -> list[str]:
    return list(event.bookings.order_by("pk").values_list("status", flat=True))


def test_anybody_books_on_the_web_and_is_written_to(
    client: Client,
    shimonoseki: Municipality,
    make_event: MakeEvent,
    letters: list[EmailMessage],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with acting_as(shimonoseki):
        event = make_event(capacity=2, note_to_participants="https://meeting.example.jp/secret")
    page = client.get(f"/shimonoseki/events/{event.pk}/")
    assert "secret" not in page.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        sent = client.post(f"/shimonoseki/events/{event.pk}/book/", HANAKO)
    with acting_as(shimonoseki):
        booking = Booking.objects.get()
        assert (booking.status, booking.source, booking.contact.name) == ("booked", "web", "山田花子")
        own = f"/shimonoseki/events/bookings/{token_of(booking)}/"
        assert BookingNotice.objects.get().mailed_at
    assert sent.headers["Location"] == own
    assert "受け付けました" in client.get(own).content.decode()
    assert "山田花子" not in client.get(own).content.decode(), "the link may be passed on"
    [letter] = letters
    assert letter.to == ["hanako@example.jp"]
    assert letter.subject == "【下関市】「手話講座」の申し込みを受け付けました"
    for words in ("山田花子 様", "会議室", f"受付番号：{booking.pk}", f"https://portal.example.jp{own}", "secret"):
        assert words in letter.body


def test_who_comes_too_late_waits_and_is_told_the_place_in_line(
    client: Client, shimonoseki: Municipality, make_event: MakeEvent, book: Book
) -> None:
    with acting_as(shimonoseki):
        event = make_event(capacity=1)
        book(event, "first")
        book(event, "second")
    sent = client.post(f"/shimonoseki/events/{event.pk}/book/", HANAKO, follow=True)
    assert "キャンセル待ちの2番目" in sent.content.decode()
    with acting_as(shimonoseki):
        assert statuses(event) == ["booked", "waiting", "waiting"]


def test_a_place_given_up_goes_to_the_first_who_waits(
    client: Client,
    shimonoseki: Municipality,
    make_event: MakeEvent,
    book: Book,
    letters: list[EmailMessage],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with acting_as(shimonoseki):
        event = make_event(capacity=1)
        first, _second, third = (book(event, name) for name in ("first", "second", "third"))
        BookingNotice.objects.update(mailed_at=timezone.now())
        give_up = f"/shimonoseki/events/bookings/{token_of(first)}/give-up/"
    assert "取り消しますか" in client.get(give_up).content.decode()
    for _twice in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            client.post(give_up)
    with acting_as(shimonoseki):
        assert statuses(event) == ["cancelled", "booked", "waiting"]
        third.refresh_from_db()
        assert place_in_line(third) == 1
    assert [(letter.to, letter.subject.rpartition("」")[2]) for letter in letters] == [
        (["first@example.jp"], "の申し込みを取り消しました"),
        (["second@example.jp"], "に参加できることになりました"),
    ]


def test_a_party_that_does_not_fit_is_not_overtaken(
    shimonoseki: Municipality, make_event: MakeEvent, book: Book
) -> None:
    with acting_as(shimonoseki):
        event = make_event(capacity=3)
        single, pair = book(event, "single"), book(event, "pair", 2)
        book(event, "three", 3)
        book(event, "late")
        services.give_up(single)
        assert statuses(event) == ["cancelled", "booked", "waiting", "waiting"], (
            "one place is free, and three wait first"
        )
        services.give_up(pair)
        assert statuses(event) == ["cancelled", "cancelled", "booked", "waiting"]


def test_more_room_lets_those_who_wait_move_up(shimonoseki: Municipality, make_event: MakeEvent, book: Book) -> None:
    with acting_as(shimonoseki):
        event = make_event(capacity=1)
        for name in ("first", "second", "third"):
            book(event, name)
        event.capacity = 2
        services.change_event(event)
        assert statuses(event) == ["booked", "booked", "waiting"]
        event.capacity = 1
        with pytest.raises(services.EventRefused, match="2人が申し込んで"):
            services.change_event(event)
        event.capacity = None
        services.change_event(event)
        assert statuses(event) == ["booked"] * 3
        assert places_left(event) is None


def test_an_address_and_a_machine_are_limited(client: Client, shimonoseki: Municipality, make_event: MakeEvent) -> None:
    with acting_as(shimonoseki):
        urls = [f"/shimonoseki/events/{make_event(str(number)).pk}/book/" for number in range(6)]
    spelled = ("hanako@example.jp", "Hanako@example.jp")
    answers = [client.post(url, HANAKO | {"email": spelled[number % 2]}) for number, url in enumerate(urls)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    others = (client.post(urls[5], HANAKO | {"email": f"taro-{number}@example.jp"}).status_code for number in range(60))
    assert list(others).index(429) == 54, "sixty of one machine, the first six among them"
    with acting_as(shimonoseki):
        assert Booking.objects.count() == 59


@pytest.mark.parametrize(
    ("values", "starts"),
    [
        ({"status": "cancelled", "cancelled_because": "台風"}, timedelta(days=1)),
        ({"takes_bookings": False}, timedelta(days=1)),
        ({"booking_closes_on": timezone.localdate() - timedelta(days=1)}, timedelta(days=1)),
        ({}, timedelta(hours=-1)),
    ],
)
def test_when_nobody_can_book(
    client: Client,
    shimonoseki: Municipality,
    make_event: MakeEvent,
    values: dict[str, object],
    starts: timedelta,
) -> None:
    with acting_as(shimonoseki):
        event = make_event("手話講座", starts, **values)
    url = f"/shimonoseki/events/{event.pk}/book/"
    assert client.get(url).status_code == 302
    refused = client.post(url, HANAKO)
    assert refused.status_code == 400
    assert "受け付けていません" in refused.content.decode()
    with acting_as(shimonoseki):
        assert not Booking.objects.exists()


def test_the_last_day_for_booking_is_open_to_its_end(shimonoseki: Municipality, make_event: MakeEvent) -> None:
    with acting_as(shimonoseki):
        event = make_event(booking_closes_on=timezone.localdate() + timedelta(days=2))
        ends = event.booking_ends_at
        assert ends
        assert timezone.localtime(ends).hour == 0
        assert timezone.localdate(ends) == timezone.localdate() + timedelta(days=3)
        assert event.can_be_booked(ends - timedelta(seconds=1))
        assert not event.can_be_booked(ends)


def test_a_draft_is_not_there(client: Client, shimonoseki: Municipality, make_event: MakeEvent) -> None:
    with acting_as(shimonoseki):
        event = make_event(status="draft", published_at=None)
    for address in ("", "book/", "event.ics"):
        assert client.get(f"/shimonoseki/events/{event.pk}/{address}").status_code == 404


def test_an_address_books_once_and_again_after_giving_up(
    client: Client, shimonoseki: Municipality, make_event: MakeEvent
) -> None:
    with acting_as(shimonoseki):
        event = make_event()
    url = f"/shimonoseki/events/{event.pk}/book/"
    assert client.post(url, HANAKO).status_code == 302
    again = client.post(url, HANAKO | {"email": "HANAKO@example.jp"})
    assert "もう申し込みがあります" in again.content.decode()
    with acting_as(shimonoseki):
        services.give_up(Booking.objects.get())
    assert client.post(url, HANAKO).status_code == 302


@pytest.mark.parametrize(
    "wrong", [{"email": ""}, {"email": "none"}, {"name": ""}, {"people": "0"}, {"people": "11"}, {"name": "a\x07b"}]
)
def test_what_is_wrong_is_named(
    client: Client, shimonoseki: Municipality, make_event: MakeEvent, wrong: dict[str, str]
) -> None:
    with acting_as(shimonoseki):
        event = make_event()
    refused = client.post(f"/shimonoseki/events/{event.pk}/book/", HANAKO | wrong)
    assert refused.status_code == 400
    assert list(refused.context["form"].errors) == list(wrong)


def test_more_than_there_is_room_for_at_all(client: Client, shimonoseki: Municipality, make_event: MakeEvent) -> None:
    with acting_as(shimonoseki):
        event = make_event(capacity=3)
    refused = client.post(f"/shimonoseki/events/{event.pk}/book/", HANAKO | {"people": "4"})
    assert "定員（3人）より多い" in refused.content.decode()


def test_who_has_begun_cannot_give_up(shimonoseki: Municipality, make_event: MakeEvent, book: Book) -> None:
    with acting_as(shimonoseki):
        event = make_event("手話講座", timedelta(hours=-1))
        booking = book(event)
        with pytest.raises(services.EventRefused, match="始まっている"):
            services.give_up(booking)
        assert statuses(event) == ["booked"]


@pytest.mark.parametrize("token", ["1", "1:forged", "x:y"])
def test_a_forged_link_opens_nothing(client: Client, shimonoseki: Municipality, token: str) -> None:
    for address in (f"bookings/{token}/", f"bookings/{token}/give-up/", f"survey/{token}/"):
        assert client.get(f"/shimonoseki/events/{address}").status_code == 404


def test_a_surveys_link_is_no_bookings(
    client: Client, shimonoseki: Municipality, make_event: MakeEvent, book: Book
) -> None:
    with acting_as(shimonoseki):
        event = make_event()
        booking = book(event)
        Booking.objects.filter(pk=booking.pk).update(status=BookingStatus.BOOKED)
        survey = token_of(event)
    _number, _colon, signature = survey.partition(":")
    assert client.get(f"/shimonoseki/events/bookings/{booking.pk}:{signature}/").status_code == 404


def test_the_database_itself_refuses_one_too_many(shimonoseki: Municipality, make_event: MakeEvent, book: Book) -> None:
    """Past every service, as by raw SQL."""
    with acting_as(shimonoseki):
        event = make_event(capacity=2)
        book(event, "pair", 2)
        waiting = book(event, "late")
        refused = (
            lambda: Booking.objects.create(event=event, status=BookingStatus.BOOKED, source="web"),
            lambda: Booking.objects.filter(pk=waiting.pk).update(status=BookingStatus.BOOKED),
            lambda: Booking.objects.filter(status=BookingStatus.BOOKED).update(people=3),
            lambda: Event.objects.update(capacity=1),
        )
        for write in refused:
            with pytest.raises(IntegrityError, match=r"has \d seats"), transaction.atomic():
                write()
        assert statuses(event) == ["booked", "waiting"]


def test_who_booked_is_no_second_time_in_the_trail(
    client: Client, shimonoseki: Municipality, make_event: MakeEvent
) -> None:
    with acting_as(shimonoseki):
        event = make_event()
    client.post(f"/shimonoseki/events/{event.pk}/book/", HANAKO | {"phone": "0901-555-0123", "note": "車いす"})
    with acting_as(shimonoseki):
        assert BookingContact.objects.get().note == "車いす"
        trail = str(list(Change.objects.filter(table_name__startswith="events_").values("before", "after")))
    for value in ("山田花子", "hanako", "0901", "車いす"):
        assert value not in trail


def test_attendance_hangs_on_the_booking(shimonoseki: Municipality, make_event: MakeEvent, book: Book) -> None:
    with acting_as(shimonoseki):
        event = make_event()
        booking, session = book(event, "pair", 2), event.sessions.get()
        services.tick(booking, session, 2)
        services.tick(booking, session, 1)
        assert Attendance.objects.get().people == 1
        services.tick(booking, session, 0)
        assert not Attendance.objects.exists()
