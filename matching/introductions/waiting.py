"""Places that become free go to those who wait, in the order in which they came. Run inside `acting_as`."""

from django.db.models import Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from matching.introductions.asking import ask_volunteer, may_be_offered
from matching.introductions.moving import Actor
from matching.models import HelpRequest, Match, MatchState, RequestStatus, Shift
from matching.requests.places import Places, places_of, shifts_with_places

State = MatchState


def line(request: HelpRequest, shift_id: int | None) -> QuerySet[Match]:
    """Return those who wait for a place, or have been offered one, the first who came first."""
    waited = Match.objects.filter(request=request, shift=shift_id, steps__state=State.WAITING)
    return waited.annotate(since=Min("steps", filter=Q(steps__state=State.WAITING))).order_by("since")


def offer_free_places(request: HelpRequest, shift_id: int | None) -> None:
    """Ask those who wait and for whom there is a place now, until an answer's deadline.

    A party that does not fit is not overtaken, unless it never could; whoever may not be asked now is, and keeps their
    place in the line.
    """
    if request.status not in (RequestStatus.OPEN, RequestStatus.FILLED):
        return
    shift = shifts_with_places(request).filter(pk=shift_id).first() if shift_id else None
    if shift and shift.starts_at <= timezone.now():
        return
    places = _places(request, shift)
    in_line = line(request, shift_id)
    left = places.left - sum(match.people for match in in_line.filter(state=State.VOLUNTEER_ASKED))
    for match in in_line.filter(may_be_offered(places.needed), state=State.WAITING).select_related(
        "request__group", "supporter"
    ):
        if match.people > left:
            return
        left -= match.people
        ask_volunteer(match, by=None, actor=Actor.CLOCK, comment=_("空きが出たため"))


def _places(request: HelpRequest, shift: Shift | None) -> Places:
    return Places(shift.people_needed, shift.taken) if shift else places_of(request)  # type: ignore[attr-defined]
