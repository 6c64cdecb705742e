"""Reading what introductions need: each page's list in a fixed number of queries."""

from django.db.models import QuerySet

from matching.models import QueueEntry


def queue_entries() -> QuerySet[QueueEntry]:
    """Return what is not done, the most urgent first, with what each entry is about."""
    return all_entries().filter(done_at=None)


def all_entries() -> QuerySet[QueueEntry]:
    """Return all entries, those that are done as well."""
    about = (
        "request__group",
        "match__request",
        "match__supporter",
        "match__partner",
        "supporter",
        "letter__match__request",
        "letter__supporter",
        "letter__request",
    )
    return QueueEntry.objects.select_related("taken_by", *about)
