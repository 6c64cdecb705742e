"""Requests go from one status to the next by the table, fill and empty by themselves, and close when they are past."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from matching.models import (
    REQUEST_TRANSITIONS,
    HelpRequest,
    Match,
    MatchState,
    RequestStatus,
    Shift,
    Supporter,
    Timing,
)
from matching.requests import services
from matching.tasks import close_past_requests
from tests.matching.conftest import AskForHelp

Status = RequestStatus


def add_shift(request: HelpRequest, starts_in: timedelta, people: int = 1) -> Shift:
    starts_at = timezone.now() + starts_in
    ends_at = starts_at + timedelta(hours=2)
    return Shift.objects.create(request=request, starts_at=starts_at, ends_at=ends_at, people_needed=people)


def take_place(request: HelpRequest, shift: Shift | None = None) -> Match:
    times = {"shift": shift, "starts_at": shift.starts_at, "ends_at": shift.ends_at} if shift else {}
    supporter = Supporter.objects.create(nickname="かもめ")
    return Match.objects.create(request=request, supporter=supporter, state=MatchState.VOLUNTEER_YES, **times)


def status_of(request: HelpRequest) -> str:
    return HelpRequest.objects.get(pk=request.pk).status


@pytest.mark.usefixtures("in_shimonoseki")
@pytest.mark.parametrize("status", Status)
def test_nothing_but_the_table_happens(ask_for_help: AskForHelp, status: RequestStatus) -> None:
    request = ask_for_help(status=status)
    for wanted in set(Status) - REQUEST_TRANSITIONS[status]:
        with pytest.raises(ValidationError, match="できません"):
            services.move_request(request, wanted, by=None)
    assert status_of(request) == status


@pytest.mark.usefixtures("in_shimonoseki")
def test_what_is_sent_back_says_why_until_it_is_open(ask_for_help: AskForHelp) -> None:
    request = ask_for_help(status=Status.SUBMITTED, posted_on=timezone.localdate() - timedelta(days=9))
    services.move_request(request, Status.SENT_BACK, by=None, comment="場所を書いてください。")
    assert HelpRequest.objects.get().sent_back_because == "場所を書いてください。"
    services.move_request(request, Status.SUBMITTED, by=None)
    services.move_request(request, Status.OPEN, by=None)
    opened = HelpRequest.objects.get()
    assert (opened.sent_back_because, opened.posted_on) == ("", timezone.localdate())


@pytest.mark.usefixtures("in_shimonoseki")
def test_a_request_that_names_times_has_some_before_it_is_handed_in(ask_for_help: AskForHelp) -> None:
    request = ask_for_help(status=Status.DRAFT, timing=Timing.SHIFTS)
    with pytest.raises(ValidationError, match="日時がまだありません"):
        services.move_request(request, Status.SUBMITTED, by=None)
    add_shift(request, timedelta(days=3))
    services.move_request(request, Status.SUBMITTED, by=None)


@pytest.mark.usefixtures("in_shimonoseki")
def test_what_would_be_past_is_not_made_public(ask_for_help: AskForHelp) -> None:
    begun = ask_for_help("始まった募集", status=Status.DRAFT, timing=Timing.ONCE)
    add_shift(begun, timedelta(hours=-1))
    closed = ask_for_help(
        "締切のすぎた募集", status=Status.SUBMITTED, apply_by=timezone.localdate() - timedelta(days=1)
    )
    for request, wanted in ((begun, Status.SUBMITTED), (begun, Status.OPEN), (closed, Status.OPEN)):
        with pytest.raises(ValidationError, match="もう過ぎています"):
            services.move_request(request, wanted, by=None)
    # It can still be sent back to be put right.
    services.move_request(closed, Status.SENT_BACK, by=None)


@pytest.mark.usefixtures("in_shimonoseki")
def test_filled_with_the_last_place_and_open_again_with_a_free_one(ask_for_help: AskForHelp) -> None:
    request = ask_for_help(people_needed=2)
    take_place(request)
    services.settle(request)
    assert status_of(request) == Status.OPEN
    last = take_place(request)
    services.settle(request)
    assert status_of(request) == Status.FILLED
    Match.objects.filter(pk=last.pk).update(state=MatchState.CANCELLED)
    services.settle(request)
    assert status_of(request) == Status.OPEN


@pytest.mark.usefixtures("in_shimonoseki")
def test_each_shift_to_come_is_to_be_filled(ask_for_help: AskForHelp) -> None:
    request = ask_for_help(timing=Timing.SHIFTS)
    add_shift(request, timedelta(days=-1))
    first, second = (add_shift(request, timedelta(days=days)) for days in (1, 8))
    take_place(request, first)
    services.settle(request)
    assert status_of(request) == Status.OPEN
    take_place(request, second)
    services.settle(request)
    assert status_of(request) == Status.FILLED


def test_the_clock_closes_what_is_past_in_each_municipality(
    shimonoseki: Municipality, yamaguchi: Municipality, ask_for_help: AskForHelp
) -> None:
    today = timezone.localdate()
    with acting_as(shimonoseki):
        over = ask_for_help("始まった募集", status=Status.FILLED, timing=Timing.ONCE)
        add_shift(over, timedelta(hours=-1))
        running = ask_for_help("まだある募集", timing=Timing.SHIFTS)
        add_shift(running, timedelta(days=-1))
        add_shift(running, timedelta(days=1))
        last_day = ask_for_help("きょうまでの募集", apply_by=today)
        without_end = ask_for_help("いつでもよい募集")
        draft = ask_for_help("下書き", status=Status.DRAFT, apply_by=today - timedelta(days=1))
    with acting_as(yamaguchi):
        late = ask_for_help("締切のすぎた募集", apply_by=today - timedelta(days=1))
    close_past_requests()
    with acting_as(shimonoseki):
        statuses = [status_of(request) for request in (over, running, last_day, without_end, draft)]
        assert statuses == ["closed", "open", "open", "open", "draft"]
    with acting_as(yamaguchi):
        assert status_of(late) == Status.CLOSED
