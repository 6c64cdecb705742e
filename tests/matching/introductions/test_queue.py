"""The queue: twenty work it at once, none twice, none lost; and its pages."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from civic.accounts.models import Role, User
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from matching.introductions import queue, receiving
from matching.introductions.queue import NotHeld
from matching.introductions.views.queue import urgency
from matching.models import GuildRule, HelpRequest, Match, MatchState, QueueEntry, QueueKind, RequestStatus, Supporter
from tests.conftest import MakeMember, SignIn
from tests.matching.conftest import AskForHelp
from tests.matching.introductions.conftest import at_once, shift_in

WORKERS, ENTRIES = 20, 2000
PRESSES = 20
NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.get_default_timezone())


def entry(hours: int = 0, nickname: str = "かもめ") -> QueueEntry:
    supporter = Supporter.objects.create(nickname=nickname)
    return QueueEntry.objects.create(
        kind=QueueKind.GREET_SUPPORTER, supporter=supporter, due_at=timezone.now() + timedelta(hours=hours)
    )


@pytest.fixture
def people(in_shimonoseki: Municipality, member: MakeMember) -> tuple[User, User]:
    return member(in_shimonoseki, Role.STAFF), member(in_shimonoseki, Role.MANAGER)


# ---- one after the other ----


def test_the_most_urgent_comes_first_and_only_once(people: tuple[User, User]) -> None:
    one, other = people
    later, sooner = entry(hours=5), entry(hours=1)
    assert queue.take_next(one) == sooner
    assert queue.take_next(other) == later
    assert queue.take_next(one) == sooner, "taken again, one's own goes on"
    queue.finish(sooner, one, "お礼を伝えた")
    assert queue.take_next(one) is None
    sooner.refresh_from_db()
    assert (sooner.done_by, sooner.outcome, sooner.done_at is not None) == (one, "お礼を伝えた", True)


def test_a_lease_lasts_as_long_as_the_rule_says(people: tuple[User, User]) -> None:
    GuildRule.objects.create(lease_minutes=40)
    entry()
    taken = queue.take_next(people[0])
    assert taken
    assert taken.taken_until
    assert timedelta(minutes=39) < taken.taken_until - timezone.now() <= timedelta(minutes=40)


def test_a_lease_returns_by_itself(people: tuple[User, User]) -> None:
    one, other = people
    only = entry()
    assert queue.take_next(one) == only
    with pytest.raises(NotHeld):
        queue.take(only, other)
    QueueEntry.objects.update(taken_until=timezone.now())
    assert queue.take_next(other) == only
    with pytest.raises(NotHeld):
        queue.finish(only, one, "遅れて来た人")
    queue.finish(only, other, "すんだ")
    with pytest.raises(NotHeld):
        queue.take(only, other)


def test_what_is_given_back_is_free(people: tuple[User, User]) -> None:
    one, other = people
    only = entry()
    with pytest.raises(NotHeld):
        queue.give_back(only, one)
    queue.take(only, one)
    queue.give_back(only, one)
    assert queue.take_next(other) == only


def test_the_same_thing_is_in_the_queue_once(people: tuple[User, User]) -> None:
    supporter = Supporter.objects.create(nickname="かもめ")
    for hours in (5, 2, 9):
        queue.add(QueueKind.GREET_SUPPORTER, NOW + timedelta(hours=hours), supporter=supporter)
    only = QueueEntry.objects.get()
    assert only.due_at == NOW + timedelta(hours=2)
    queue.settle(QueueKind.GREET_SUPPORTER, "電話があった", by=people[0], supporter=supporter)
    assert queue.take_next(people[0]) is None
    queue.add(QueueKind.GREET_SUPPORTER, NOW, supporter=supporter)
    assert QueueEntry.objects.filter(done_at=None).count() == 1


def test_what_is_over_is_struck_off(people: tuple[User, User], ask_for_help: AskForHelp) -> None:
    kinds = QueueKind
    there, gone = Supporter.objects.create(nickname="かもめ"), Supporter.objects.create(status="left", left_on=NOW)
    by_status = {status: ask_for_help(status.label, status=status) for status in RequestStatus}
    for request in by_status.values():
        for kind in (kinds.FIND_PEOPLE, kinds.CHECK_REQUEST, kinds.REREAD_REQUEST):
            queue.add(kind, NOW, request=request)
    for supporter in (there, gone):
        queue.add(kinds.GREET_SUPPORTER, NOW, supporter=supporter)
    opened, called_off = by_status[RequestStatus.OPEN], by_status[RequestStatus.CANCELLED]
    coming, past = shift_in(opened, days=1), shift_in(opened, days=-1)
    silences = {
        "asked": {"shift": coming, "starts_at": coming.starts_at, "ends_at": coming.ends_at},
        "past": {"shift": past, "starts_at": past.starts_at, "ends_at": past.ends_at},
        "called off": {"request": called_off},
        "gone": {"supporter": gone},
    }
    for about in silences.values():
        match = Match.objects.create(**{"request": opened, "supporter": there, "state": MatchState.LAPSED, **about})
        for kind in (kinds.VOLUNTEER_SILENT, kinds.GROUP_SILENT):
            queue.add(kind, NOW, match=match)
    queue.strike_off_what_is_over()
    left = QueueEntry.objects.filter(done_at=None)
    requests = left.filter(match=None, supporter=None).values_list("kind", "request__status")
    assert set(requests) == {
        (kinds.FIND_PEOPLE, "open"),
        (kinds.CHECK_REQUEST, "submitted"),
        (kinds.REREAD_REQUEST, "open"),
        (kinds.REREAD_REQUEST, "filled"),
    }
    assert left.get(kind=kinds.GREET_SUPPORTER).supporter == there
    names = {match.pk: name for name, match in zip(silences, Match.objects.order_by("pk"), strict=True)}
    silent = {kind: {names[entry.match_id] for entry in left.filter(kind=kind)} for kind in kinds if "silent" in kind}
    # A group that said nothing until the day may still have to be told of: somebody wanted to come.
    assert silent == {kinds.VOLUNTEER_SILENT: {"asked"}, kinds.GROUP_SILENT: {"asked", "past", "called off"}}


def test_people_are_looked_for_again_where_a_place_is_free_again(
    people: tuple[User, User], ask_for_help: AskForHelp
) -> None:
    request = ask_for_help()

    def searches() -> int:
        queue.strike_off_what_is_over()
        receiving.look_for_people_again()
        return QueueEntry.objects.filter(done_at=None, kind=QueueKind.FIND_PEOPLE).count()

    assert searches() == 0, "nobody ever said so"
    queue.add(QueueKind.FIND_PEOPLE, NOW, request=request)
    for status, is_looked_for in (("filled", 0), ("filled", 0), ("open", 1), ("open", 1), ("filled", 0), ("open", 1)):
        HelpRequest.objects.update(status=status)
        assert searches() == is_looked_for
    entry = queue.take_next(people[0])
    assert entry
    queue.finish(entry, people[0], "3人に頼んだ")
    assert searches() == 0


# ---- all at once ----


@pytest.fixture
def coordinators(committed: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[User]]:
    """Twenty people, each with a connection of their own, before a queue that all of them see."""
    monkeypatch.setitem(connection.settings_dict["OPTIONS"]["pool"], "max_size", WORKERS + 1)
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    users = [User.objects.create_user(f"c{number}@example.jp") for number in range(WORKERS)]
    with acting_as(Municipality.objects.get(slug="shimonoseki")):
        supporters = Supporter.objects.bulk_create(Supporter(nickname=f"{number}") for number in range(ENTRIES))
        QueueEntry.objects.bulk_create(
            QueueEntry(kind=QueueKind.GREET_SUPPORTER, supporter=supporter, due_at=NOW + timedelta(minutes=number))
            for number, supporter in enumerate(supporters)
        )
    connection.close()
    yield users
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]


def test_twenty_at_once_and_one_whose_browser_dies(coordinators: list[User]) -> None:
    """Each hand-out is a transaction of its own, and so is what follows it; the first person vanishes with an entry."""
    municipality = Municipality.objects.get(slug="shimonoseki")
    all_are_ready = Barrier(WORKERS)

    def work(user: User) -> list[int]:
        handled: list[int] = []
        taken = None
        try:
            with acting_as(municipality):
                all_are_ready.wait(30)
            while True:
                with acting_as(municipality):
                    if taken:
                        queue.finish(taken, user, "すんだ")
                        handled.append(taken.pk)
                    taken = queue.take_next(user)
                if taken is None or user == coordinators[0]:
                    return handled
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as threads:
        handled = [pk for worker in threads.map(work, coordinators) for pk in worker]
    assert max(Counter(handled).values()) == 1, "none is handled twice"
    with acting_as(municipality):
        held = QueueEntry.objects.get(done_at=None)
        assert (held.taken_by, len(handled)) == (coordinators[0], ENTRIES - 1), "none is lost"
        assert queue.take_next(coordinators[1]) is None
        QueueEntry.objects.filter(pk=held.pk).update(taken_until=timezone.now())
        assert queue.take_next(coordinators[1]) == held
        queue.finish(held, coordinators[1], "すんだ")
        assert not QueueEntry.objects.filter(done_at=None).exists()


def test_a_double_press_takes_one(committed: None) -> None:
    """The same person from two connections in the same instant, many times: both get the same entry."""
    people = [User.objects.create_user(f"c{number}@example.jp") for number in range(PRESSES)]
    with acting_as(Municipality.objects.get(slug="shimonoseki")):
        for number in range(2 * PRESSES):
            entry(nickname=f"{number}")
    taken: list[tuple[User, int]] = []

    def press(number: int, _which: int) -> None:
        found = queue.take_next(people[number])
        assert found
        taken.append((people[number], found.pk))

    at_once(press, PRESSES)
    assert len(taken) == 2 * PRESSES
    assert len(set(taken)) == len({pk for _user, pk in taken}) == PRESSES


# ---- pages ----


def test_urgency_in_words() -> None:
    told = {hours: urgency(NOW + timedelta(hours=hours), NOW) for hours in (-49, -1, 3, 20, 72)}
    assert told == {
        -49: "期限を2日すぎています",
        -1: "いますぐ",
        3: "きょう中に",
        20: "あすまで",
        72: "令和8年11月25日まで（あと3日）",
    }


@pytest.fixture
def staff(signed_in: SignIn, shimonoseki: Municipality) -> Client:
    return signed_in(shimonoseki, Role.STAFF)


def test_from_the_next_one_to_what_came_of_it(staff: Client, in_shimonoseki: Municipality) -> None:
    entry(nickname="かもめ")
    page = staff.get("/shimonoseki/office/guild/queue/").content.decode()
    assert "次を受け持つ" in page
    assert "だれも受け持っていません" in page
    taken = staff.post("/shimonoseki/office/guild/queue/next/", follow=True)
    address = taken.redirect_chain[-1][0]
    assert "かもめ" in taken.content.decode()
    assert "職員の人（" in staff.get("/shimonoseki/office/guild/queue/").content.decode()
    refused = staff.post(f"{address}finish/", {"outcome": ""})
    assert refused.status_code == 400
    done = staff.post(f"{address}finish/", {"outcome": "電話でお礼を伝えた"}, follow=True).content.decode()
    assert "いま、することはありません" in done
    for again in (staff.get(address, follow=True), staff.post(f"{address}finish/", {"outcome": "x"}, follow=True)):
        assert "もうすんでいます" in again.content.decode()
    assert QueueEntry.objects.get().outcome == "電話でお礼を伝えた"


def test_what_another_has_is_not_finished(staff: Client, in_shimonoseki: Municipality, member: MakeMember) -> None:
    other = entry()
    queue.take(other, member(in_shimonoseki, Role.MANAGER))
    for action in ("take", "finish", "give-back"):
        page = staff.post(f"/shimonoseki/office/guild/queue/{other.pk}/{action}/", {"outcome": "x"}, follow=True)
        assert "受け持" in str(next(iter(page.context["messages"])))
    assert QueueEntry.objects.get().done_at is None


@pytest.mark.parametrize("length", [1, 12])
def test_the_list_asks_the_same_however_long(
    staff: Client, in_shimonoseki: Municipality, django_assert_num_queries: Settings, length: int
) -> None:
    for number in range(length):
        entry(nickname=f"人{number}")
    with django_assert_num_queries(13):
        staff.get("/shimonoseki/office/guild/queue/")
