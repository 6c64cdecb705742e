"""Draws: fair, the same again by their seed, and told to the groups."""

import hashlib
from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from centres.models import Group
from centres.rooms import services
from centres.rooms.drawing import Wish, draw, lot
from centres.rooms.mail import send_room_notice
from centres.rooms.models import Booking, BookingStatus, Draw, Room, RoomNotice
from centres.rooms.queries import draw_again, draws_due, wishes_of
from centres.rooms.tasks import begin_day
from civic.accounts.models import Role, User
from civic.audit.models import Change
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.centres.conftest import Mailbox
from tests.centres.rooms.conftest import MakeGroup, SetClock, Want
from tests.conftest import MakeMember, SignIn

FIRST_DAY = timezone.make_aware(datetime(2026, 11, 2, 9))  # noqa: DTZ001
NEXT_MORNING = timezone.make_aware(datetime(2026, 11, 3, 6, 30))  # noqa: DTZ001
A_DAY_OF_THE_MONTH, MONTH = date(2027, 2, 5), date(2027, 2, 1)


def wish(number: int, group: int, *takes: str) -> Wish:
    return Wish(number, group, frozenset(takes))


def test_each_group_wins_as_often_as_any_other_however_much_it_asks() -> None:
    wishes = [wish(1, 1, "a"), wish(2, 2, "a"), *(wish(number, 3, "a") for number in range(3, 9))]
    winners = Counter(next(iter(draw(wishes, [], f"seed {seed}"))) for seed in range(3000))
    groups = Counter({1: winners[1], 2: winners[2], 3: sum(winners[number] for number in range(3, 9))})
    assert sum(groups.values()) == 3000
    # Four standard deviations of a fair draw.
    assert all(abs(won - 1000) < 104 for won in groups.values())


def test_nobody_has_a_second_before_each_had_a_turn() -> None:
    wishes = [wish(1, 1, "a"), wish(2, 1, "b"), wish(3, 1, "c"), wish(4, 2, "b")]
    for seed in map(str, range(50)):
        granted = draw(wishes, [], seed)
        assert granted == {1, 3, 4}, "the second group wants b in its first turn, the first has a by then"


def test_all_or_nothing_and_nothing_that_is_taken() -> None:
    assert draw([wish(1, 1, "a", "b"), wish(2, 2, "c")], ["b"], "seed") == {2}
    assert draw([], [], "seed") == set()


def test_a_lot_can_be_drawn_by_hand() -> None:
    assert lot("00ff", 1, 12) == hashlib.sha256(b"00ff:1:12").hexdigest()
    first = min((1, 2, 3), key=lambda group: hashlib.sha256(f"00ff:1:{group}".encode()).hexdigest())
    assert draw([wish(number, number, "a") for number in (1, 2, 3)], [], "00ff") == {first}


@pytest.fixture
def wishes(shimonoseki: Municipality, room: Room, make_group: MakeGroup, want: Want, clock: SetClock) -> list[Booking]:
    """Three groups want the same morning, on the first day; one of them the evening, too."""
    clock(FIRST_DAY)
    with acting_as(shimonoseki):
        groups = [make_group(name) for name in ("花の会", "山の会", "海の会")]
        made = [services.book(want(room, "午前", day=A_DAY_OF_THE_MONTH, group=group), None) for group in groups]
        made.append(services.book(want(room, "夜間", day=A_DAY_OF_THE_MONTH, group=groups[0]), None))
    return made


def test_wishes_of_the_first_day_wait_and_hold_nothing(
    shimonoseki: Municipality, room: Room, wishes: list[Booking], want: Want, make_group: MakeGroup, clock: SetClock
) -> None:
    assert {one.status for one in wishes} == {BookingStatus.WISHED}
    with acting_as(shimonoseki):
        late = make_group("あとの会")
        assert draws_due() == []
        with pytest.raises(ValidationError, match="終わってから"):
            services.hold_draw(room, MONTH)
        clock(NEXT_MORNING - timedelta(hours=6))
        with pytest.raises(ValidationError, match="抽選がまだ"):
            services.book(want(room, "午後", day=A_DAY_OF_THE_MONTH, group=late), None)
        assert draws_due() == [(room, MONTH)]
        services.hold_draw(room, MONTH)
        assert draws_due() == []
        assert services.book(want(room, "午後", day=A_DAY_OF_THE_MONTH, group=late), None).holds
        with pytest.raises(ValidationError, match="もうすんでいます"):
            services.hold_draw(room, MONTH)


