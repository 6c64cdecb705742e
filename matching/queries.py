"""Reading the guild's records."""

from django.db.models import QuerySet

from centres.models import Entitlement, standings_with
from matching.models import HelpRequest, RequestStatus


def public_requests() -> QuerySet[HelpRequest]:
    """Return what everybody may read: published requests of groups that are in the directory and may ask, newest."""
    asking = {"group__is_published": True, "group__standing__in": standings_with(Entitlement.REQUESTS)}
    return HelpRequest.objects.filter(is_public=True, **asking).select_related("group__district")


def open_requests() -> QuerySet[HelpRequest]:
    """Return the public requests for which people are still looked for."""
    return public_requests().filter(status=RequestStatus.OPEN)
