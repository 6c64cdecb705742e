"""What the clock does: it reminds once, lapses once, and may come by at any time."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from civic.tenancy.models import Municipality
from matching import tasks
from matching.introductions import answering, asking, timeouts
from matching.introductions.moving import NotPossible
from matching.models import GuildLetter, GuildRule, HelpRequest, Match, MatchState, QueueEntry, Side
from matching.requests import services as requests
from tests.matching.introductions.conftest import helper, shift_in

State = MatchState


def on_day(day: float) -> datetime:
    return timezone.now() + timedelta(days=day)


def ask(request: HelpRequest, nickname: str = "かもめ") -> Match:
    match = asking.propose(request, None, supporter=helper(nickname), by=None)
    asking.ask_volunteer(match, by=None)
    return match


def reminders() -> list[str]:
    return list(GuildLetter.objects.filter(kind__startswith="remind").values_list("kind", flat=True))


def test_the_silent_are_reminded_once_with_the_same_link(beach: HelpRequest) -> None:
    match = ask(beach)
    assert timeouts.remind(on_day(2.9)) == 0
    assert timeouts.remind(on_day(3.1)) == 1
    assert timeouts.remind(on_day(3.2)) == timeouts.remind(on_day(6)) == 0
    asked, reminder = match.letters.all()
    assert (reminder.kind, reminder.link_id) == ("remind_volunteer", asked.link_id)


def test_a_group_is_reminded_of_its_own(beach: HelpRequest) -> None:
    match = ask(beach)
    timeouts.remind(on_day(3.1))
    answering.answer(match, Side.VOLUNTEER, True)
    assert timeouts.remind(on_day(2.9)) == 0
    timeouts.remind(on_day(3.1))
    assert reminders() == ["remind_volunteer", "remind_group"]


@pytest.mark.parametrize("side", Side)
def test_silence_ends_and_is_the_staffs_to_break(beach: HelpRequest, side: Side) -> None:
    match = ask(beach)
    if side == Side.GROUP:
        answering.answer(match, Side.VOLUNTEER, True)
    assert timeouts.lapse(on_day(6.9)) == 0
    assert timeouts.lapse(on_day(7.1)) == 1
    assert timeouts.lapse(on_day(7.1)) == timeouts.remind(on_day(7.1)) == 0
    match.refresh_from_db()
    assert (match.state, match.steps.last().actor) == (State.LAPSED, "clock")
    entry = QueueEntry.objects.get()
    assert (entry.kind, entry.match) == (f"{side}_silent", match)
    beach.refresh_from_db()
    assert beach.status == "open"
    (asking.ask_volunteer if side == Side.VOLUNTEER else asking.ask_group)(match, by=None)
    answering.answer(match, side, True)
    assert QueueEntry.objects.get().done_at is not None
    assert match.state == (State.GROUP_ASKED if side == Side.VOLUNTEER else State.INTRODUCED)


def test_of_a_silent_volunteer_no_group_is_asked(beach: HelpRequest) -> None:
    match = ask(beach)
    timeouts.lapse(on_day(7.1))
    with pytest.raises(NotPossible, match="まだ「はい」"):
        asking.ask_group(match, by=None)


def test_it_goes_by_the_municipalitys_rule(beach: HelpRequest) -> None:
    GuildRule.objects.create(answer_days=14, reminder_days=10)
    ask(beach)
    assert timeouts.remind(on_day(9)) == timeouts.lapse(on_day(13)) == 0
    assert timeouts.remind(on_day(11)) == timeouts.lapse(on_day(15)) == 1


def test_a_place_offered_in_vain_goes_to_the_next(beach: HelpRequest) -> None:
    first = asking.apply(beach, None, helper(), by=None)
    second, third = (asking.apply(beach, None, helper(name), by=None) for name in ("すずめ", "つばめ"))
    answering.answer(first, Side.GROUP, False)
    timeouts.lapse(on_day(7.1))
    states = Match.objects.in_bulk([second.pk, third.pk])
    assert (states[second.pk].state, states[third.pk].state) == (State.LAPSED, State.VOLUNTEER_ASKED)


@pytest.mark.parametrize("is_closed", [True, False])
def test_nobody_waits_for_what_is_over(beach: HelpRequest, is_closed: bool) -> None:
    shift = shift_in(beach, 3)
    asking.apply(beach, shift, helper(), by=None)
    waiting = asking.apply(beach, shift, helper("すずめ"), by=None)
    assert timeouts.end_waits(on_day(2.9)) == 0
    if is_closed:
        HelpRequest.objects.update(status="closed")
    assert timeouts.end_waits(on_day(2.9 if is_closed else 3.1)) == 1
    waiting.refresh_from_db()
    assert (waiting.state, waiting.letters.last().kind) == (State.CANCELLED, "declined")


@pytest.mark.parametrize("has_shift", [True, False])
def test_places_that_are_added_are_offered_to_those_who_wait(beach: HelpRequest, has_shift: bool) -> None:
    shift = shift_in(beach, 3) if has_shift else None
    asking.apply(beach, shift, helper(), by=None)
    waiting = [asking.apply(beach, shift, helper(name), by=None) for name in ("すずめ", "つばめ", "とび")]
    timeouts.offer_places()
    (shift or beach).people_needed = 3
    (shift or beach).save()
    requests.settle(beach)
    for _twice in range(2):
        timeouts.offer_places()
        states = [Match.objects.get(pk=match.pk).state for match in waiting]
        assert states == [State.VOLUNTEER_ASKED, State.VOLUNTEER_ASKED, State.WAITING]


def test_an_activity_begins_by_itself(beach: HelpRequest) -> None:
    match = asking.apply(beach, shift_in(beach, 2), helper(), by=None)
    answering.answer(match, Side.GROUP, True)
    assert timeouts.begin_activities(on_day(1.9)) == 0
    assert timeouts.begin_activities(on_day(2.1)) == 1
    assert timeouts.begin_activities(on_day(2.1)) == 0
    match.refresh_from_db()
    assert match.state == State.ACTIVE


def test_the_clock_looks_after_each_municipality(
    in_shimonoseki: Municipality, beach: HelpRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    match = ask(beach)
    Match.objects.filter(pk=match.pk).update(answer_by=timezone.now() - timedelta(hours=1))
    monkeypatch.setattr(Municipality.objects, "all", lambda: [in_shimonoseki])
    tasks.look_after_introductions()
    tasks.send_news()
    match.refresh_from_db()
    assert match.state == State.LAPSED
    assert GuildLetter.objects.filter(kind="news").count() == 0
