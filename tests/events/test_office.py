"""Events as staff keep them, from the first draft to the last."""

from datetime import date, timedelta

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from centres.events import services
from centres.events.models import Booking, BookingNotice, Event, EventSession, Introduction
from civic.audit.models import PersonalRecordView
from civic.calendar import era_date
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.events.conftest import Book, MakeEvent, MakeGroup, add_session

URL = "/shimonoseki/office/events/"
DAY = timezone.localdate() + timedelta(days=10)
FILLED_IN = {
    "title": "手話講座",
    "title_kana": "しゅわこうざ",
    "kind": "course",
    "day_year": str(DAY.year),
    "day_month": str(DAY.month),
    "day_day": str(DAY.day),
    "starts": "13:30",
    "ends": "15:00",
    "summary": "手話を学びます。",
    "place_name": "会議室",
    "fee": "500",
    "takes_bookings": "on",
    "capacity": "20",
}


def test_an_event_is_written_published_and_found(staff: Client, client: Client, shimonoseki: Municipality) -> None:
    sent = staff.post(f"{URL}new/", FILLED_IN)
    assert sent.status_code == 302, sent.context["form"].errors
    with acting_as(shimonoseki):
        event = Event.objects.get()
        session = event.sessions.get()
    assert (event.status, event.capacity, event.fee) == ("draft", 20, 500)
    assert timezone.localtime(session.starts_at).strftime("%H:%M") == "13:30"
    page = f"/shimonoseki/events/{event.pk}/"
    assert client.get(page).status_code == 404
    assert "手話講座" not in client.get("/shimonoseki/events/").content.decode()
    assert "手話講座" in staff.get(URL).content.decode()
    staff.post(f"{URL}{event.pk}/publish/")
    shown = client.get(page).content.decode()
    for words in ("手話講座", "13:30〜15:00", "500円", "20人"):
        assert words in shown
    assert "手話講座" in client.get("/shimonoseki/events/?q=シュワ&kind=course").content.decode()
    assert "あてはまる催しはありません" in client.get("/shimonoseki/events/?q=料理").content.decode()
    assert client.get("/shimonoseki/events/?kind=nothing").status_code == 400


def test_what_is_wrong_with_an_event_is_named(staff: Client, shimonoseki: Municipality) -> None:
    far = {"booking_closes_on_year": "9999", "booking_closes_on_month": "12", "booking_closes_on_day": "31"}
    for name, wrong in (("booking_closes_on", far), ("day", {"day_year": "2999"})):
        refused = staff.post(f"{URL}new/", FILLED_IN | wrong)
        assert list(refused.context["form"].errors) == [name]
    refused = staff.post(f"{URL}new/", FILLED_IN | {"ends": "13:00", "title": ""})
    assert refused.status_code == 400
    assert set(refused.context["form"].errors) == {"ends", "title"}
    with acting_as(shimonoseki):
        assert not Event.objects.exists()


def test_sessions_are_added_and_removed(staff: Client, shimonoseki: Municipality, make_event: MakeEvent) -> None:
    with acting_as(shimonoseki):
        event = make_event()
        only = event.sessions.get()
    assert "ただ一つの日程" in staff.post(f"{URL}sessions/{only.pk}/remove/", follow=True).content.decode()
    with acting_as(shimonoseki):
        second = add_session(event, timedelta(days=14))
        services.count_walk_ins(only, 3)
    assert "出席の記録がある" in staff.post(f"{URL}sessions/{only.pk}/remove/", follow=True).content.decode()
    assert "日程から消します" in staff.get(f"{URL}sessions/{second.pk}/remove/").content.decode()
    staff.post(f"{URL}sessions/{second.pk}/remove/")
    with acting_as(shimonoseki):
        assert event.sessions.get() == only
        with pytest.raises(services.EventRefused, match="同じ日時"):
            services.add_session(EventSession(event=event, starts_at=only.starts_at, ends_at=only.ends_at))


