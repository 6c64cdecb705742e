"""What happens to requests: each function is one thing, in one transaction. Run inside `acting_as`.

A ValidationError says, in words for the person who asked, why it cannot be done.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.accounts.models import User
from matching.models import REQUEST_TRANSITIONS, HelpRequest, RequestStatus, Timing
from matching.requests.places import places, places_of, shifts_with_places
from matching.requests.queries import past_requests

Status = RequestStatus


@transaction.atomic
def move_request(request: HelpRequest, status: RequestStatus, *, by: User | None, comment: str = "") -> None:
    """Bring a request to a status, by the table `REQUEST_TRANSITIONS` and under a lock: the only way.

    `comment` is what the group is to put right, where a request is sent back. Raises ValidationError where the request
    stands elsewhere by now, and where a request that names times has none.
    """
    stands = HelpRequest.objects.select_for_update().get(pk=request.pk)
    if status not in REQUEST_TRANSITIONS[Status(stands.status)]:
        raise ValidationError(
            _("この募集はいま「%(now)s」なので、「%(wanted)s」にはできません。")
            % {"now": stands.get_status_display(), "wanted": status.label}
        )
    changed: dict[str, object] = {"status": status}
    if status in (Status.SUBMITTED, Status.OPEN) and not (stands.timing == Timing.OPEN or stands.shifts.exists()):
        raise ValidationError(_("日時がまだありません。先に日時を加えてください。"))
    if status == Status.OPEN and stands.status != Status.FILLED:
        changed |= {"posted_on": timezone.localdate(), "sent_back_because": ""}
    if status == Status.SENT_BACK:
        changed |= {"sent_back_because": comment}
    for name, value in changed.items():
        setattr(request, name, value)
    request.save(update_fields=list(changed))


@transaction.atomic
def settle(request: HelpRequest) -> None:
    """Fill an open request whose places are all taken, and open a filled one that has a place again.

    Places of shifts that have begun count no more.
    """
    stands = HelpRequest.objects.select_for_update().get(pk=request.pk)
    if stands.status not in (Status.OPEN, Status.FILLED):
        return
    wanted = Status.OPEN if _has_place(stands, timezone.now()) else Status.FILLED
    if stands.status != wanted:
        move_request(request, wanted, by=None)


def _has_place(request: HelpRequest, now: datetime) -> bool:
    shifts = list(shifts_with_places(request))
    if not shifts:
        return places_of(request).left > 0
    return any(places(shift).left > 0 for shift in shifts if shift.starts_at > now)


@transaction.atomic
def close_past() -> int:
    """Close the requests whose last shift has begun, or whose closing day is over; return how many."""
    past = list(past_requests(timezone.now()))
    for request in past:
        move_request(request, Status.CLOSED, by=None)
    return len(past)
