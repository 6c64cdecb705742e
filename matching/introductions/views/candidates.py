"""Who could help with a request, and who is left out."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.paging import page_of
from matching.introductions.candidates import LeftOutList, candidates, partners
from matching.models import HelpRequest, RequestKind, Shift
from matching.rules import KEEPS_GUILD

PER_PAGE = 30


@require_safe
@allow(KEEPS_GUILD)
def candidate_list(request: MemberRequest, number: int) -> HttpResponse:
    """The best first, for the shift that `?shift=` names, or the next one. For a request for partners, groups."""
    asked = _request(number)
    if asked.kind == RequestKind.PARTNERS:
        return render(
            request, "matching/office/partners.html", {"help_request": asked, "partners": partners(asked, PER_PAGE)}
        )
    shift = _shift(request, asked)
    context = {"help_request": asked, "shift": shift, "candidates": candidates(asked, shift, PER_PAGE)}
    return render(request, "matching/office/candidates.html", context | _shifts(asked))


@require_safe
@allow(KEEPS_GUILD)
def left_out_list(request: MemberRequest, number: int) -> HttpResponse:
    """Whom a rule excludes, and which: so that staff can see what to correct."""
    asked = _request(number)
    shift = _shift(request, asked)
    page = page_of(request, LeftOutList(asked, shift), PER_PAGE)
    context = {"help_request": asked, "shift": shift, "page": page}
    return render(request, "matching/office/left_out.html", context | _shifts(asked))


def _request(number: int) -> HelpRequest:
    return get_object_or_404(HelpRequest.objects.select_related("group__district", "district"), pk=number)


def _shifts(asked: HelpRequest) -> dict[str, Any]:
    return {"shifts": asked.shifts.filter(starts_at__gt=timezone.now())}


def _shift(request: MemberRequest, asked: HelpRequest) -> Shift | None:
    """The shift that the address names, else the next. Raises Http404 for one that is not the request's."""
    wanted = request.GET.get("shift", "")
    if not wanted:
        return asked.shifts.filter(starts_at__gt=timezone.now()).first()
    if not wanted.isascii() or not wanted.isdigit() or len(wanted) > 18:
        raise Http404
    return get_object_or_404(asked.shifts, pk=wanted)