def test_the_morning_draws_once_and_comes_out_the_same_again(
    shimonoseki: Municipality, wishes: list[Booking], clock: SetClock, member: MakeMember
) -> None:
    clock(NEXT_MORNING)
    begin_day()
    begin_day()
    with acting_as(shimonoseki):
        (held,) = Draw.objects.all()
        found = list(wishes_of(held))
        assert Counter(one.status for one in found) == {"booked": 2, "lost": 2}
        assert found[3].holds, "nobody else wanted the evening"
        granted = {one.pk for one in found if one.holds}
        assert draw_again(held, found) == granted
        trace = Change.objects.filter(table_name="rooms_draw", row_id=held.pk).get()
        assert trace.after["seed"] == held.seed
        assert len(held.seed) == 32
        # A cancellation afterwards, or a booking of what was left, makes no other draw of it.
        services.give_back(found[3], member(shimonoseki, Role.GROUP))
        assert draw_again(held, list(wishes_of(held))) == granted
        Draw.objects.update(seed="0")
        seeds = [Draw(room=held.room, month=MONTH, seed=str(seed), drawn_at=held.drawn_at) for seed in range(60)]
        assert len({frozenset(draw_again(one, found)) for one in seeds}) == 3, "another seed, another winner"


def test_what_the_centre_took_is_out_of_the_draw(
    shimonoseki: Municipality, room: Room, wishes: list[Booking], want: Want, clock: SetClock
) -> None:
    with acting_as(shimonoseki):
        services.book(want(room, "午前", day=A_DAY_OF_THE_MONTH), None)
        clock(NEXT_MORNING)
        held = services.hold_draw(room, MONTH)
        found = list(wishes_of(held))
        assert [one.status for one in found] == ["lost", "lost", "lost", "booked"]
        assert draw_again(held, found) == {found[3].pk}


@pytest.mark.filterwarnings("ignore:task_always_eager has no effect")
def test_each_group_is_told_once_what_it_got(
    shimonoseki: Municipality,
    room: Room,
    wishes: list[Booking],
    clock: SetClock,
    mailbox: Mailbox,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    clock(NEXT_MORNING)
    with acting_as(shimonoseki):
        Group.objects.filter(name="海の会").update(email="")
    with django_capture_on_commit_callbacks(execute=True):
        begin_day()
        assert mailbox.letters == [], "not before the commit"
    assert {letter["To"] for letter in mailbox.letters} == {"group1@example.jp", "group2@example.jp"}
    [(subject, body)] = mailbox.to("group1@example.jp")
    assert subject == "【下関市】部屋の抽選の結果"
    assert "花の会 様" in body
    assert "令和9年2月5日（金） 夜間：当選しました。" in body
    assert "https://portal.example.jp/shimonoseki/rooms/" in body
    with acting_as(shimonoseki):
        won = {one.group_id for one in wishes_of(Draw.objects.get()) if one.holds and one.pk != wishes[3].pk}
        assert ("午前：当選" in body) is (wishes[0].group_id in won)
        for notice in RoomNotice.objects.all():
            send_room_notice.enqueue(notice.pk)
    assert len(mailbox.letters) == 2, "a task that runs twice sends once"


def test_the_pages(
    shimonoseki: Municipality, room: Room, wishes: list[Booking], clock: SetClock, signed_in: SignIn
) -> None:
    staff = signed_in(shimonoseki, Role.STAFF)
    address = f"/shimonoseki/office/rooms/{room.pk}/draws/2027/2/"
    assert "4件" in staff.get("/shimonoseki/office/rooms/draws/").content.decode()
    staff.post(address)
    with acting_as(shimonoseki):
        assert not Draw.objects.exists(), "the first day is not over"
    clock(NEXT_MORNING)
    # The session of yesterday is over.
    staff.force_login(User.objects.get(email="staff@shimonoseki.example.jp"))
    assert "花の会" in staff.get(address).content.decode()
    page = staff.post(address, follow=True).content.decode()
    assert "一致" in page
    assert page.count("落選") == 2
    with acting_as(shimonoseki):
        Draw.objects.update(seed="another")
        held = Draw.objects.get()
        differs = draw_again(held, list(wishes_of(held))) != {
            one.pk for one in wishes_of(held) if one.status != BookingStatus.LOST
        }
    shown = staff.get(f"/shimonoseki/office/rooms/draws/{held.pk}/").content.decode()
    assert ("不一致" in shown) is differs
