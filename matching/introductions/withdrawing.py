"""Somebody takes back what they agreed to: a match, a consent, their place in the guild, a whole request.

Run inside `acting_as`. NotPossible says, in words for whoever wanted it, why it cannot be done.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.accounts.models import User
from matching.introductions import letters, queue
from matching.introductions.asking import QUESTIONS
from matching.introductions.matches import KNOWN_TO
from matching.introductions.moving import Actor, lock, lock_requests, lock_supporters, move
from matching.introductions.outbox import leave_to_staff
from matching.introductions.waiting import offer_free_places
from matching.models import (
    ENDED,
    HOLDING,
    ConsentPurpose,
    HelpRequest,
    LetterKind,
    Match,
    MatchState,
    QueueKind,
    RequestStatus,
    Side,
    Supporter,
)
from matching.requests import services as requests
from matching.supporters import services as supporters
from matching.supporters.queries import agreeing

State = MatchState
SHORT_NOTICE = timedelta(hours=48)
"""What is cancelled so shortly before the beginning may not be read in time: somebody telephones."""


@transaction.atomic
def cancel(match: Match, *, actor: Actor, by: User | None = None, reason: str = "") -> None:
    """End a match before its activity; tell the other side, and both where staff do it. The place goes to who waits.

    Raises NotPossible for a match that has ended.
    """
    _cancel(match, actor, by, reason)
    offer_free_places(match.request, match.shift_id)
    requests.settle(match.request)


def _cancel(match: Match, actor: Actor, by: User | None, reason: str, *, with_its_request: bool = False) -> bool:
    """End a match; return whether it cannot wait to be known. Of its whole request the group is told once."""
    lock(match)
    held_a_place = match.state in HOLDING
    move(match, State.CANCELLED, actor=actor, by=by, comment=reason)
    for question in QUESTIONS.values():
        queue.settle(question.by_hand, _("取りやめになった"), by=by, match=match)
    is_urgent = held_a_place and _is_soon(match)
    for side in Side:
        if side == Side.GROUP and (with_its_request or match.request.group is None):
            continue
        if actor != Actor(side) and match.steps.filter(state__in=KNOWN_TO[side]).exists():
            letter = letters.write(LetterKind.CANCELLED, match, side, reason=reason)
            if is_urgent and side == Side.VOLUNTEER and may_be_called(match.supporter):
                leave_to_staff(letter)
    if is_urgent and actor != Actor.GROUP and not with_its_request:
        queue.add(QueueKind.PLACE_FREED, timezone.now(), match=match)
    return is_urgent


def _is_soon(match: Match) -> bool:
    now = timezone.now()
    return match.starts_at is not None and now < match.starts_at <= now + SHORT_NOTICE


def may_be_called(supporter: Supporter | None) -> bool:
    """Return whether a supporter agreed to be telephoned about what cannot wait."""
    return (
        supporter is not None
        and Supporter.objects.filter(agreeing(ConsentPurpose.URGENT_CALLS), pk=supporter.pk).exists()
    )


@transaction.atomic
def withdraw_consent(supporter: Supporter, purpose: ConsentPurpose, *, by: User | None) -> None:
    """Take back a consent: what was shown by it is hidden from then on; without being introduced, all matches end."""
    lock_supporters([supporter.pk])
    supporters.withdraw_consent(supporter, purpose)
    if purpose == ConsentPurpose.INTRODUCTION:
        _end_all(supporter, by, _("紹介への同意が取りやめられたため"))


@transaction.atomic
def leave(supporter: Supporter, *, by: User | None) -> None:
    """End somebody's place in the guild, and all that runs with it."""
    lock_supporters([supporter.pk])
    _end_all(supporter, by, _("退会したため"))
    supporters.end(supporter)


def _end_all(supporter: Supporter, by: User | None, reason: str) -> None:
    """End all that runs with a supporter, who is locked: nothing new begins meanwhile."""
    running = list(_running(Match.objects.filter(supporter=supporter)).order_by("request_id", "pk"))
    # All before the first ends: who is given a place at the same hours waits for that end, with their request locked.
    lock_requests(match.request_id for match in running)
    for match in running:
        cancel(match, actor=Actor.VOLUNTEER, by=by, reason=reason)


@transaction.atomic
def cancel_request(request: HelpRequest, *, by: User | None, reason: str, actor: Actor = Actor.GROUP) -> None:
    """Call off a whole request, and tell everybody who was asked, waits or would have come, and the group where staff
    do it."""
    lock_requests([request.pk])
    requests.move_request(request, RequestStatus.CANCELLED, by=by, comment=reason)
    are_urgent = [_cancel(match, actor, by, reason, with_its_request=True) for match in _running(request.matches.all())]
    letter = letters.write_about(LetterKind.REQUEST_OFF, request, reason=reason) if actor == Actor.STAFF else None
    if letter and any(are_urgent):
        leave_to_staff(letter)


def _running(matches: QuerySet[Match]) -> QuerySet[Match]:
    return matches.exclude(state__in=ENDED).select_related("request__group", "supporter", "partner")
