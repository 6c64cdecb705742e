"""Reading the guild's records, as everybody may."""

from django.db.models import Q, QuerySet

from centres.models import Entitlement, standings_with
from matching.models import PUBLIC_STATUSES, HelpRequest, RequestStatus


def public_requests() -> QuerySet[HelpRequest]:
    """Return what everybody may read: checked requests of the centre, and of groups that are in the directory and may
    ask; newest first."""
    asking = Q(group=None) | Q(group__is_published=True, group__standing__in=standings_with(Entitlement.REQUESTS))
    return HelpRequest.objects.filter(asking, status__in=PUBLIC_STATUSES).select_related("group__district", "district")


def open_requests() -> QuerySet[HelpRequest]:
    """Return the public requests for which people are still looked for."""
    return public_requests().filter(status=RequestStatus.OPEN)
