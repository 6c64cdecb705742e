"""What the clock does about introductions: who is silent is reminded, then left to staff; letters are seen to.

Each function may run at any time and any number of times. Run inside `acting_as`, each in a transaction of its own, for
each locks requests from the first on.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from centres.registration.models import Representative
from matching.introductions import letters, outbox, queue
from matching.introductions.addresses import group_of
from matching.introductions.asking import QUESTIONS, put_question
from matching.introductions.moving import Actor, lock, lock_supporters, move
from matching.introductions.sending import send_letter
from matching.introductions.waiting import offer_free_places
from matching.models import (
    ASKED,
    AnswerLink,
    HelpRequest,
    LetterKind,
    Match,
    MatchState,
    QueueEntry,
    RequestStatus,
    Side,
)
from matching.requests import services as requests
from matching.supporters.queries import guild_rule

State = MatchState
BEGUN_BY_NOW = timedelta(minutes=2)
"""A letter that nobody has begun to send after so long was forgotten by the broker."""
SENT_BY_NOW = timedelta(minutes=10)
"""A letter whose sending has not ended after so long never will: a mail server is waited for ten seconds."""
_SIDE_ASKED = {question.state: side for side, question in QUESTIONS.items()}


def _in_order(matches: QuerySet[Match]) -> QuerySet[Match]:
    """By their requests, which are locked in this order by whoever moves matches of several."""
    return matches.select_related("request__group", "supporter", "partner").order_by("request_id", "pk")


def remind(now: datetime) -> int:
    """Write again, once, to those who have not answered for some days; return to how many."""
    asked = Match.objects.filter(state__in=ASKED, answer_by__gt=now).annotate(
        asked_at=Greatest(
            Max("steps__at", filter=Q(steps__state=F("state"))),
            Max(
                "letters__written_at",
                filter=Q(letters__kind__in=[LetterKind.ASK_VOLUNTEER, LetterKind.ASK_GROUP]),
            ),
        ),
        reminded_at=Max(
            "letters__written_at",
            filter=Q(letters__kind__in=[LetterKind.REMIND_VOLUNTEER, LetterKind.REMIND_GROUP]),
        ),
    )
    not_since = Q(reminded_at=None) | Q(reminded_at__lt=F("asked_at"))
    due = asked.filter(not_since, asked_at__lte=now - timedelta(days=guild_rule().reminder_days))
    return sum(_remind(match, now) for match in _in_order(due))


@transaction.atomic
def _remind(match: Match, now: datetime) -> bool:
    asked = match.state
    lock(match)
    side = _SIDE_ASKED[State(asked)]
    link = AnswerLink.objects.filter(match=match, side=side, used_at=None, expires_at__gt=now).last()
    # Whoever has no address is on the staff's list already.
    if match.state != asked or link is None:
        return False
    letters.write(QUESTIONS[side].reminder, match, side, link=link)
    return True


def ask_successors(now: datetime) -> int:
    """Put the question to whoever speaks for a group by now, where that was somebody else when it was asked; return to
    how many. What the former one was written answers nothing any more."""
    return sum(_ask_successor(match) for match in _in_order(_asked_of_others(now)))


def _asked_of_others(now: datetime) -> QuerySet[Match]:
    """The matches whose asked group has changed its representative since it was last told."""
    found = Match.objects.none()
    for side, question in QUESTIONS.items():
        group = "partner" if side == Side.VOLUNTEER else "request__group"
        seats = Representative.objects.filter(group=OuterRef(group)).order_by().values("group")
        told_at = Greatest(
            Max("steps__at", filter=Q(steps__state=question.state)),
            Max("letters__written_at", filter=Q(letters__side=side)),
            Max("queue_entries__made_at", filter=Q(queue_entries__kind=question.by_hand)),
        )
        asked = Match.objects.filter(state=question.state, answer_by__gt=now).annotate(
            told_at=told_at,
            changed_at=Subquery(seats.annotate(at=Max(Greatest("started_at", "ended_at"))).values("at")),
        )
        found |= Match.objects.filter(pk__in=asked.filter(changed_at__gt=F("told_at")).values("pk"))
    return found


@transaction.atomic
def _ask_successor(match: Match) -> bool:
    asked = match.state
    side = _SIDE_ASKED[State(asked)]
    lock(match)
    last_two = list(Representative.objects.filter(group=group_of(match, side)).order_by("-started_at", "-pk")[:2])
    # Another name at the same address has the letter already.
    is_same_address = len({seat.email for seat in last_two}) == 1 and len(last_two) == 2 and not last_two[0].ended_at
    if match.state != asked or match.answer_by is None or is_same_address:
        return False
    put_question(match, side, match.answer_by)
    return True


def lapse(now: datetime) -> int:
    """End the wait for answers whose time is over, and leave it to staff to ask; return how many."""
    due = Match.objects.filter(state__in=ASKED, answer_by__lte=now)
    return sum(_lapse(match, now) for match in _in_order(due))


@transaction.atomic
def _lapse(match: Match, now: datetime) -> bool:
    lock(match)
    if match.answer_by is None or match.answer_by > now:
        return False
    side = _SIDE_ASKED[State(match.state)]
    move(match, State.LAPSED, actor=Actor.CLOCK, comment=_("期限までに返事がなかったため"))
    queue.add(QUESTIONS[side].by_hand, now, match=match)
    if side == Side.VOLUNTEER:
        # Of a group that does not answer nobody else is asked in vain.
        offer_free_places(match.request, match.shift_id)
    requests.settle(match.request)
    return True


def offer_places() -> None:
    """Offer the places that somebody made, as by asking for more people, to those who wait."""
    for request in HelpRequest.objects.filter(matches__state=State.WAITING).distinct().order_by("pk"):
        _offer_places(request)


@transaction.atomic
def _offer_places(request: HelpRequest) -> None:
    request = HelpRequest.objects.select_for_update(no_key=True).get(pk=request.pk)
    waiting = request.matches.filter(state=State.WAITING).order_by()
    for shift_id in waiting.values_list("shift", flat=True).distinct():
        offer_free_places(request, shift_id)


def begin_activities(now: datetime) -> int:
    """Note that the activities whose time has come have begun; return how many."""
    due = list(_in_order(Match.objects.filter(state=State.INTRODUCED, starts_at__lte=now)))
    lock_supporters(match.supporter_id for match in due if match.supporter_id)
    return sum(_begin(match) for match in due)


@transaction.atomic
def _begin(match: Match) -> bool:
    lock(match)
    if match.state != State.INTRODUCED:
        return False
    move(match, State.ACTIVE, actor=Actor.CLOCK)
    return True


def end_waits(now: datetime) -> int:
    """End the wait for places of what is over or closed, and say so to who waited; return to how many."""
    over = Q(starts_at__lte=now) | Q(request__status=RequestStatus.CLOSED)
    due = Match.objects.filter(over, state=State.WAITING)
    return sum(_end_wait(match) for match in _in_order(due))


@transaction.atomic
def _end_wait(match: Match) -> bool:
    lock(match)
    if match.state != State.WAITING:
        return False
    move(match, State.CANCELLED, actor=Actor.CLOCK, comment=_("空きが出ないまま、募集が終わったため"))
    letters.write(LetterKind.DECLINED, match, Side.VOLUNTEER)
    return True


def see_to_letters(now: datetime) -> None:
    """Send the letters that were never begun; leave to staff those whose sending was interrupted."""
    for pk in outbox.unsent().filter(sending_at=None, written_at__lte=now - BEGUN_BY_NOW).values_list("pk", flat=True):
        send_letter.enqueue(pk)
    since = QueueEntry.objects.filter(letter=OuterRef("pk"), made_at__gte=OuterRef("sending_at"))
    for letter in outbox.unsent().filter(~Exists(since), sending_at__lte=now - SENT_BY_NOW):
        outbox.leave_to_staff(letter)
