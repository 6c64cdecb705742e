"""Reading matches, each side's own: a fixed number of queries whatever their length. Run inside `acting_as`."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from centres.models import Group
from civic.accounts.models import Membership
from matching.models import Match, MatchState, MatchStep, Side
from matching.supporters.queries import supporters_of

State = MatchState
KNOWN_TO = {
    Side.VOLUNTEER: [State.VOLUNTEER_ASKED, State.VOLUNTEER_YES, State.WAITING],
    Side.GROUP: [State.GROUP_ASKED],
}
"""From which states on a side knows of a match."""


def matches() -> QuerySet[Match]:
    """Return matches with what a line of a list shows, the newest first."""
    return Match.objects.select_related("request__group", "shift", "supporter", "partner")


def _known_to(side: Side) -> QuerySet[Match]:
    """The matches of which one side has been told."""
    told = MatchStep.objects.filter(match=OuterRef("pk"), state__in=KNOWN_TO[side])
    return matches().filter(Exists(told))


def matches_of_member(membership: Membership) -> QuerySet[Match]:
    """Return what a supporter was asked, or asked for, by the person who signed in."""
    return _known_to(Side.VOLUNTEER).filter(supporter__in=supporters_of(membership))


def matches_for_group(group: Group) -> QuerySet[Match]:
    """Return those who would help with a group's requests, from the moment at which the group was asked."""
    return _known_to(Side.GROUP).filter(request__group=group)


def matches_as_partner(group: Group) -> QuerySet[Match]:
    """Return the requests of others for which a group was asked, or asked itself, to be a partner."""
    return _known_to(Side.VOLUNTEER).filter(partner=group)


def others_of_pair(match: Match) -> QuerySet[Match]:
    """Return the other matches of the same two for the same time, the newest first: those that came to nothing."""
    same = Match.objects.filter(
        request=match.request_id, shift=match.shift_id, supporter=match.supporter_id, partner=match.partner_id
    )
    return same.exclude(pk=match.pk)


def matches_for_staff(state: str = "") -> QuerySet[Match]:
    """Return all matches, or those in one state."""
    return matches().filter(Q(state=state) if state else Q())


def match_with_history(pk: int) -> Match:
    """Return a match with all that the staff's page shows. Raises Match.DoesNotExist."""
    return matches().prefetch_related("steps__by", "letters__queue_entries", "participations").get(pk=pk)
