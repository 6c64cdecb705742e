"""The same booking again and again: against closed days, other bookings and the room's rules."""

from datetime import date

import pytest
from django.test import Client

from centres.rooms import services
from centres.rooms.models import BookedBand, Booking, Closure, Room
from centres.rooms.recurrence import Every
from civic.accounts.models import Role
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.centres.rooms.conftest import MakeGroup, SetClock, Want
from tests.conftest import SignIn

MONDAY = date(2026, 11, 16)


@pytest.mark.parametrize(
    ("every", "days"),
    [
        (Every.WEEK, ["11-16", "11-23", "11-30", "12-07", "12-14", "12-21"]),
        (Every.TWO_WEEKS, ["11-16", "11-30", "12-14"]),
        (Every.MONTH, ["11-16", "12-21"]),
    ],
)
def test_days_that_come_again(every: Every, days: list[str]) -> None:
    assert [f"{day:%m-%d}" for day in every.days(MONDAY, date(2026, 12, 21))] == days


def test_a_month_without_a_fifth_weekday_is_left_out() -> None:
    days = Every.MONTH.days(date(2026, 11, 30), date(2027, 4, 1))
    assert [f"{day:%m-%d}" for day in days] == ["11-30", "03-29"]


def form(first: date, until: date, room: Room, **values: object) -> dict[str, object]:
    return {
        "day_year": first.year,
        "day_month": first.month,
        "day_day": first.day,
        "until_year": until.year,
        "until_month": until.month,
        "until_day": until.day,
        "every": "week",
        "bands": [room.bands.get(name="午前").pk],
        "purpose": "定例会",
        "people": 8,
    } | values


@pytest.fixture
def staff(clock: SetClock, signed_in: SignIn, shimonoseki: Municipality) -> Client:
    return signed_in(shimonoseki, Role.STAFF)


def test_what_falls_on_a_closed_day_is_shown_and_left_out(
    staff: Client, shimonoseki: Municipality, room: Room, make_group: MakeGroup, want: Want
) -> None:
    url = f"/shimonoseki/office/rooms/{room.pk}/repeat/"
    with acting_as(shimonoseki):
        group = make_group()
        services.book(want(room, "午前", day=date(2026, 11, 30)), None)
        Closure.objects.create(room=room, first_day=date(2026, 12, 7), last_day=date(2026, 12, 7), reason="改修工事")
        typed = form(MONDAY, date(2026, 12, 21), room, group=group.pk)
    page = staff.post(url, typed).content.decode()
    assert page.count("<strong>予約します。</strong>") == 3
    for words in ("この日は使えません（休館日）", "ほかの予約が入っています", "改修工事"):
        assert words in page
    with acting_as(shimonoseki):
        assert Booking.objects.count() == 1, "asked first"
    agreed = ["2026-11-16", "2026-12-14", "2026-12-21"]
    assert staff.post(url, typed | {"agreed": agreed}).status_code == 302
    with acting_as(shimonoseki):
        booked = BookedBand.objects.filter(booking__group=group, is_held=True).order_by("day")
        assert [one.day.isoformat() for one in booked] == agreed


def test_a_day_taken_meanwhile_is_asked_about_again_and_nothing_is_written(
    staff: Client, shimonoseki: Municipality, room: Room, want: Want
) -> None:
    with acting_as(shimonoseki):
        typed = form(MONDAY, date(2026, 11, 30), room)
        services.book(want(room, "午前", day=date(2026, 11, 30)), None)
    answer = staff.post(
        f"/shimonoseki/office/rooms/{room.pk}/repeat/", typed | {"agreed": ["2026-11-16", "2026-11-30"]}
    )
    assert "11月30日：ほかの予約が入っています。" in answer.content.decode()
    with acting_as(shimonoseki):
        assert Booking.objects.count() == 1


def test_a_group_gets_no_more_days_than_the_room_allows(
    staff: Client, shimonoseki: Municipality, room: Room, make_group: MakeGroup
) -> None:
    with acting_as(shimonoseki):
        room.bookings_at_once = 2
        room.save()
        typed = form(MONDAY, date(2026, 12, 21), room, group=make_group().pk)
    page = staff.post(f"/shimonoseki/office/rooms/{room.pk}/repeat/", typed).content.decode()
    assert page.count("<strong>予約します。</strong>") == 2
    assert page.count("同時に持てる予約は2件まで") == 3


def test_no_longer_than_a_year(staff: Client, shimonoseki: Municipality, room: Room) -> None:
    with acting_as(shimonoseki):
        typed = form(MONDAY, date(2027, 11, 18), room)
    answer = staff.post(f"/shimonoseki/office/rooms/{room.pk}/repeat/", typed)
    assert answer.status_code == 400
    assert "1年先まで" in answer.content.decode()
    with acting_as(shimonoseki):
        typed = form(date(9999, 12, 31), date(9999, 12, 31), room)
    assert staff.post(f"/shimonoseki/office/rooms/{room.pk}/repeat/", typed).status_code == 400
