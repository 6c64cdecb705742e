"""Who could help is proposed and asked, and then whoever asked for help. Run inside `acting_as`.

NotPossible says, in words for whoever wanted it, why it cannot be done.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from centres.models import Group
from civic.accounts.models import User
from civic.calendar import months_before
from matching.introductions import letters, queue
from matching.introductions.addresses import address_of
from matching.introductions.moving import Actor, NoPlaceLeft, NotPossible, lock, lock_requests, lock_supporters, move
from matching.introductions.tokens import new_nonce
from matching.models import (
    ASKED,
    ENDED,
    AnswerLink,
    ConsentPurpose,
    HelpRequest,
    LetterKind,
    Match,
    MatchState,
    MatchStep,
    NotAgain,
    QueueKind,
    RequestStatus,
    Shift,
    Side,
    Supporter,
    SupporterContact,
    SupporterStatus,
)
from matching.queries import public_requests
from matching.requests import services as requests
from matching.supporters.queries import guild_rule, introducible

State = MatchState


class Question(NamedTuple):
    """How one side is asked: the state in which its answer is waited for, the letters that ask and remind, and what
    staff are to do where nobody can be written to, or does not answer."""

    state: MatchState
    letter: LetterKind
    reminder: LetterKind
    by_hand: QueueKind


QUESTIONS = {
    Side.VOLUNTEER: Question(
        State.VOLUNTEER_ASKED, LetterKind.ASK_VOLUNTEER, LetterKind.REMIND_VOLUNTEER, QueueKind.VOLUNTEER_SILENT
    ),
    Side.GROUP: Question(State.GROUP_ASKED, LetterKind.ASK_GROUP, LetterKind.REMIND_GROUP, QueueKind.GROUP_SILENT),
}


@transaction.atomic
def propose(
    request: HelpRequest,
    shift: Shift | None,
    *,
    supporter: Supporter | None = None,
    partner: Group | None = None,
    by: User | None,
    score: int = 0,
    reasons: Sequence[str] = (),
    people: int = 1,
    actor: Actor = Actor.STAFF,
    comment: str = "",
) -> Match:
    """Make a supporter, or a group as a partner, a candidate; who is one already stays it.

    After a match that came to nothing they have another where `may_begin_again` says so: because they apply
    themselves, or because of the staff's `comment`. Raises NotPossible else, and where nobody is looked for (then).
    """
    if supporter:
        lock_supporters([supporter.pk])
        _refuse_who_left(supporter)
    lock_requests([request.pk])
    if not public_requests().filter(pk=request.pk, status__in=[RequestStatus.OPEN, RequestStatus.FILLED]).exists():
        raise NotPossible(_("この募集は、いま受け付けていません。"))
    if shift is None and request.shifts.exists():
        raise NotPossible(_("日時をえらんでください。"))
    if shift and shift.starts_at <= timezone.now():
        raise NotPossible(_("この日時は、もうすぎています。"))
    earlier = list(Match.objects.filter(request=request, shift=shift, supporter=supporter, partner=partner))
    if earlier and earlier[0].state not in ENDED:
        return earlier[0]
    is_wanted = actor == Actor.VOLUNTEER or comment
    if earlier and not (is_wanted and all(may_begin_again(match, actor) for match in earlier)):
        words = {"state": earlier[0].get_state_display()}
        raise NotPossible(_("この組合せは、前に「%(state)s」で終わっています。") % words)
    match = Match.objects.create(
        request=request,
        shift=shift,
        supporter=supporter,
        partner=partner,
        people=people,
        starts_at=shift.starts_at if shift else None,
        ends_at=shift.ends_at if shift else None,
        score=score,
        reasons=list(reasons),
        made_by=by,
        is_sample=request.is_sample,
    )
    MatchStep.objects.create(match=match, state=State.PROPOSED, actor=actor, by=by, comment=comment)
    return match


def may_begin_again(ended: Match, actor: Actor) -> bool:
    """Return whether a match that ended lets the same two have another: never one that the group declined, or that was
    done; one that the group called off only where staff, who can ask it, want so."""
    if ended.state == State.CANCELLED:
        return actor == Actor.STAFF or not ended.steps.filter(state=State.CANCELLED, actor=Actor.GROUP).exists()
    return ended.state == State.VOLUNTEER_NO


@transaction.atomic
def propose_again(ended: Match, *, by: User, comment: str) -> Match:
    """Make somebody a candidate once more, on purpose, though a match of theirs for the same came to nothing.

    Raises NotPossible without the staff's reason, for whom the request does not fit, and as `propose` does.
    """
    if not comment:
        raise NotPossible(_("もう一度候補にする理由を「記録しておくこと」に書いてください。"))
    request, supporter = ended.request, ended.supporter
    if supporter and NotAgain.objects.filter(supporter=supporter, group=request.group_id).exists():
        raise NotPossible(_("もう紹介しない組合せです。"))
    _refuse_unfit(request, ended.shift, supporter, ended.partner, ended.people)
    return propose(
        request,
        ended.shift,
        supporter=supporter,
        partner=ended.partner,
        by=by,
        people=ended.people,
        comment=comment,
    )


@transaction.atomic
def ask_volunteer(match: Match, *, by: User | None, actor: Actor = Actor.STAFF, comment: str = "") -> None:
    """Ask a candidate whether they want to help. Raises NotPossible where they may not be asked."""
    _refuse_unwilling(match)
    _ask(match, Side.VOLUNTEER, by=by, actor=actor, comment=comment)


@transaction.atomic
def ask_group(match: Match, *, by: User | None, actor: Actor = Actor.STAFF) -> None:
    """Ask whoever asked for help whether they want this helper; for the centre's own requests, staff answer.

    Raises NotPossible where the volunteer has not said yes.
    """
    lock(match, with_supporter=True)
    if match.state == State.LAPSED and not was_group_silent(match):
        raise NotPossible(_("手伝う側が、まだ「はい」と答えていません。"))
    _ask(match, Side.GROUP, by=by, actor=actor)


def was_group_silent(match: Match) -> bool:
    """Return whether it was the group that did not answer when a match lapsed: the volunteer had said yes."""
    return match.steps.filter(state__in=ASKED).values_list("state", flat=True).last() == State.GROUP_ASKED


@transaction.atomic
def apply(
    request: HelpRequest,
    shift: Shift | None,
    supporter: Supporter | None = None,
    *,
    partner: Group | None = None,
    by: User | None,
    people: int = 1,
) -> Match:
    """A supporter, or a group as a partner, wants to help with a request: they have said yes by it.

    The match is in the waiting list where no place is left. Raises NotPossible where they cannot.
    """
    if supporter:
        lock_supporters([supporter.pk])
    _refuse_unfit(request, shift, supporter, partner, people)
    match = propose(request, shift, supporter=supporter, partner=partner, by=by, people=people, actor=Actor.VOLUNTEER)
    if match.state == State.LAPSED:
        # They were asked before and did not answer: now they ask themselves.
        move(match, State.VOLUNTEER_ASKED, actor=Actor.VOLUNTEER, by=by, answer_by=_deadline(match))
    elif match.state not in (State.PROPOSED, State.VOLUNTEER_ASKED):
        raise NotPossible(_("もう申し込まれています。"))
    if match.people != people:
        # Whoever proposed them counted one.
        match.people = people
        match.save(update_fields=["people"])
    take_yes(match, actor=Actor.VOLUNTEER, by=by)
    requests.settle(request)
    return match


@transaction.atomic
def apply_for(
    request: HelpRequest,
    shifts: Collection[Shift],
    supporter: Supporter | None = None,
    *,
    partner: Group | None = None,
    by: User | None,
    people: int = 1,
) -> list[Match]:
    """Apply for all of some shifts or, with a reason that names the time, for none; without shifts for the request.

    Raises NotPossible where they cannot.
    """
    wanted: list[Shift | None] = [*shifts] or [None]
    applied = []
    for shift in wanted:
        try:
            applied.append(apply(request, shift, supporter, partner=partner, by=by, people=people))
        except NotPossible as refusal:
            if len(wanted) == 1:
                raise
            when = render_to_string("matching/hours.html", {"of": shift})
            raise NotPossible(_("%(when)s：%(why)s") % {"when": when, "why": refusal.messages[0]}) from refusal
    return applied


def take_yes(match: Match, *, actor: Actor, by: User | None, comment: str = "") -> None:
    """Give whoever wants to help the place and ask who asked for help; or where none is left, or others wait for it, a
    place in the waiting list. The request is locked by then.

    Raises NotPossible where somebody who was never asked may not be.
    """
    if match.state == State.PROPOSED:
        _refuse_unwilling(match)
    try:
        if _others_come_first(match):
            raise NoPlaceLeft(_("先に待っている方がいます。"))
        move(match, State.VOLUNTEER_YES, actor=actor, by=by, comment=comment)
    except NoPlaceLeft:
        move(match, State.WAITING, actor=actor, by=by, comment=comment)
        letters.write(LetterKind.WAITING, match, Side.VOLUNTEER)
    else:
        ask_group(match, by=by, actor=actor)


def _refuse_who_left(supporter: Supporter) -> None:
    if Supporter.objects.filter(pk=supporter.pk, status=SupporterStatus.LEFT).exists():
        raise NotPossible(_("この人は、もう退会しています。"))


def _refuse_unwilling(match: Match) -> None:
    """Raise NotPossible where a supporter does not agree to be introduced, or pauses."""
    if match.supporter_id and not introducible().filter(pk=match.supporter_id).exists():
        raise NotPossible(_("この人は、いま紹介を受けていません（お休み中か、同意がありません）。"))


def _others_come_first(match: Match) -> bool:
    """Whether others wait for a place that they can have, or have been offered one, and this one never waited."""
    if match.steps.filter(state=State.WAITING).exists():
        return False
    line = Match.objects.filter(request=match.request_id, shift=match.shift_id, steps__state=State.WAITING)
    waits = Q(state=State.WAITING) & may_be_offered((match.shift or match.request).people_needed)
    return line.filter(waits | Q(state=State.VOLUNTEER_ASKED)).exists()


def may_be_offered(needed: int) -> Q:
    """Return the condition that one who waits can be asked now, and is not more people than are `needed` at all."""
    return (Q(supporter=None) | Q(supporter__in=introducible())) & Q(people__lte=needed)


def _ask(match: Match, side: Side, *, by: User | None, actor: Actor, comment: str = "") -> None:
    """Ask one side."""
    until = _deadline(match)
    move(match, QUESTIONS[side].state, actor=actor, by=by, comment=comment, answer_by=until)
    put_question(match, side, until)


def put_question(match: Match, side: Side, until: datetime) -> None:
    """Tell the side that is asked what it is asked: by a letter with a link, or by staff where there is no address."""
    question = QUESTIONS[side]
    if address_of(match, match.supporter, side):
        link = AnswerLink.objects.create(match=match, side=side, nonce=new_nonce(), expires_at=until)
        letters.write(question.letter, match, side, link=link)
    else:
        queue.add(question.by_hand, timezone.now(), match=match)


def _deadline(match: Match) -> datetime:
    """Until when an answer is waited for: as long as the municipality's rule says, never beyond the beginning.

    Raises NotPossible where that is past.
    """
    now = timezone.now()
    until = now + timedelta(days=guild_rule().answer_days)
    if match.starts_at is None:
        return until
    if match.starts_at <= now:
        raise NotPossible(_("この日時は、もうすぎています。"))
    return min(until, match.starts_at)


def _refuse_unfit(
    request: HelpRequest, shift: Shift | None, supporter: Supporter | None, partner: Group | None, people: int
) -> None:
    """Raise NotPossible for whoever cannot help with a request, whatever they wish."""
    if request.apply_by and request.apply_by < timezone.localdate():
        raise NotPossible(_("申込みの締切をすぎました。"))
    if partner and partner == request.group:
        raise NotPossible(_("自分の団体の募集です。"))
    needed = (shift or request).people_needed
    if people > needed:
        raise NotPossible(
            _("%(needed)s人の募集です。人数をへらすか、センターにおたずねください。") % {"needed": needed}
        )
    if supporter is None:
        return
    if not introducible().filter(pk=supporter.pk).exists():
        purpose = ConsentPurpose.INTRODUCTION.label
        raise NotPossible(_("「%(purpose)s」への同意がないか、お休み中です。") % {"purpose": purpose})
    # Who does not want whom is told to neither.
    if NotAgain.objects.filter(supporter=supporter, group=request.group_id).exists():
        raise NotPossible(_("この募集は、センターにおたずねください。"))
    born_on = SupporterContact.objects.filter(supporter=supporter).values_list("born_on", flat=True).first()
    if request.minimum_age and born_on:
        day = timezone.localdate(shift.starts_at) if shift else timezone.localdate()
        if born_on > months_before(day, 12 * request.minimum_age):
            raise NotPossible(_("%(age)s歳からの募集です。") % {"age": request.minimum_age})
