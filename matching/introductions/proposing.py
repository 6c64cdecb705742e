"""The week's proposal: for all open requests together, who could be asked for what. Nothing is sent by itself.

Run inside `acting_as`. JobError says, in words for whoever asked, why it cannot be done.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.accounts.models import User
from civic.jobs.kinds import JobError
from matching.introductions import asking
from matching.introductions.candidates import reasons
from matching.introductions.judging import ALL_PAIRS, BUSY, CHOSEN, ROOM, WEIGHTS, Need, judge
from matching.introductions.moving import lock_requests, lock_supporters
from matching.models import Proposal, ProposalLine, RequestKind, Shift
from matching.queries import open_requests
from matching.supporters.queries import guild_rule

MAKE = "matching.make_proposal"
SEND = "matching.send_proposal"
Say = Callable[[int, str], None]

# Nobody else is asked about a place while somebody is.
_SPOKEN_FOR = Coalesce(Sum("matches__people", filter=Q(matches__state__in=BUSY)), 0)
FURTHER_ASK = 5
"""Each further ask of the same person costs a fifth of what a place is worth that is taken at all."""


class OpenNeed(NamedTuple):
    """A need, and how many people it still lacks."""

    need: Need
    places: int


def open_needs() -> list[OpenNeed]:
    """Return the needs of all open requests for volunteers: their coming shifts, or themselves where they have none."""
    in_time = Q(apply_by=None) | Q(apply_by__gte=timezone.localdate())
    asked = open_requests().filter(in_time, kind=RequestKind.VOLUNTEERS)
    shifts = _lacking(Shift.objects.filter(request__in=asked, starts_at__gt=timezone.now()).select_related("request"))
    whole = _lacking(asked.filter(shifts=None))
    return [
        *(OpenNeed(Need(shift.request, shift), shift.places) for shift in shifts),
        *(OpenNeed(Need(request), request.places) for request in whole),
    ]


def _lacking(records: QuerySet[Any]) -> QuerySet[Any]:
    """Those with places that nobody has or is asked about, each with how many."""
    lacking: QuerySet[Any] = records.annotate(places=F("people_needed") - _SPOKEN_FOR)
    return lacking.filter(places__gt=0).order_by("pk")


@transaction.atomic
def make_proposal(by: User, say: Say) -> Proposal:
    """Compute the assignment and keep it, to be looked through; one that was not sent yet gives way to it.

    Raises JobError where nobody is looked for, or nobody can be asked.
    """
    say(5, _("募集を集めています"))
    needs = open_needs()
    if not needs:
        raise JobError(_("いま、手伝う人をさがしている募集はありません。"))
    say(10, _("候補の人を調べています"))
    found = judge(ALL_PAIRS, [need for need, _places in needs])
    if not found:
        raise JobError(_("いま、頼める人がいません。"))
    room = {row["id"]: row for row in judge(ROOM, [])}
    say(60, _("組合せを考えています"))
    pairs, score, greedy_score = _assign(needs, found, room)
    say(80, _("理由を書いています"))
    Proposal.objects.filter(sent_at=None, discarded_at=None).update(discarded_at=Now())
    proposal = Proposal.objects.create(made_by=by, score=score, greedy_score=greedy_score)
    ProposalLine.objects.bulk_create(_lines(proposal, [need for need, _places in needs], pairs))
    return proposal


def _assign(
    needs: Sequence[OpenNeed], found: Sequence[dict[str, Any]], room: dict[int, dict[str, Any]]
) -> tuple[list[tuple[int, int]], int, int]:
    """Return pairs of a need's number and a supporter's id, their points together, and those of the simpler way."""
    # Loaded by those who compute: no web process has to hold SciPy in its memory.
    import numpy as np

    from matching.introductions.assigning import Problem, assign

    people = sorted(room)
    ids = np.concatenate([row["ids"] for row in found])
    times = [
        (need.shift.starts_at.timestamp(), need.shift.ends_at.timestamp()) if need.shift else (np.nan,) * 2
        for need, _places in needs
    ]
    rule = guild_rule()
    served = sum(getattr(rule, name) for name in WEIGHTS)
    problem = Problem(
        need=np.repeat([row["number"] for row in found], [len(row["ids"]) for row in found]),
        person=np.searchsorted(people, ids),
        points=np.concatenate([row["scores"] for row in found]),
        places=np.array([places for _need, places in needs]),
        begins=np.array(times)[:, 0],
        ends=np.array(times)[:, 1],
        room=np.array([room[pk]["asks_left"] for pk in people]),
        asked=np.array([room[pk]["asks"] for pk in people]),
        served=served,
        further_ask=served // FURTHER_ASK,
    )
    best = assign(problem)
    chosen = [(int(problem.need[pair]), int(ids[pair])) for pair in best.pairs]
    return chosen, best.score, best.greedy_score


def _lines(proposal: Proposal, needs: Sequence[Need], pairs: Sequence[tuple[int, int]]) -> list[ProposalLine]:
    return [
        ProposalLine(
            proposal=proposal,
            request=needs[number].request,
            shift=needs[number].shift,
            supporter_id=row["id"],
            score=int(row["score"]),
            reasons=list(reasons(needs[number], row)),
        )
        for number, row in _judged(needs, pairs)
    ]


def _judged(needs: Sequence[Need], pairs: Sequence[tuple[int, int]]) -> list[tuple[int, dict[str, Any]]]:
    """Those of the pairs that no rule excludes now, each with the facts of it and the need's number."""
    chosen = [{"line": line, "number": number, "id": pk} for line, (number, pk) in enumerate(pairs)]
    rows = judge(CHOSEN, needs, chosen=json.dumps(chosen))
    return [(pairs[row["line"]][0], row) for row in sorted(rows, key=lambda row: row["line"])]


