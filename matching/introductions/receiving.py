"""What comes to the staff's desk: requests to be checked, people to be found, supporters to be greeted.

Run inside `acting_as`. A ValidationError says, in words for the person who asked, why it cannot be done.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.accounts.models import User
from matching.introductions import letters, queue
from matching.models import (
    HelpRequest,
    LetterKind,
    QueueEntry,
    QueueKind,
    RequestStatus,
    Skill,
    Supporter,
    SupporterStatus,
)
from matching.requests import services as requests
from matching.supporters import services as supporters

CHECKED_WITHIN = timedelta(days=2)
GREETED_WITHIN = timedelta(days=3)
# So long before its first time a request needs its people; one without times begins to be looked after at once.
FOUND_BEFORE = timedelta(days=14)


@transaction.atomic
def hand_in(request: HelpRequest, *, by: User) -> None:
    """Give a request to the staff to check, and put it into their queue."""
    requests.move_request(request, RequestStatus.SUBMITTED, by=by)
    queue.add(QueueKind.CHECK_REQUEST, timezone.now() + CHECKED_WITHIN, request=request)


@transaction.atomic
def open_request(request: HelpRequest, *, by: User) -> None:
    """Make a request public; whoever handed it in is told, and people are to be found for it in time."""
    was_handed_in = request.status == RequestStatus.SUBMITTED
    requests.move_request(request, RequestStatus.OPEN, by=by)
    if was_handed_in:
        letters.write_about(LetterKind.REQUEST_OPENED, request)
    queue.settle(QueueKind.CHECK_REQUEST, _("公開した"), by=by, request=request)
    queue.add(QueueKind.FIND_PEOPLE, _needed_by(request), request=request)


@transaction.atomic
def correct(request: HelpRequest, skills: Mapping[Skill, requests.Wanted], *, by: User, is_to_be_read: bool) -> None:
    """Write a request anew. What is public already stays so; where it `is_to_be_read`, staff get it in their queue.

    Raises ValidationError as `requests.write` does.
    """
    written = requests.write(request, skills, by=by)
    if is_to_be_read and written.status in (RequestStatus.OPEN, RequestStatus.FILLED):
        queue.add(QueueKind.REREAD_REQUEST, timezone.now() + CHECKED_WITHIN, request=written)


def _needed_by(request: HelpRequest) -> datetime:
    now = timezone.now()
    first = request.shifts.filter(starts_at__gt=now).first()
    return max(now, first.starts_at - FOUND_BEFORE) if first else now


def look_for_people_again() -> None:
    """Put the search for people back into the queue, for requests that were full and have a place again."""
    last = QueueEntry.objects.filter(request=OuterRef("pk"), kind=QueueKind.FIND_PEOPLE).order_by("-pk")[:1]
    # What staff struck off themselves they do not look for any more.
    struck_off = Exists(QueueEntry.objects.filter(pk=OuterRef("last"), done_at__isnull=False, done_by=None))
    has_places = HelpRequest.objects.filter(status=RequestStatus.OPEN)
    for request in has_places.annotate(last=Subquery(last.values("pk"))).filter(struck_off):
        queue.add(QueueKind.FIND_PEOPLE, _needed_by(request), request=request)


@transaction.atomic
def send_back(request: HelpRequest, reason: str, *, by: User) -> None:
    """Ask the group to put something right."""
    requests.move_request(request, RequestStatus.SENT_BACK, by=by, comment=reason)
    letters.write_about(LetterKind.REQUEST_BACK, request, reason=reason)
    queue.settle(QueueKind.CHECK_REQUEST, _("差し戻した"), by=by, request=request)


@transaction.atomic
def confirm(supporter: Supporter) -> None:
    """Count the registration of whoever opened their letter's link; staff greet them. Nothing happens a second time."""
    supporters.confirm(supporter)
    is_new = supporter.status == SupporterStatus.UNCONFIRMED
    supporter.refresh_from_db()
    if is_new and supporter.status == SupporterStatus.ACTIVE:
        queue.add(QueueKind.GREET_SUPPORTER, timezone.now() + GREETED_WITHIN, supporter=supporter)
