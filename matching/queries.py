"""Reading the guild's records."""

from django.db.models import QuerySet

from matching.models import HelpRequest, RequestStatus


def public_requests() -> QuerySet[HelpRequest]:
    """Return what everybody may read: published requests of groups that are in the directory, newest first."""
    return HelpRequest.objects.filter(is_public=True, group__is_published=True).select_related("group__district")


def open_requests() -> QuerySet[HelpRequest]:
    """Return the public requests for which people are still looked for."""
    return public_requests().filter(status=RequestStatus.OPEN)
