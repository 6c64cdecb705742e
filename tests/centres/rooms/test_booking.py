"""Booking a room: what stands against it, and what becomes of it."""

from datetime import date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from centres.models import Centre, Group, GroupStanding, HolidayRule
from centres.registration.models import Representative
from centres.rooms import services
from centres.rooms.models import BookedBand, Booking, BookingStatus, Closure, Room, RoomBand, Use
from centres.rooms.opening import booking_opens, opens_by_rule
from centres.rooms.queries import bookings_to_release
from civic.accounts.models import Membership, Role
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.centres.rooms.conftest import A_FRIDAY, NOW, MakeGroup, MakeRoom, SetClock, Want
from tests.conftest import MakeMember, SignIn

pytestmark = pytest.mark.usefixtures("clock")


def refused(action: object, *arguments: object) -> str:
    with pytest.raises(ValidationError) as refusal:
        action(*arguments)  # type: ignore[operator]
    return str(refusal.value.message)


def test_what_is_held_is_held_once_and_free_again_when_it_is_cancelled(
    in_shimonoseki: Municipality, room: Room, make_group: MakeGroup, want: Want, member: MakeMember
) -> None:
    me, other = make_group(), make_group("山の会")
    staff = member(in_shimonoseki, Role.STAFF)
    booking = services.book(want(room, "午前", "午後", group=me), None)
    assert booking.status == BookingStatus.BOOKED
    assert refused(services.book, want(room, "午後", group=other), None) == "ほかの予約が入っています。"
    services.book(want(room, "夜間", group=other), None)
    services.cancel(booking, "電話で", staff)
    assert not BookedBand.objects.filter(booking=booking, is_held=True).exists()
    services.book(want(room, "午後", group=other), None)
    assert refused(services.cancel, booking, "もう一度", staff) == "この予約は、もう取り消されています。"


def test_the_database_keeps_bands_with_their_booking(
    in_shimonoseki: Municipality, room: Room, make_room: MakeRoom, want: Want
) -> None:
    booking = services.book(want(room), None)
    other = make_room("別の部屋")
    for values in ({"day": date(2026, 12, 5)}, {"room": other}, {"is_held": False}, {"band": other.bands.first()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            BookedBand.objects.filter(booking=booking).update(**values)


def test_the_database_keeps_the_bands_of_a_room_apart(in_shimonoseki: Municipality, room: Room) -> None:
    with pytest.raises(IntegrityError, match="rooms_bands_apart"), transaction.atomic():
        RoomBand.objects.create(room=room, name="昼", starts=time(11, 59), ends=time(13))
    RoomBand.objects.create(room=room, name="昼", starts=time(12), ends=time(13))
    other = Room.objects.create(name="別の部屋")
    RoomBand.objects.create(room=other, name="朝から", starts=time(8), ends=time(22))


def test_a_centres_rule_its_holidays_and_its_closures(in_shimonoseki: Municipality, room: Room, want: Want) -> None:
    room.centre = Centre.objects.create(
        name="センター",
        address="",
        rule="毎週水曜日",
        closed_weekdays=[2],
        closed_on_holidays=HolidayRule.EXCEPT_WEEKENDS,
    )
    room.save()
    assert services.book(want(room, day=date(2026, 11, 21)), None).status == BookingStatus.BOOKED, "a Saturday"
    for closed in (date(2026, 11, 18), date(2026, 11, 23)):
        assert refused(services.book, want(room, day=closed), None) == "この日は使えません（休館日）。"
    Closure.objects.create(room=room, first_day=A_FRIDAY, last_day=date(2026, 12, 6), reason="改修工事")
    assert refused(services.book, want(room, day=date(2026, 12, 6)), None) == "この日は使えません（改修工事）。"


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2026, 12, 28), True),
        (date(2026, 12, 29), False),
        (date(2027, 1, 3), False),
        (date(2027, 1, 4), True),
        (date(2026, 12, 5), False),
        (date(2026, 11, 23), False),
    ],
)
def test_without_a_rule_a_centre_opens_as_offices_do(day: date, is_open: bool) -> None:
    assert opens_by_rule(None, day) is is_open


