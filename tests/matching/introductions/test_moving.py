"""The table of transitions, and what the database refuses whoever writes."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from matching.introductions.moving import Actor, NoPlaceLeft, NotPossible, TwiceAtOnce, move
from matching.models import TRANSITIONS, HelpRequest, Match, MatchState, MatchStep, RequestStatus, Shift, Supporter
from tests.matching.conftest import AskForHelp

State = MatchState
pytestmark = pytest.mark.usefixtures("in_shimonoseki")
SATURDAY = datetime(2026, 12, 5, 9, tzinfo=timezone.get_default_timezone())


def shift_of(request: HelpRequest, hour: int = 9, hours: int = 2, people: int = 1) -> Shift:
    starts = SATURDAY.replace(hour=hour)
    return Shift.objects.create(
        request=request, starts_at=starts, ends_at=starts + timedelta(hours=hours), people_needed=people
    )


def candidate(request: HelpRequest, shift: Shift | None = None, supporter: Supporter | None = None) -> Match:
    time = {"shift": shift, "starts_at": shift.starts_at, "ends_at": shift.ends_at} if shift else {}
    return Match.objects.create(
        request=request, supporter=supporter or Supporter.objects.create(nickname="かもめ"), **time
    )


def accept(match: Match) -> None:
    move(match, State.VOLUNTEER_YES, actor=Actor.VOLUNTEER)


def test_a_match_leaves_a_step_at_each_state(ask_for_help: AskForHelp) -> None:
    match = candidate(ask_for_help())
    move(
        match, State.VOLUNTEER_ASKED, actor=Actor.STAFF, comment="電話で", answer_by=timezone.now() + timedelta(days=7)
    )
    accept(match)
    steps = [(step.state, step.actor, step.comment) for step in MatchStep.objects.all()]
    assert steps == [("volunteer_asked", "staff", "電話で"), ("volunteer_yes", "volunteer", "")]


@pytest.mark.parametrize("state", MatchState)
def test_nothing_but_the_table_happens(ask_for_help: AskForHelp, state: MatchState) -> None:
    match = candidate(ask_for_help())
    Match.objects.filter(pk=match.pk).update(
        state=state, answer_by=timezone.now() if state in ("volunteer_asked", "group_asked") else None
    )
    for wanted in set(MatchState) - TRANSITIONS[state]:
        with pytest.raises(NotPossible, match="できません"):
            move(match, wanted, actor=Actor.STAFF)
    assert not MatchStep.objects.exists()
    assert Match.objects.get().state == state


def test_the_last_place_goes_to_one(ask_for_help: AskForHelp) -> None:
    request = ask_for_help(people_needed=1)
    first, second = candidate(request), candidate(request)
    accept(first)
    with pytest.raises(NoPlaceLeft, match="空きがなくなりました"):
        accept(second)
    assert Match.objects.get(pk=second.pk).state == second.state == State.PROPOSED
    move(first, State.CANCELLED, actor=Actor.VOLUNTEER)
    accept(second)


def test_each_shift_has_places_of_its_own(ask_for_help: AskForHelp) -> None:
    request = ask_for_help(people_needed=1)
    morning, noon = shift_of(request), shift_of(request, hour=13)
    accept(candidate(request, morning))
    accept(candidate(request, noon))
    with pytest.raises(NoPlaceLeft):
        accept(candidate(request, noon))


def test_nobody_is_at_two_places_at_once(ask_for_help: AskForHelp) -> None:
    supporter = Supporter.objects.create(nickname="かもめ")
    one, other = ask_for_help("海岸の清掃"), ask_for_help("祭りの受付")
    accept(candidate(one, shift_of(one), supporter))
    overlapping = candidate(other, shift_of(other, hour=10), supporter)
    with pytest.raises(TwiceAtOnce, match="同じ時間"):
        accept(overlapping)
    accept(candidate(other, shift_of(other, hour=11), supporter))
    accept(candidate(other, shift_of(other, hour=9)))


def test_places_cannot_be_taken_away_from_those_who_have_them(ask_for_help: AskForHelp) -> None:
    request = ask_for_help(people_needed=2)
    accept(candidate(request))
    accept(candidate(request))
    with pytest.raises(IntegrityError, match="places"), transaction.atomic():
        HelpRequest.objects.update(people_needed=1)
    HelpRequest.objects.update(people_needed=3, status=RequestStatus.FILLED)


def test_a_shift_is_one_of_its_request(ask_for_help: AskForHelp) -> None:
    stranger = shift_of(ask_for_help("祭りの受付"))
    with pytest.raises(IntegrityError, match="shift_of_its_request"), transaction.atomic():
        candidate(ask_for_help(), stranger)

        connection.check_constraints()


@pytest.mark.parametrize("change", ["update", "delete"])
def test_history_is_written_once(ask_for_help: AskForHelp, change: str) -> None:
    accept(candidate(ask_for_help()))
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        if change == "update":
            MatchStep.objects.update(comment="別の話")
        else:
            MatchStep.objects.all().delete()
