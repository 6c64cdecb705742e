"""A match comes from one state to the next: the only way, whoever moves it."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.accounts.models import User
from matching.models import (
    HOLDING,
    TRANSITIONS,
    AgeBand,
    HelpRequest,
    Match,
    MatchState,
    MatchStep,
    Supporter,
    SupporterContact,
)

Actor = MatchStep.Actor


class NotPossible(ValidationError):
    """A match cannot come to the state that was wanted; the words say why, for whoever wanted it."""


class NoPlaceLeft(NotPossible):
    """All places of the request, or of the shift, are taken."""


class TwiceAtOnce(NotPossible):
    """The supporter's time is taken by another match."""


def lock_supporters(supporters: Iterable[int]) -> None:
    """Keep others from beginning or confirming anything with these supporters (by id) until the transaction ends.

    Supporters come before requests, and requests before matches, each in the order of their numbers: whoever took them
    the other way round would wait for one that waits for them.
    """
    # The key stays as it is: whoever writes to a supporter, or notes something of a match, need not wait.
    people = Supporter.objects.select_for_update(no_key=True).filter(pk__in=set(supporters))
    list(people.order_by("pk").values_list("pk"))


def lock_requests(requests: Iterable[int]) -> None:
    """Keep others from moving any match of these requests (by id) until the transaction ends."""
    asked = HelpRequest.objects.select_for_update(no_key=True).filter(pk__in=set(requests))
    list(asked.order_by("pk").values_list("pk"))


def lock(match: Match, *, with_supporter: bool = False) -> None:
    """Keep others from moving the matches of the same request until the transaction ends; read how this one stands.

    With the supporter wherever a state of `HOLDING` may follow: of two that take the same hours of a person, each would
    wait for the other.
    """
    if with_supporter and match.supporter_id:
        lock_supporters([match.supporter_id])
    lock_requests([match.request_id])
    match.state, match.answer_by = Match.objects.select_for_update().values_list("state", "answer_by").get(pk=match.pk)


@transaction.atomic
def move(
    match: Match,
    state: MatchState,
    *,
    actor: Actor,
    by: User | None = None,
    comment: str = "",
    answer_by: datetime | None = None,
) -> None:
    """Bring a match to a state, by the table `TRANSITIONS` and under a lock, and leave a step of its history.

    `answer_by` is until when the answer of whoever is asked is waited for, in the states `ASKED` alone.
    Raises NotPossible where the match stands elsewhere by now, NoPlaceLeft and TwiceAtOnce where the database refuses.
    """
    lock(match, with_supporter=state in HOLDING)
    standing, waited_until = MatchState(match.state), match.answer_by
    if state not in TRANSITIONS[standing]:
        raise NotPossible(
            _("今は「%(now)s」なので、「%(wanted)s」にはできません。") % {"now": standing.label, "wanted": state.label}
        )
    match.state, match.answer_by = state, answer_by
    changed = ["state", "answer_by"]
    if state == MatchState.INTRODUCED:
        match.age_band = _age_band(match)
        changed.append("age_band")
    try:
        with transaction.atomic():
            match.save(update_fields=changed)
    except IntegrityError as refused:
        match.state, match.answer_by = standing, waited_until
        raise _told(refused) from refused
    MatchStep.objects.create(match=match, state=state, actor=actor, by=by, comment=comment)


def _age_band(match: Match) -> AgeBand | None:
    """The band of the supporter's age today."""
    born_on = SupporterContact.objects.filter(supporter=match.supporter_id).values_list("born_on", flat=True).first()
    return AgeBand.on(timezone.localdate(), born_on)


def _told(refused: IntegrityError) -> Exception:
    """The refusal of the database in words, or the error itself where it is none of those that a person can meet."""
    diagnosis = getattr(refused.__cause__, "diag", None)
    name = diagnosis.constraint_name if diagnosis else None
    if name == "matching_no_overfilling":
        return NoPlaceLeft(_("空きがなくなりました。"))
    if name == "matching_nobody_twice_at_once":
        return TwiceAtOnce(_("同じ時間に、ほかの活動が入っています。"))
    return refused