def test_a_month_opens_on_its_first_open_day_at_its_minute(
    in_shimonoseki: Municipality, room: Room, make_group: MakeGroup, want: Want, clock: SetClock
) -> None:
    room.draws_first_day, room.opens_at = False, time(9, 30)
    room.save()
    # 1 and 2 August 2026 are a Saturday and a Sunday.
    opens = timezone.make_aware(datetime(2026, 8, 3, 9, 30))  # noqa: DTZ001
    assert booking_opens(room, date(2026, 11, 30)) == opens
    clock(opens - timedelta(seconds=1))
    wanted = want(room, day=date(2026, 11, 30), group=make_group())
    assert refused(services.book, wanted, None) == "この日の予約は、令和8年8月3日 9:30から受け付けます。"
    clock(opens)
    assert services.book(wanted, None).status == BookingStatus.BOOKED


def test_no_more_at_once_than_the_room_allows(
    in_shimonoseki: Municipality, room: Room, make_room: MakeRoom, make_group: MakeGroup, want: Want
) -> None:
    room.bookings_at_once = 2
    room.save()
    me = make_group()
    for band in ("午前", "午後"):
        services.book(want(room, band, group=me), None)
    third = want(room, "夜間", group=me)
    assert refused(services.book, third, None) == "この部屋で同時に持てる予約は2件までです。"
    services.book(want(make_room("別の部屋"), group=me), None)
    services.book(want(room, "夜間", group=me, is_exception=True), None)


def test_past_time_is_the_centres_alone_and_not_for_long(
    in_shimonoseki: Municipality, room: Room, make_group: MakeGroup, want: Want
) -> None:
    today = NOW.date()
    assert refused(services.book, want(room, day=date(2026, 11, 6), group=make_group()), None) == "もう過ぎた時間です。"
    services.book(want(room, day=today - timedelta(days=31)), None)
    assert "31日より前" in refused(services.book, want(room, day=today - timedelta(days=32)), None)


def test_a_group_gives_back_until_its_last_day(
    in_shimonoseki: Municipality, room: Room, make_group: MakeGroup, want: Want, member: MakeMember, clock: SetClock
) -> None:
    person = member(in_shimonoseki, Role.GROUP)
    me = make_group()
    first, second = (services.book(want(room, band, group=me), None) for band in ("午前", "午後"))
    clock(timezone.make_aware(datetime(2026, 12, 1, 23)))  # noqa: DTZ001
    services.give_back(first, person)
    clock(timezone.make_aware(datetime(2026, 12, 2, 0)))  # noqa: DTZ001
    assert "期限が過ぎました" in refused(services.give_back, second, person)
    assert {booking.status for booking in Booking.objects.all()} == {"cancelled", "booked"}


def test_what_was_used_is_not_cancelled(
    in_shimonoseki: Municipality, room: Room, want: Want, member: MakeMember
) -> None:
    staff = member(in_shimonoseki, Role.STAFF)
    booking = services.book(want(room, day=NOW.date()), None)
    use = services.record_use(room, 7, staff, booking)
    room.cancel_days_before = 0
    room.save()
    assert "利用の記録がある" in refused(services.give_back, Booking.objects.get(), staff)
    assert timezone.localtime(use.used_at).time() == time(9)
    assert "利用の記録がある" in refused(services.cancel, booking, "まちがい", staff)
    assert refused(services.record_use, room, 8, staff, booking) == "この予約の利用は、もう記録されています。"
    services.delete_use(use)
    services.cancel(booking, "まちがい", staff)
    assert not Use.objects.exists()


