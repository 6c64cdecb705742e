"""Reading requests: each page's list in a fixed number of queries."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from matching.models import HelpRequest, RequestStatus, Shift


def past_requests(now: datetime) -> QuerySet[HelpRequest]:
    """Return the requests, open or filled, for which nobody can apply any more: the closing day is over, or the last
    shift has begun."""
    shifts = Shift.objects.filter(request=OuterRef("pk"))
    is_past = Q(apply_by__lt=timezone.localdate(now)) | (Exists(shifts) & ~Exists(shifts.filter(starts_at__gt=now)))
    return HelpRequest.objects.filter(is_past, status__in=[RequestStatus.OPEN, RequestStatus.FILLED])