def current_proposal() -> Proposal | None:
    """Return the proposal that waits to be looked through, or the last that was sent."""
    return Proposal.objects.filter(discarded_at=None).select_related("made_by").first()


def lines_of(proposal: Proposal) -> QuerySet[ProposalLine]:
    """Return what a proposal's page shows, request by request."""
    about = ("request__group", "shift", "supporter", "match")
    return proposal.lines.select_related(*about).order_by("request", "shift", "-score", "pk")


def take_out(line: ProposalLine, *, is_taken_out: bool) -> None:
    """Leave a line out of what is sent, or take it in again. Raises ValidationError once the proposal is sent."""
    waiting = ProposalLine.objects.filter(pk=line.pk, proposal__sent_at=None, proposal__discarded_at=None)
    if not waiting.update(is_taken_out=is_taken_out):
        raise ValidationError(_("この提案は、もう送ったか、捨てたものです。"))


def discard(proposal: Proposal) -> None:
    """Put a proposal away unsent. Raises ValidationError for one that is sent, or put away already."""
    if not Proposal.objects.filter(pk=proposal.pk, sent_at=None, discarded_at=None).update(discarded_at=Now()):
        raise ValidationError(_("この提案は、もう送ったか、捨てたものです。"))


@transaction.atomic
def send(proposal: Proposal, by: User, say: Say) -> None:
    """Ask everybody of the lines that are left in, as of candidates chosen by hand.

    Who may not be asked any more, since something changed meanwhile, is left out: their lines have no match. Raises
    JobError for a proposal that is sent or put away.
    """
    proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if proposal.sent_at or proposal.discarded_at:
        raise JobError(_("この提案は、もう送ったか、捨てたものです。"))
    lines = list(lines_of(proposal).filter(is_taken_out=False))
    # All at once, in order: whoever leaves meanwhile has several of them as well.
    lock_supporters(line.supporter_id for line in lines)
    lock_requests(line.request_id for line in lines)
    needs = [Need(line.request, line.shift) for line in lines]
    still = {number for number, _row in _judged(needs, [(at, line.supporter_id) for at, line in enumerate(lines)])}
    for at, line in enumerate(lines):
        say(at * 100 // len(lines), _("お願いを送っています"))
        if at in still:
            _ask(line, by)
    proposal.sent_at = timezone.now()
    proposal.save(update_fields=["sent_at"])


def _ask(line: ProposalLine, by: User) -> None:
    try:
        with transaction.atomic():
            line.match = asking.propose(
                line.request, line.shift, supporter=line.supporter, by=by, score=line.score, reasons=line.reasons
            )
            asking.ask_volunteer(line.match, by=by)
            line.save(update_fields=["match"])
    except ValidationError:
        # Said by the page: a line without a match was not asked.
        line.match = None
