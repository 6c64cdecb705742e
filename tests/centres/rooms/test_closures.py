"""Closing for repairs: what is booked then is shown, asked about, cancelled and written about."""

from datetime import date

import pytest
from django.core import mail
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from centres.rooms import services
from centres.rooms.models import Booking, Closure, Room
from civic.accounts.models import Role
from civic.celery import app as celery_app
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.centres.rooms.conftest import A_FRIDAY, MakeGroup, MakeRoom, SetClock, Want
from tests.conftest import SignIn

URL = "/shimonoseki/office/rooms/closures/new/"
TYPED = {
    "first_day_year": 2026,
    "first_day_month": 12,
    "first_day_day": 1,
    "last_day_year": 2026,
    "last_day_month": 12,
    "last_day_day": 4,
    "reason": "改修工事",
}


@pytest.fixture
def staff(clock: SetClock, signed_in: SignIn, shimonoseki: Municipality) -> Client:
    return signed_in(shimonoseki, Role.STAFF)


def test_what_is_booked_is_shown_first_then_cancelled(
    staff: Client,
    shimonoseki: Municipality,
    room: Room,
    make_room: MakeRoom,
    make_group: MakeGroup,
    want: Want,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    monkeypatch.setitem(celery_app.conf, "task_always_eager", True)
    with acting_as(shimonoseki):
        seen = services.book(want(room, "午前", group=make_group()), None)
        services.book(want(room, day=date(2026, 12, 7)), None)
        services.book(want(make_room("別の部屋")), None)
    typed = TYPED | {"room": room.pk}
    page = staff.post(URL, typed).content.decode()
    assert "1件の予約" in page
    assert "花の会" in page
    with acting_as(shimonoseki):
        assert not Closure.objects.exists(), "asked first"
        services.book(want(room, "午後", group=make_group("山の会")), None)
    page = staff.post(URL, typed | {"seen": [seen.pk]}).content.decode()
    assert "その間の予約が変わりました" in page
    assert "山の会" in page
    with acting_as(shimonoseki):
        assert not Closure.objects.exists(), "a booking that nobody saw is not cancelled"
        both = list(Booking.objects.filter(room=room, day=A_FRIDAY).values_list("pk", flat=True))
    with django_capture_on_commit_callbacks(execute=True):
        assert staff.post(URL, typed | {"seen": both}).status_code == 302
    with acting_as(shimonoseki):
        assert Booking.objects.filter(status="cancelled", cancelled_because="改修工事").count() == 2
        assert Booking.objects.filter(status="booked").count() == 2, "another day, another room"
        closure = Closure.objects.get()
    assert {letter.to[0] for letter in mail.outbox} == {"group1@example.jp", "group2@example.jp"}
    assert "理由：改修工事" in str(mail.outbox[0].body)
    calendar = staff.get("/shimonoseki/rooms/?day_year=2026&day_month=12&day_day=1").content.decode()
    assert calendar.count("改修工事") == 4
    assert staff.post(f"/shimonoseki/office/rooms/closures/{closure.pk}/delete/").status_code == 302
    with acting_as(shimonoseki):
        assert services.book(want(room, day=date(2026, 12, 2)), None).holds


def test_without_bookings_it_is_done_at_once_for_all_rooms(
    staff: Client, shimonoseki: Municipality, room: Room, make_room: MakeRoom
) -> None:
    with acting_as(shimonoseki):
        make_room("別の部屋")
    assert staff.post(URL, TYPED).status_code == 302
    page = staff.get("/shimonoseki/rooms/?day_year=2026&day_month=12&day_day=1").content.decode()
    assert page.count("改修工事") == 8


def test_it_ends_no_earlier_than_it_begins(staff: Client, room: Room) -> None:
    answer = staff.post(URL, TYPED | {"last_day_month": 11})
    assert answer.status_code == 400
    assert "最初の日よりあとの日" in answer.content.decode()
