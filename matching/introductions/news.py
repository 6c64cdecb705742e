"""What is newly asked for, to those who want to be told, as often as they want. Run inside `acting_as`."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from civic.calendar import months_before
from matching.introductions import letters
from matching.models import Frequency, HelpRequest, LetterKind, Reach, RequestKind, Supporter
from matching.queries import open_requests
from matching.supporters.queries import introducible

NEWEST = 10
"""So many requests a letter names; the guild's page has them all."""


def _first_new_day(supporter: Supporter, today: date, last: datetime | None) -> date | None:
    """From which day on a request is news to a supporter; None where it is too early for another letter.

    A letter tells of the days before its own, so that what was opened later on its day comes with the next.
    """
    since = today - timedelta(days=7) if supporter.news == Frequency.WEEKLY else months_before(today, 1)
    if last is None:
        return since
    told_on = timezone.localdate(last)
    return told_on if told_on <= since else None


def _fits(supporter: Supporter, request: HelpRequest) -> bool:
    """Whether a request is of the fields and the districts that a supporter named; who named none has named all."""
    fields = {row.field for row in supporter.fields.all()}
    if fields and request.field and request.field not in fields:
        return False
    if request.is_online:
        return supporter.helps_online
    if not supporter.comes_on_site:
        return False
    districts = {row.district_id for row in supporter.districts.all()}
    return (
        supporter.reach == Reach.ANYWHERE
        or not districts
        or request.district_id is None
        or request.district_id in districts
    )


def _due(today: date) -> Iterator[tuple[Supporter, Sequence[HelpRequest]]]:
    days = (months_before(today, 2), today - timedelta(days=1))
    requests = list(open_requests().filter(kind=RequestKind.VOLUNTEERS, posted_on__range=days, is_sample=False))
    if not requests:
        return
    wanting = (
        introducible()
        .filter(is_sample=False)
        .exclude(news=Frequency.NEVER)
        .exclude(contact__email="")
        .filter(contact__isnull=False)
    )
    last = Max("letters__written_at", filter=Q(letters__kind=LetterKind.NEWS))
    for supporter in wanting.annotate(last_news=last).prefetch_related("fields", "districts"):
        first_day = _first_new_day(supporter, today, supporter.last_news)
        if first_day is None:
            continue
        fitting = [request for request in requests if request.posted_on >= first_day and _fits(supporter, request)]
        if fitting:
            yield supporter, fitting[:NEWEST]


@transaction.atomic
def send_news(today: date) -> int:
    """Write to those for whom there is something new and whose week or month is over; return to how many.

    May run each day: the letters themselves say who was told when.
    """
    written = 0
    for supporter, requests in _due(today):
        letters.write_news(supporter, requests)
        written += 1
    return written
