"""Reading the trail."""

from datetime import date, datetime, time
from typing import TypeVar

from django.db.models import QuerySet
from django.utils import timezone

from civic.audit.models import Change, PersonalRecordView

Traces = TypeVar("Traces", Change, PersonalRecordView)


def changes(
    kind: str = "", person: int | None = None, first: date | None = None, last: date | None = None
) -> QuerySet[Change]:
    """Return the changes to a table, by a person, from one day to another inclusive; each optional. Latest first."""
    found = _within(Change.objects.all(), kind, first, last)
    return found if person is None else found.filter(actor_id=person)


def viewings(
    kind: str = "", person: int | None = None, first: date | None = None, last: date | None = None
) -> QuerySet[PersonalRecordView]:
    """Return who opened which personal record, chosen as in `changes`."""
    found = _within(PersonalRecordView.objects.all(), kind, first, last)
    return found if person is None else found.filter(viewer_id=person)


def _within(found: QuerySet[Traces], kind: str, first: date | None, last: date | None) -> QuerySet[Traces]:
    if kind:
        found = found.filter(table_name=kind)
    if first:
        found = found.filter(at__gte=timezone.make_aware(datetime.combine(first, time.min)))
    if last:
        found = found.filter(at__lte=timezone.make_aware(datetime.combine(last, time.max)))
    return found
