"""How many came: counted at the counter, corrected, and added up."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from centres.models import Group
from centres.rooms import services
from centres.rooms.models import BookedBand, Closure, Equipment, Loan, Room, Use
from centres.rooms.statistics import use_between
from civic.accounts.models import Role, User
from civic.audit.models import Change
from civic.measures.registry import find
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.centres.rooms.conftest import NOW, MakeGroup, MakeRoom, SetClock, Want
from tests.conftest import MakeMember, SignIn

COUNTER = "/shimonoseki/office/rooms/counter/"


@pytest.fixture
def staff(clock: SetClock, signed_in: SignIn, shimonoseki: Municipality) -> Client:
    return signed_in(shimonoseki, Role.STAFF)


def test_the_last_place_is_offered_and_a_number_is_enough(staff: Client, shimonoseki: Municipality, room: Room) -> None:
    with acting_as(shimonoseki):
        space = Room.objects.create(name="交流スペース", is_bookable=False, offered_from=date(2020, 4, 1))
    assert staff.get(COUNTER).context["form"].initial["room"] == space
    staff.post(COUNTER, {"people": 3, "room": room.pk})
    page = staff.get(COUNTER)
    assert page.context["form"].initial["room"] == room
    assert page.context["total"] == 3
    for wrong in ("0", "", "たくさん", "10000"):
        assert staff.post(COUNTER, {"people": wrong, "room": room.pk}).status_code == 400


def test_a_booking_of_today_has_a_number_of_its_own(
    staff: Client, shimonoseki: Municipality, room: Room, want: Want
) -> None:
    with acting_as(shimonoseki):
        booking = services.book(want(room, "午後", day=NOW.date()), None)
        tomorrow = services.book(want(room, day=NOW.date() + timedelta(days=1)), None)
    for _time in range(2):
        staff.post(f"/shimonoseki/office/rooms/bookings/{booking.pk}/count/", {"people": 7})
    staff.post(f"/shimonoseki/office/rooms/bookings/{tomorrow.pk}/count/", {"people": 7})
    staff.post(f"/shimonoseki/office/rooms/bookings/{tomorrow.pk}/count/", {"people": "x"})
    with acting_as(shimonoseki):
        (use,) = Use.objects.all()
        assert (use.people, timezone.localtime(use.used_at)) == (7, NOW.replace(hour=13))


def test_a_correction_and_a_deletion_leave_their_trace(staff: Client, shimonoseki: Municipality, room: Room) -> None:
    staff.post(COUNTER, {"people": 30, "room": room.pk})
    with acting_as(shimonoseki):
        use = Use.objects.get()
    url = f"/shimonoseki/office/rooms/uses/{use.pk}/"
    day = {"used_on_year": 2026, "used_on_month": 11, "used_on_day": 6, "used_time": "14:00"}
    assert staff.post(url, day | {"people": 3, "room": room.pk}).status_code == 302
    with acting_as(shimonoseki):
        assert Use.objects.get().people == 3
        change = Change.objects.filter(table_name="rooms_use", action="update").get()
        assert (change.before["people"], change.after["people"]) == (30, 3)
    assert staff.post(url, day | {"used_on_day": 10, "people": 3, "room": room.pk}).status_code == 400, "not yet"
    assert staff.get(f"{url}delete/").status_code == 200
    staff.post(f"{url}delete/")
    with acting_as(shimonoseki):
        assert not Use.objects.exists()
        deleted = Change.objects.filter(table_name="rooms_use", action="delete").get()
        assert deleted.actor_id == User.objects.get(email="staff@shimonoseki.example.jp").pk


def test_users_are_a_measure(
    shimonoseki: Municipality, nagato: Municipality, make_room: MakeRoom, clock: SetClock
) -> None:
    moments = [datetime(2026, 3, 31, 23, 59), datetime(2026, 4, 1), datetime(2027, 3, 31, 23, 59)]  # noqa: DTZ001
    with acting_as(nagato):
        Use.objects.create(room=make_room(), people=1000)
    with acting_as(shimonoseki):
        room = make_room()
        for people, moment in enumerate(moments, start=10):
            Use.objects.create(room=room, people=people, used_at=timezone.make_aware(moment))
        measure = find("centres.users")
        assert [measure.count(year).value for year in (2025, 2026, 2027)] == [10, 23, 0]
        assert [row.value for row in measure.rows(2026)] == [12, 11]


def test_the_use_of_a_month_and_its_rate(
    shimonoseki: Municipality, make_room: MakeRoom, want: Want, clock: SetClock, member: MakeMember
) -> None:
    with acting_as(shimonoseki):
        staff = member(shimonoseki, Role.STAFF)
        room, space = make_room(), Room.objects.create(name="交流スペース", is_bookable=False)
        used = services.book(want(room, "午前", "午後", day=date(2026, 11, 5)), None)
        services.book(want(room, "午前", day=date(2026, 11, 6)), None)
        clock(NOW + timedelta(days=60))
        services.record_use(room, 9, staff, used)
        Use.objects.create(room=space, people=4, used_at=NOW)
        Closure.objects.create(room=room, first_day=date(2026, 11, 26), last_day=date(2026, 11, 30), reason="工事")
        thing = Equipment.objects.create(name="テント", quantity=2)
        Loan.objects.create(equipment=thing, due_on=date(2026, 11, 20), lent_at=NOW)
        month = use_between(date(2026, 11, 1), date(2026, 11, 30))
        # Twenty-one weekdays, less two holidays (the 3rd and the 23rd) and three days of work.
        (of_room, of_space) = month.rooms
        assert (of_room.people, of_room.bands_open, of_room.bands_used) == (9, 16 * 3, 2)
        assert of_room.rate == Decimal("4.2")
        assert (of_space.people, of_space.bands_open, of_space.rate) == (4, 0, None)
        assert (month.users, month.bookings, month.lendings, month.rate) == (13, 2, 1, Decimal("4.2"))
        measure = find("centres.room_use_rate")
        figure = measure.count(2026).value
        rows = list(measure.rows(2026))
        assert sum(row.value for row in rows) == figure
        assert len(rows) == 2
        assert 0 < figure < 1, "of the whole year so far"


def test_the_running_month_counts_to_today(shimonoseki: Municipality, make_room: MakeRoom, clock: SetClock) -> None:
    with acting_as(shimonoseki):
        make_room()
        make_room("新しい部屋", offered_from=date(2026, 11, 9))
        first, second = use_between(date(2026, 11, 1), date(2026, 11, 30)).rooms
        # The 2nd, 4th, 5th, 6th and 9th; the 9th.
        assert (first.bands_open, second.bands_open) == (5 * 3, 3)
        assert use_between(date(2026, 12, 1), date(2026, 12, 31)).rooms == []


def test_pages_ask_as_often_however_long_they_are(
    staff: Client, shimonoseki: Municipality, room: Room, make_room: MakeRoom, make_group: MakeGroup, want: Want
) -> None:
    office = "/shimonoseki/office/rooms/"
    addresses = (COUNTER, office, f"{office}bookings/", f"{office}uses/", f"{office}statistics/", "/shimonoseki/rooms/")
    counts: dict[str, list[int]] = {address: [] for address in addresses}
    for more in (1, 4):
        with acting_as(shimonoseki):
            for _time in range(more):
                other = make_room(f"部屋{Room.objects.count()}")
                group = make_group(f"会{Group.objects.count()}")
                booking = services.book(
                    want(other, "午前", "夜間", day=NOW.date(), group=group, is_exception=True), None
                )
                services.book(want(other, "午後", day=NOW.date(), group=group, is_exception=True), None)
                services.record_use(other, 5, User.objects.get(), booking)
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                page = staff.get(address)
            assert page.status_code == 200
            counts[address].append(len(queries))
    assert {address: few for address, (few, _many) in counts.items()} == {
        address: many for address, (_few, many) in counts.items()
    }


def test_the_public_page_names_nobody(
    staff: Client, client: Client, shimonoseki: Municipality, room: Room, make_group: MakeGroup, want: Want
) -> None:
    with acting_as(shimonoseki):
        services.book(
            want(room, "夜間", day=NOW.date(), group=make_group(), is_exception=True, purpose="秘密の会"), None
        )
    public, office = (
        page.content.decode() for page in (client.get("/shimonoseki/rooms/"), staff.get("/shimonoseki/office/rooms/"))
    )
    assert "予約あり" in public
    assert "花の会" in office
    assert "花の会" not in public
    assert "秘密の会" not in public
    for span, days in (("day", 1), ("week", 7), ("month", 30)):
        shown = client.get(f"/shimonoseki/rooms/?span={span}").content.decode()
        assert shown.count('<th scope="row" class="nowrap">') == days
    for wrong in ("span=year", "day_year=2026&day_month=13&day_day=1", "day_year=9999&day_month=12&day_day=31"):
        assert client.get(f"/shimonoseki/rooms/?{wrong}").status_code == 400


def test_equipment_is_lent_as_long_as_there_is_any(staff: Client, shimonoseki: Municipality) -> None:
    with acting_as(shimonoseki):
        thing = Equipment.objects.create(name="テント", quantity=3)
    url = f"/shimonoseki/office/rooms/equipment/{thing.pk}/"
    due = {"due_on_year": 2026, "due_on_month": 11, "due_on_day": 12}
    assert staff.post(f"{url}lend/", due | {"quantity": 2}).status_code == 302
    refusal = staff.post(f"{url}lend/", due | {"quantity": 2})
    assert refusal.status_code == 400
    assert "残りの数が足りません" in refusal.content.decode()
    assert staff.post(url, {"name": "テント", "quantity": 1, "position": 0}).status_code == 400, "two are out"
    with acting_as(shimonoseki):
        (loan,) = Loan.objects.all()
    for _time in range(2):
        staff.post(f"/shimonoseki/office/rooms/loans/{loan.pk}/back/")
    with acting_as(shimonoseki):
        assert Equipment.objects.get().left == 3
        with pytest.raises(ValidationError):
            services.lend(Loan(equipment=thing, quantity=4, due_on=date(2026, 11, 12)), User.objects.get())
        assert Loan.objects.count() == 1


def test_rooms_are_set_up_by_the_manager(
    clock: SetClock, shimonoseki: Municipality, signed_in: SignIn, want: Want
) -> None:
    manager = signed_in(shimonoseki, Role.MANAGER)
    office = "/shimonoseki/office/rooms/"
    typed = {
        "name": "和室",
        "position": 1,
        "is_bookable": "on",
        "opens_months_before": 2,
        "opens_at": "10:00",
        "bookings_at_once": 3,
        "cancel_days_before": 1,
        "offered_from_year": 2026,
        "offered_from_month": 4,
        "offered_from_day": 1,
        "division": "hours",
    }
    assert manager.post(f"{office}setting-up/new/", typed).status_code == 302
    with acting_as(shimonoseki):
        room = Room.objects.get()
        assert room.bands.count() == 12
        first, second, *_others = room.bands.all()
        services.book(want(room, first.name), None)
    wrong = manager.post(f"{office}bands/{second.pk}/", {"name": "10時", "starts": "09:30", "ends": "11:00"})
    assert wrong.status_code == 400
    assert "重なっています" in wrong.content.decode()
    assert (
        manager.post(f"{office}bands/{second.pk}/", {"name": "昼前", "starts": "10:00", "ends": "10:45"}).status_code
        == 302
    )
    for band in (first, second):
        manager.post(f"{office}bands/{band.pk}/delete/")
    with acting_as(shimonoseki):
        assert set(room.bands.values_list("name", flat=True)) >= {first.name}
        assert not room.bands.filter(pk=second.pk).exists()
        assert BookedBand.objects.filter(band=first).exists()
