"""How many places of a request, or of its shifts, are taken."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from matching.models import HOLDING, HelpRequest, Shift

_TAKEN = Coalesce(Sum("matches__people", filter=Q(matches__state__in=HOLDING)), 0)


@dataclass(frozen=True)
class Places:
    """Places of a request or a shift: how many people are wanted, and how many of them are found."""

    needed: int
    taken: int

    @property
    def left(self) -> int:
        return self.needed - self.taken


def shifts_with_places(request: HelpRequest) -> QuerySet[Shift]:
    """Return the shifts of a request, each with how many places are `taken`."""
    return request.shifts.annotate(taken=_TAKEN)


def places(shift: Shift) -> Places:
    """Return the places of a shift that comes from `shifts_with_places`."""
    return Places(shift.people_needed, shift.taken)  # type: ignore[attr-defined]


def places_of(request: HelpRequest) -> Places:
    """Return the places of a request that has no shifts."""
    taken = HelpRequest.objects.filter(pk=request.pk).aggregate(taken=_TAKEN)["taken"]
    return Places(request.people_needed, taken)