def test_whoever_booked_is_told_of_every_change_of_date(
    staff: Client,
    shimonoseki: Municipality,
    make_event: MakeEvent,
    book: Book,
    letters: list[EmailMessage],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    def move(session: EventSession, *, day: date, starts: str, ends: str) -> None:
        said = {"day_year": day.year, "day_month": day.month, "day_day": day.day, "starts": starts, "ends": ends}
        with django_capture_on_commit_callbacks(execute=True):
            staff.post(f"{URL}sessions/{session.pk}/move/", said)

    day = timezone.localdate() + timedelta(days=20)
    with acting_as(shimonoseki):
        event = make_event("手話講座", timedelta(days=7), timedelta(days=14), capacity=1)
        first, second = event.sessions.all()
        booked, _waits, gone = (book(event, name) for name in ("booked", "waits", "gone"))
        services.give_up(gone)
        BookingNotice.objects.update(mailed_at=timezone.now())
        BookingNotice.objects.create(booking=booked, kind="reminder", session=first, mailed_at=timezone.now())
    assert 'value="' in staff.get(f"{URL}sessions/{first.pk}/move/").content.decode()
    move(first, day=day, starts="10:00", ends="12:00")
    assert sorted(letter.to[0] for letter in letters) == ["booked@example.jp", "waits@example.jp"]
    assert letters[0].subject == "【下関市】「手話講座」の日程が変わりました"
    assert f"を {era_date(day)} 10:00〜12:00 に変えました。" in letters[0].body
    with acting_as(shimonoseki):
        assert not BookingNotice.objects.filter(kind="reminder").exists(), "they are reminded of the new time"
    move(first, day=day, starts="10:00", ends="12:00")
    assert len(letters) == 2, "nothing changed"
    move(first, day=day, starts="13:00", ends="15:00")
    assert len(letters) == 4, "a second change is a letter of its own"
    with acting_as(shimonoseki), pytest.raises(services.EventRefused, match="同じ日時"):
        services.move_session(first, second)
    letters.clear()
    with django_capture_on_commit_callbacks(execute=True):
        staff.post(f"{URL}sessions/{second.pk}/remove/")
    assert len(letters) == 2
    assert "の回は、なくなりました。" in letters[0].body
    assert "13:00〜15:00" in letters[0].body, "and what is left"
    with acting_as(shimonoseki):
        services.count_walk_ins(first, 1)
        with pytest.raises(services.EventRefused, match="出席の記録"):
            services.move_session(first, EventSession(starts_at=first.starts_at, ends_at=first.ends_at))


def test_an_event_without_a_session_is_not_published(
    staff: Client, shimonoseki: Municipality, make_event: MakeEvent
) -> None:
    with acting_as(shimonoseki):
        event = make_event(status="draft", published_at=None)
        event.sessions.all().delete()
    assert "日程の決まっていないもの" in staff.get(URL).content.decode()
    assert "日程がない" in staff.post(f"{URL}{event.pk}/publish/", follow=True).content.decode()
    with acting_as(shimonoseki):
        assert Event.objects.get().status == "draft"


def test_calling_off_writes_to_all_who_booked_or_wait(
    staff: Client,
    client: Client,
    shimonoseki: Municipality,
    make_event: MakeEvent,
    book: Book,
    letters: list[EmailMessage],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with acting_as(shimonoseki):
        event = make_event(capacity=1)
        book(event, "first")
        book(event, "second")
        services.give_up(book(event, "third"))
        BookingNotice.objects.update(mailed_at=timezone.now())
    url = f"{URL}{event.pk}/call-off/"
    assert "1人と、キャンセル待ちの1人" in staff.get(url).content.decode()
    assert staff.post(url, {"reason": ""}).status_code == 400
    with django_capture_on_commit_callbacks(execute=True):
        staff.post(url, {"reason": "台風が近づいているため"})
    assert sorted(letter.to[0] for letter in letters) == ["first@example.jp", "second@example.jp"]
    assert all("台風が近づいているため" in letter.body for letter in letters)
    public = client.get(f"/shimonoseki/events/{event.pk}/").content.decode()
    assert "中止になりました。理由：台風" in public
    assert f"/shimonoseki/events/{event.pk}/book/" not in public
    assert staff.post(url, {"reason": "もう一度"}).status_code == 400


@pytest.mark.parametrize(
    ("status", "action", "message"),
    [
        ("draft", services.withdraw, "下書き"),
        ("published", services.publish, "公開中"),
        ("cancelled", services.publish, "中止"),
        ("cancelled", services.withdraw, "中止"),
        ("published", services.delete_draft, "消せません"),
    ],
)
def test_only_what_the_table_of_transitions_allows(
    shimonoseki: Municipality, make_event: MakeEvent, status: str, action: object, message: str
) -> None:
    with acting_as(shimonoseki):
        event = make_event(status=status)
        with pytest.raises(services.EventRefused, match=message):
            action(event)  # type: ignore[operator]
        assert Event.objects.get().status == status


def test_an_event_is_withdrawn_until_somebody_has_booked(
    shimonoseki: Municipality, make_event: MakeEvent, book: Book
) -> None:
    with acting_as(shimonoseki):
        event = make_event()
        services.withdraw(event)
        services.publish(event)
        services.give_up(book(event))
        with pytest.raises(services.EventRefused, match="申し込みがある"):
            services.withdraw(event)


def test_a_booking_at_the_counter_needs_no_address_and_may_come_late(
    staff: Client, shimonoseki: Municipality, make_event: MakeEvent
) -> None:
    with acting_as(shimonoseki):
        event = make_event("講座", timedelta(hours=-1), capacity=1)
    url = f"{URL}{event.pk}/participants/new/"
    said = [staff.post(url, {"name": "山田", "people": "1"}, follow=True).content.decode() for _twice in range(2)]
    assert "受付番号は" in said[0]
    assert "キャンセル待ちの1番目" in said[1]
    with acting_as(shimonoseki):
        assert not BookingNotice.objects.exists(), "there is nobody to write to"
        assert set(Booking.objects.values_list("source", flat=True)) == {"counter"}


def test_who_looks_at_participants_is_noted(
    staff: Client, shimonoseki: Municipality, make_event: MakeEvent, book: Book
) -> None:
    with acting_as(shimonoseki):
        event = make_event()
        booking = book(event)
        session = event.sessions.get()
    for address in (f"{event.pk}/participants/", f"bookings/{booking.pk}/", f"sessions/{session.pk}/attendance/"):
        answer = staff.get(f"{URL}{address}")
        assert "hanako" in answer.content.decode()
        assert "no-store" in answer.headers["Cache-Control"]
    assert "hanako" not in staff.get(f"{URL}{event.pk}/").content.decode()
    with acting_as(shimonoseki):
        seen = PersonalRecordView.objects.order_by("pk").values_list("table_name", "row_id")
        assert list(seen) == [
            ("events_event", event.pk),
            ("events_bookingcontact", booking.contact.pk),
            ("events_event", event.pk),
        ]


def test_a_contact_is_put_right(staff: Client, shimonoseki: Municipality, make_event: MakeEvent, book: Book) -> None:
    with acting_as(shimonoseki):
        booking = book(make_event())
    url = f"{URL}bookings/{booking.pk}/"
    assert staff.post(f"{url}contact/", {"name": "山田", "email": "none"}).status_code == 400
    staff.post(f"{url}contact/", {"name": "山田", "email": "yamada@example.jp"})
    page = staff.get(url).content.decode()
    assert "yamada@example.jp" in page
    assert "hanako" not in page


def test_attendance_is_ticked_by_one_key(
    staff: Client, shimonoseki: Municipality, make_event: MakeEvent, book: Book
) -> None:
    with acting_as(shimonoseki):
        event = make_event("講座", timedelta(hours=-1), capacity=2)
        pair = book(event, "pair", 2)
        waiting = book(event, "late")
        session = event.sessions.get()
    url = f"{URL}sessions/{session.pk}/attendance/"
    page = staff.get(url).content.decode()
    assert "pair" in page
    assert "late" not in page
    row = staff.post(f"{url}{pair.pk}/tick/", headers={"hx-request": "true"}).content.decode()
    assert 'aria-pressed="true"' in row
    assert "いままでに2人" in row
    staff.post(url, {"walk_ins": "3"})
    assert "いままでに5人" in staff.get(url).content.decode()
    without_scripts = staff.post(f"{url}{pair.pk}/tick/")
    assert without_scripts.headers["Location"] == f"{url}#booking-{pair.pk}"
    assert "いままでに3人" in staff.get(url).content.decode()
    assert staff.post(f"{url}{waiting.pk}/tick/").status_code == 404


def test_introductions_are_noted_and_taken_back(
    staff: Client, shimonoseki: Municipality, make_event: MakeEvent, make_group: MakeGroup
) -> None:
    with acting_as(shimonoseki):
        event = make_event(kind="round_table")
        one, other = make_group("花の会"), make_group("海の会")
    url = f"{URL}{event.pk}/introductions/new/"
    staff.post(url, {"one": other.pk, "other": one.pk, "about": "いっしょに植える"})
    assert staff.post(url, {"one": one.pk, "other": other.pk}).status_code == 400
    page = staff.get(f"{URL}{event.pk}/").content.decode()
    assert "いっしょに植える" in page
    with acting_as(shimonoseki):
        met = Introduction.objects.get()
    staff.post(f"{URL}introductions/{met.pk}/remove/")
    with acting_as(shimonoseki):
        assert not Introduction.objects.exists()


@pytest.mark.parametrize("address", ["/shimonoseki/events/", URL, "/shimonoseki/events/calendar.ics"])
def test_a_list_is_a_fixed_number_of_queries(
    staff: Client, shimonoseki: Municipality, make_event: MakeEvent, make_group: MakeGroup, address: str
) -> None:
    counts = []
    for more in (1, 9):
        with acting_as(shimonoseki):
            for number in range(more):
                make_event(f"講座{number}", timedelta(days=2), timedelta(days=3), group=make_group("会"))
        with CaptureQueriesContext(connection) as queries:
            staff.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_participants_are_a_fixed_number_of_queries(
    staff: Client, shimonoseki: Municipality, make_event: MakeEvent, book: Book
) -> None:
    with acting_as(shimonoseki):
        event = make_event()
        session = event.sessions.get()
    for address in (f"{event.pk}/participants/", f"sessions/{session.pk}/attendance/"):
        counts = []
        for more in ("a", "bcdefgh"):
            with acting_as(shimonoseki):
                for name in more:
                    book(event, f"{name}{len(address)}")
            with CaptureQueriesContext(connection) as queries:
                staff.get(f"{URL}{address}")
            counts.append(len(queries))
        assert counts[0] == counts[1], address
