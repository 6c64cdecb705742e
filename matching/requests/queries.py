"""Reading requests: each page's list in a fixed number of queries."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from django.utils import timezone

from centres.models import Entitlement, Group, standings_with
from centres.registration.queries import groups_of
from civic.accounts.models import Membership
from civic.accounts.rules import may
from matching.models import HelpRequest, RequestStatus, Shift
from matching.rules import KEEPS_GUILD


def past_requests(now: datetime) -> QuerySet[HelpRequest]:
    """Return the requests for which nobody can apply any more: the closing day is over, or the last shift has begun."""
    shifts = Shift.objects.filter(request=OuterRef("pk"))
    is_past = Q(apply_by__lt=timezone.localdate(now)) | (Exists(shifts) & ~Exists(shifts.filter(starts_at__gt=now)))
    return HelpRequest.objects.filter(is_past)


def asks_for(membership: Membership) -> list[Group] | None:
    """Return the groups for which a member asks for help, None for staff, who ask for anybody and for the centre."""
    return None if may(KEEPS_GUILD, membership) else list(groups_of(membership))


def groups_that_may_ask(groups: Sequence[Group] | None) -> QuerySet[Group]:
    """Return the groups that may ask for help, of those given, or of all; by their reading."""
    asking = Group.objects.filter(standing__in=standings_with(Entitlement.REQUESTS)).order_by("name_kana", "number")
    return asking if groups is None else asking.filter(pk__in=[group.pk for group in groups])


def may_ask(groups: Sequence[Group] | None) -> bool:
    """Return whether a member who asks for these groups (`asks_for`) can write a request: staff, and whoever speaks for
    a group that may."""
    return groups is None or groups_that_may_ask(groups).exists()


def requests_for(membership: Membership) -> QuerySet[HelpRequest]:
    """Return the requests that a member keeps: staff all, others their own groups'."""
    groups = asks_for(membership)
    requests = HelpRequest.objects.select_related("group", "district")
    return requests if groups is None else requests.filter(group__in=groups)


def kept(requests: QuerySet[HelpRequest], q: str = "", status: str = "", kind: str = "") -> QuerySet[HelpRequest]:
    """Return the requests that are looked for, those to be checked first, then the newest."""
    for word in q.split():
        requests = requests.filter(Q(title__icontains=word) | Q(what__icontains=word) | Q(group__name__icontains=word))
    if status:
        requests = requests.filter(status=status)
    if kind:
        requests = requests.filter(kind=kind)
    waits = Case(When(status=RequestStatus.SUBMITTED, then=0), default=1)
    return requests.order_by(waits, "-posted_on", "-pk")
