"""What the two sides answer, and how what they agreed on goes on. Run inside `acting_as`.

NotPossible says, in words for whoever answered, why it cannot be done.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.accounts.models import User
from matching.introductions import letters, queue
from matching.introductions.asking import QUESTIONS, take_yes
from matching.introductions.moving import Actor, NotPossible, lock, move
from matching.introductions.waiting import offer_free_places
from matching.models import AnswerLink, LetterKind, Match, MatchState, QueueKind, Side
from matching.requests import services as requests

State = MatchState


@transaction.atomic
def answer(
    match: Match, side: Side, yes: bool, *, actor: Actor | None = None, by: User | None = None, comment: str = ""
) -> None:
    """Take the answer of one side; by staff where they were told it. Both having said yes, they are introduced.

    Raises NotPossible where the side is not asked now, and where the volunteer's time is taken by another activity.
    """
    actor = actor or Actor(side)
    lock(match, with_supporter=True)
    if actor != Actor.STAFF and match.state != QUESTIONS[side].state:
        words = {"state": match.get_state_display()}
        raise NotPossible(_("いまは「%(state)s」なので、お返事できません。") % words)
    if side == Side.VOLUNTEER:
        _answer_of_volunteer(match, yes, actor, by, comment)
    else:
        _answer_of_group(match, yes, actor, by, comment)
    queue.settle(QUESTIONS[side].by_hand, _("返事があった"), by=by, match=match)
    requests.settle(match.request)


def _answer_of_volunteer(match: Match, yes: bool, actor: Actor, by: User | None, comment: str) -> None:
    if yes:
        take_yes(match, actor=actor, by=by, comment=comment)
        return
    move(match, State.VOLUNTEER_NO, actor=actor, by=by, comment=comment)
    # It may have been a place offered to somebody who waited.
    offer_free_places(match.request, match.shift_id)


def _answer_of_group(match: Match, yes: bool, actor: Actor, by: User | None, comment: str) -> None:
    if not yes:
        move(match, State.GROUP_NO, actor=actor, by=by, comment=comment)
        letters.write(LetterKind.DECLINED, match, Side.VOLUNTEER)
        offer_free_places(match.request, match.shift_id)
        return
    move(match, State.GROUP_YES, actor=actor, by=by, comment=comment)
    move(match, State.INTRODUCED, actor=actor, by=by)
    letters.write(LetterKind.INTRODUCED, match, Side.VOLUNTEER)
    if match.request.group:
        letters.write(LetterKind.INTRODUCED, match, Side.GROUP)


@transaction.atomic
def answer_by_link(link: AnswerLink, yes: bool, comment: str = "") -> None:
    """Take the answer of whoever has the link of a letter: once, until it expires.

    Raises NotPossible where the link was used or has expired, and as `answer` does; then it can still be used.
    """
    # Who writes a letter with the link has the request already, and waits for no lock of this strength.
    held = AnswerLink.objects.select_for_update(no_key=True).get(pk=link.pk)
    if held.used_at:
        raise NotPossible(_("このリンクからは、もうお返事をいただいています。"))
    if held.expires_at <= timezone.now():
        raise NotPossible(_("お返事の期限がすぎました。"))
    answer(link.match, Side(held.side), yes, comment=comment)
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])


# ---- how an introduction goes on


@transaction.atomic
def begin(match: Match, *, actor: Actor, by: User | None = None) -> None:
    """Note that the activity has begun."""
    move(match, State.ACTIVE, actor=actor, by=by)


@transaction.atomic
def complete(match: Match, *, actor: Actor, by: User | None = None) -> None:
    """Note that the activity was done, and thank both, once. Raises NotPossible before it has begun."""
    _refuse_to_come(match)
    move(match, State.COMPLETED, actor=actor, by=by)
    if match.letters.filter(kind=LetterKind.THANKS).exists():
        return
    letters.write(LetterKind.THANKS, match, Side.VOLUNTEER)
    if match.request.group:
        letters.write(LetterKind.THANKS, match, Side.GROUP)


@transaction.atomic
def miss(match: Match, *, actor: Actor, by: User | None = None, comment: str = "") -> None:
    """Note that the volunteer did not come; staff ask them how they are. Raises NotPossible before it has begun."""
    _refuse_to_come(match)
    move(match, State.NO_SHOW, actor=actor, by=by, comment=comment)
    queue.add(QueueKind.NO_SHOW, timezone.now(), match=match)


def _refuse_to_come(match: Match) -> None:
    if match.is_to_come:
        raise NotPossible(_("まだ始まっていない活動です。来られないと分かったときは、取りやめにしてください。"))


@transaction.atomic
def reopen(match: Match, *, by: User, comment: str) -> None:
    """Take back, for staff, that an activity was done or that somebody did not come.

    Raises ValidationError without a reason: figures that were published may differ by it from now on.
    """
    if not comment:
        raise ValidationError(_("取り消す理由を「記録しておくこと」に書いてください。"))
    move(match, State.ACTIVE, actor=Actor.STAFF, by=by, comment=comment)
    queue.settle(QueueKind.NO_SHOW, _("取り消された"), by=by, match=match)
