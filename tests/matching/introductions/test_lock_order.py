"""Whoever waits for a lock holds none that the one before them still needs: two at once never end in a deadlock."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from matching import tasks
from matching.afterwards import services as afterwards
from matching.introductions import answering, asking, letters, withdrawing
from matching.introductions.moving import lock
from matching.introductions.sending import send_letter
from matching.models import (
    AnswerLink,
    ConsentPurpose,
    GuildRule,
    HelpRequest,
    LetterKind,
    Match,
    RequestStatus,
    Side,
    Supporter,
)
from matching.supporters import services as supporters
from tests.matching.introductions.conftest import helper

Act = Callable[[Match], object]


def here() -> Municipality:
    return Municipality.objects.get(slug="shimonoseki")


@pytest.fixture(autouse=True)
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters are written; nobody is told to send them."""
    monkeypatch.setattr(send_letter, "delay", lambda *ids: None)


def make_request(title: str) -> HelpRequest:
    words = {"what": "ごみを拾います。", "when": "土曜日", "where": "海岸", "status": RequestStatus.OPEN}
    return HelpRequest.objects.create(title=title, people_needed=3, **words)


def asked(request: HelpRequest, supporter: Supporter) -> Match:
    match = asking.propose(request, None, supporter=supporter, by=None)
    asking.ask_volunteer(match, by=None)
    return match


def introduced(request: HelpRequest, supporter: Supporter) -> Match:
    match = asking.apply(request, None, supporter, by=None)
    answering.answer(match, Side.GROUP, True)
    return match


def until_somebody_waits() -> None:
    """Return once another connection waits for a lock that this one holds."""
    waiting = "SELECT EXISTS (SELECT FROM pg_locks WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
    for _attempt in range(500):
        with connection.cursor() as cursor:
            cursor.execute(waiting)
            if cursor.fetchone() == (True,):
                return
        time.sleep(0.01)
    raise AssertionError("Nobody waits.")


def give_one_consent_and_take_back_another(match: Match) -> None:
    supporters.give_consent(match.supporter, ConsentPurpose.PUBLICATION)
    withdrawing.withdraw_consent(match.supporter, ConsentPurpose.INTRODUCTION, by=None)


@pytest.mark.parametrize(
    ("make", "theirs", "ours"),
    [
        pytest.param(
            asked,
            lambda match: answering.answer_by_link(AnswerLink.objects.get(match=match), True),
            lambda match: letters.write(
                LetterKind.REMIND_VOLUNTEER, match, Side.VOLUNTEER, link=AnswerLink.objects.get(match=match)
            ),
            id="an answer by link, and the reminder of it",
        ),
        pytest.param(
            introduced,
            lambda match: afterwards.tell(match, timezone.localdate(), Decimal(2)),
            lock,
            id="a day that is told, and whoever moves the match",
        ),
        pytest.param(
            introduced,
            give_one_consent_and_take_back_another,
            lambda match: letters.write(LetterKind.THANKS, match, Side.VOLUNTEER),
            id="consents that change, and a letter to the supporter",
        ),
    ],
)
def test_the_request_comes_first(
    committed: None, make: Callable[[HelpRequest, Supporter], Match], theirs: Act, ours: Act
) -> None:
    with acting_as(here()):
        request = make_request("海岸の清掃")
        match, other = make(request, helper()), asked(request, helper("ちどり"))

    def act() -> None:
        try:
            with acting_as(here()):
                theirs(Match.objects.select_related("supporter", "request").get(pk=match.pk))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        with acting_as(here()):
            lock(other)
            acting = threads.submit(act)
            until_somebody_waits()
            ours(match)
        acting.result(10)


def with_a_lapse(request: HelpRequest) -> None:
    match = asked(request, helper())
    Match.objects.filter(pk=match.pk).update(answer_by=timezone.now() - timedelta(hours=1))


def with_a_reminder(request: HelpRequest) -> None:
    GuildRule.objects.create(reminder_days=0)
    asked(request, helper())


def past(request: HelpRequest) -> None:
    HelpRequest.objects.filter(pk=request.pk).update(apply_by=timezone.localdate() - timedelta(days=1))


@pytest.mark.parametrize(
    ("first", "second", "task"),
    [
        pytest.param(with_a_lapse, with_a_reminder, tasks.look_after_introductions, id="introductions"),
        pytest.param(past, past, tasks.close_past_requests, id="requests that are past"),
    ],
)
def test_the_clock_goes_through_the_requests_in_their_order(
    committed: None,
    caplog: pytest.LogCaptureFixture,
    first: Callable[[HelpRequest], None],
    second: Callable[[HelpRequest], None],
    task: Callable[[], None],
) -> None:
    with acting_as(here()):
        one, two = make_request("一つ目"), make_request("二つ目")
        first(one)
        second(two)

    def act() -> None:
        try:
            task()
        finally:
            connection.close()

    in_order = HelpRequest.objects.select_for_update(no_key=True)
    with ThreadPoolExecutor(1) as threads:
        with acting_as(here()):
            in_order.get(pk=one.pk)
            acting = threads.submit(act)
            until_somebody_waits()
            in_order.get(pk=two.pk)
        acting.result(10)
    assert not caplog.records
