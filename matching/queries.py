"""Reading the guild's records, as everybody may."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractIsoWeekDay

from centres.models import District, Entitlement, standings_with
from matching.models import PUBLIC_STATUSES, HelpRequest, RequestSkill, RequestStatus, Shift, Skill


def public_requests() -> QuerySet[HelpRequest]:
    """Return what everybody may read: checked requests of the centre, and of groups that are in the directory and may
    ask; newest first."""
    asking = Q(group=None) | Q(group__is_published=True, group__standing__in=standings_with(Entitlement.REQUESTS))
    return HelpRequest.objects.filter(asking, status__in=PUBLIC_STATUSES).select_related("group__district", "district")


def open_requests() -> QuerySet[HelpRequest]:
    """Return the public requests for which people are still looked for."""
    return public_requests().filter(status=RequestStatus.OPEN)


@dataclass(frozen=True)
class RequestSearch:
    """What somebody could help with; an empty answer leaves all."""

    kind: str = ""
    field: int | None = None
    district: District | None = None
    weekday: int | None = None
    skill: Skill | None = None
    online: bool = False


def found_requests(search: RequestSearch) -> QuerySet[HelpRequest]:
    """Return the open requests that are looked for. Those without times may be on any weekday."""
    requests = open_requests()
    if search.kind:
        requests = requests.filter(kind=search.kind)
    if search.field is not None:
        requests = requests.filter(field=search.field)
    if search.district:
        requests = requests.filter(Q(district=search.district) | Q(district=None, group__district=search.district))
    if search.weekday is not None:
        shifts = Shift.objects.filter(request=OuterRef("pk"))
        on_the_day = shifts.annotate(weekday=ExtractIsoWeekDay("starts_at")).filter(weekday=search.weekday + 1)
        requests = requests.filter(Exists(on_the_day) | ~Exists(shifts))
    if search.skill:
        requests = requests.filter(Exists(RequestSkill.objects.filter(request=OuterRef("pk"), skill=search.skill)))
    if search.online:
        requests = requests.filter(is_online=True)
    return requests


def skills_to_choose(kept: Collection[int] = ()) -> QuerySet[Skill]:
    """Return what can be named as a skill, with those (by id) that somebody named before they were retired."""
    return Skill.objects.filter(Q(is_retired=False) | Q(pk__in=kept))