def test_a_groups_standing_decides(in_shimonoseki: Municipality, room: Room, make_group: MakeGroup, want: Want) -> None:
    """In grace what is booked stays and nothing new is booked; without registration nothing is left."""
    me, waiting, gone = (make_group(name) for name in ("花の会", "山の会", "海の会"))
    bookings = {
        group: services.book(want(room, band, group=group), None)
        for band, group in (("午前", me), ("午後", waiting), ("夜間", gone))
    }
    for group, standing in ((waiting, GroupStanding.IN_GRACE), (gone, GroupStanding.EXPIRED)):
        group.standing, group.is_published = standing, False
        group.save()
        assert str(standing.label) in refused(services.book, want(room, day=date(2026, 12, 7), group=group), None)
    services.release(bookings_to_release(NOW.date()))
    services.release(bookings_to_release(NOW.date()))
    found = {booking.group.name: booking.status for booking in Booking.objects.select_related("group")}
    assert found == {"花の会": "booked", "山の会": "booked", "海の会": "cancelled"}
    assert bookings[gone].bands.get().is_held is False


def test_another_municipalitys_rooms_are_not_there(
    shimonoseki: Municipality, nagato: Municipality, make_room: MakeRoom, want: Want
) -> None:
    with acting_as(nagato):
        services.book(want(make_room()), None)
    with acting_as(shimonoseki):
        assert services.book(want(make_room()), None).status == BookingStatus.BOOKED
        assert Booking.objects.count() == 1


@pytest.fixture
def representative(shimonoseki: Municipality, make_group: MakeGroup, signed_in: SignIn) -> Client:
    """The browser of somebody who represents 花の会."""
    client = signed_in(shimonoseki, Role.GROUP)
    with acting_as(shimonoseki):
        membership = Membership.objects.get(role=Role.GROUP)
        Representative.objects.create(group=make_group(), name="代表", membership=membership)
    return client


def typed(room: Room, band: str, **values: object) -> dict[str, object]:
    return {
        "day_year": 2026,
        "day_month": 12,
        "day_day": 4,
        "bands": [room.bands.get(name=band).pk],
        "purpose": "定例会",
        "people": 8,
    } | values


def test_a_group_books_for_itself_and_sees_nobody_elses(
    representative: Client, shimonoseki: Municipality, room: Room, make_group: MakeGroup, want: Want
) -> None:
    url, office = f"/shimonoseki/office/rooms/{room.pk}/book/", "/shimonoseki/office/rooms/"
    with acting_as(shimonoseki):
        mine, other = Group.objects.get(name="花の会"), make_group("山の会")
        theirs = services.book(want(room, "午前", group=other), None)
        morning, evening = typed(room, "午前", group=mine.pk), typed(room, "夜間", group=mine.pk)
    taken = representative.post(url, morning)
    assert taken.status_code == 400
    assert "ほかの予約が入っています。" in taken.content.decode()
    for wrong in ({"group": other.pk}, {"group": other.pk, "is_exception": "on"}):
        assert representative.post(url, evening | wrong).status_code == 404
    booked = representative.post(url, evening | {"is_exception": "on"}, follow=True)
    assert "予約しました。" in booked.content.decode()
    with acting_as(shimonoseki):
        booking = Booking.objects.get(group=mine)
        assert not booking.is_exception, "that is the centre's alone"
    for address in (f"{office}bookings/", f"{office}?day_year=2026&day_month=12&day_day=4"):
        page = representative.get(address).content.decode()
        assert "花の会" in page
        assert "山の会" not in page
    for address in (f"{office}bookings/{theirs.pk}/", f"{office}bookings/{theirs.pk}/give-back/"):
        assert representative.get(address).status_code == 404
    assert representative.post(f"{office}bookings/{theirs.pk}/cancel/", {"because": "x"}).status_code == 403
    representative.post(f"{office}bookings/{booking.pk}/give-back/")
    with acting_as(shimonoseki):
        assert {one.group.name: one.status for one in Booking.objects.select_related("group")} == {
            "花の会": "cancelled",
            "山の会": "booked",
        }


def test_last_years_representative_books_nothing(representative: Client, shimonoseki: Municipality, room: Room) -> None:
    url = f"/shimonoseki/office/rooms/{room.pk}/book/"
    assert representative.get(url).status_code == 200
    with acting_as(shimonoseki):
        Representative.objects.update(ended_at=timezone.now())
    assert representative.get(url).status_code == 403
