"""A match comes from one state to the next: the only way, whoever moves it."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.accounts.models import User
from matching.models import TRANSITIONS, AgeBand, HelpRequest, Match, MatchState, MatchStep, SupporterContact

Actor = MatchStep.Actor


class NotPossible(ValidationError):
    """A match cannot come to the state that was wanted; the words say why, for whoever wanted it."""


class NoPlaceLeft(NotPossible):
    """All places of the request, or of the shift, are taken."""


class TwiceAtOnce(NotPossible):
    """The supporter's time is taken by another match."""


def lock(match: Match) -> None:
    """Keep others from moving the matches of the same request until the transaction ends; read how this one stands.

    The request before the match, always: whoever took them the other way round would wait for one that waits for them.
    """
    HelpRequest.objects.select_for_update(no_key=True).values_list("pk").get(pk=match.request_id)
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
    lock(match)
    standing, waited_until = MatchState(match.state), match.answer_by
    if state not in TRANSITIONS[standing]:
        raise NotPossible(
            _("今は「%(now)s」なので、「%(wanted)s」にはできません。") % {"now": standing.label, "wanted": state.label}
        )
    match.state, match.answer_by = state, answer_by
    if state == MatchState.INTRODUCED:
        match.age_band = _age_band(match)
    try:
        with transaction.atomic():
            match.save(update_fields=["state", "answer_by", "age_band"])
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
