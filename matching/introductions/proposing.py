"""The week's proposal: for all open requests together, who could be asked for what. Nothing is sent by itself.

Run inside `acting_as`. JobError says, in words for whoever asked, why it cannot be done.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.accounts.models import User
from civic.jobs.kinds import JobError
from matching.introductions import asking
from matching.introductions.candidates import Candidate, pairs_now
from matching.introductions.judging import ALL_PAIRS, BUSY, ROOM, Need, judge
from matching.introductions.moving import lock_requests, lock_supporters
from matching.models import WEIGHTS, Proposal, ProposalLine, RequestKind, Shift
from matching.queries import open_requests
from matching.supporters.queries import guild_rule

MAKE = "matching.make_proposal"
SEND = "matching.send_proposal"
Say = Callable[[int, str], None]

# Nobody else is asked about a place while somebody is.
_SPOKEN_FOR = Coalesce(Sum("matches__people", filter=Q(matches__state__in=BUSY)), 0)
LINES = """
INSERT INTO matching_proposalline (proposal_id, request_id, shift_id, supporter_id, score, is_taken_out)
SELECT %s, line.*, false FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::int[]) AS line
"""
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
    say(40, _("組合せを考えています"))
    pairs, score, bound = _assign(needs, found, room)
    if not pairs:
        raise JobError(_("みなさんに頼んだばかりです。少し日をおいて、もう一度作ってください。"))
    say(90, _("提案を書いています"))
    Proposal.objects.filter(sent_at=None, discarded_at=None).update(discarded_at=Now())
    proposal = Proposal.objects.create(made_by=by, score=score, bound=bound)
    _write_lines(proposal, [(needs[number].need, supporter, points) for number, supporter, points in pairs])
    return proposal


def _write_lines(proposal: Proposal, pairs: Iterable[tuple[Need, int, int]]) -> None:
    """Write the pairs of needs, supporters' ids and points as arrays: thousands of rows are one statement."""
    lines = [(need.request.pk, need.shift and need.shift.pk, supporter, points) for need, supporter, points in pairs]
    with connection.cursor() as cursor:
        cursor.execute(LINES, [proposal.pk, *map(list, zip(*lines, strict=True))])


def _assign(
    needs: Sequence[OpenNeed], found: Sequence[dict[str, Any]], room: dict[int, dict[str, Any]]
) -> tuple[list[tuple[int, int, int]], int, int]:
    """Return the chosen pairs, each a need's number, a supporter's id and points; their sum, and its bound."""
    # Loaded by those who compute: no web process has to hold SciPy in its memory.
    import numpy as np

    from matching.introductions.assigning import Problem, assign

    people = sorted(room)
    ids = [np.frombuffer(row["ids"], ">i8") for row in found]
    times = [
        (need.shift.starts_at.timestamp(), need.shift.ends_at.timestamp()) if need.shift else (np.nan,) * 2
        for need, _places in needs
    ]
    rule = guild_rule()
    served = sum(getattr(rule, name) for name in WEIGHTS)
    problem = Problem(
        need=np.repeat([row["number"] for row in found], [len(each) for each in ids]),
        person=np.searchsorted(people, np.concatenate(ids)),
        points=np.concatenate([np.frombuffer(row["scores"], ">i4") for row in found]).astype(int),
        places=np.array([places for _need, places in needs]),
        begins=np.array(times)[:, 0],
        ends=np.array(times)[:, 1],
        room=np.array([room[pk]["asks_left"] for pk in people]),
        asked=np.array([room[pk]["asks"] for pk in people]),
        served=served,
        further_ask=served // FURTHER_ASK,
    )
    best = assign(problem)
    chosen = [(int(problem.need[pair]), people[problem.person[pair]], int(problem.points[pair])) for pair in best.pairs]
    return chosen, best.score, best.bound


def current_proposal() -> Proposal | None:
    """Return the proposal that waits to be looked through, or the last that was sent."""
    return Proposal.objects.filter(discarded_at=None).select_related("made_by").first()


def lines_of(proposal: Proposal) -> QuerySet[ProposalLine]:
    """Return what a proposal's page shows, request by request."""
    about = ("request__group", "shift", "supporter", "match")
    return proposal.lines.select_related(*about).order_by("request", "shift", "-score", "pk")


def as_candidates(lines: Iterable[ProposalLine]) -> list[Candidate | None]:
    """Return what speaks for each line as things are now; None for one whom a rule excludes by now."""
    return pairs_now([(Need(line.request, line.shift), line.supporter) for line in lines])


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
    for at, (line, found) in enumerate(zip(lines, as_candidates(lines), strict=True)):
        say(at * 100 // len(lines), _("お願いを送っています"))
        if found:
            _ask(line, found, by)
    proposal.sent_at = timezone.now()
    proposal.save(update_fields=["sent_at"])


def _ask(line: ProposalLine, found: Candidate, by: User) -> None:
    try:
        with transaction.atomic():
            line.match = asking.propose(
                line.request, line.shift, supporter=line.supporter, by=by, score=found.score, reasons=found.reasons
            )
            asking.ask_volunteer(line.match, by=by)
            line.save(update_fields=["match"])
    except ValidationError:
        # Said by the page: a line without a match was not asked.
        line.match = None
