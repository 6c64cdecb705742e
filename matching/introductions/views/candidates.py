"""Who could help with a request, and who is left out."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.paging import page_of
from civic.tenancy.urls import tenant_reverse
from matching.introductions import asking
from matching.introductions.candidates import LeftOutList, candidate, candidates, open_to_partners, partners
from matching.models import ENDED, HelpRequest, Match, RequestKind, Shift, Supporter
from matching.requests.places import places, places_of, shifts_with_places
from matching.rules import KEEPS_GUILD

PER_PAGE = 30


@require_safe
@allow(KEEPS_GUILD)
def candidate_list(request: MemberRequest, number: int) -> HttpResponse:
    """The best first, for the shift that `?shift=` names, or the next one. For a request for partners, groups."""
    asked = _request(number)
    shift = _shift(request, asked)
    context = {"help_request": asked, "shift": shift} | _times(asked, shift)
    if asked.kind == RequestKind.PARTNERS:
        found = {"partners": partners(asked, shift, PER_PAGE)}
        return render(request, "matching/office/partners.html", context | found)
    people = {"candidates": candidates(asked, shift, PER_PAGE)}
    return render(request, "matching/office/candidates.html", context | people)


@require_safe
@allow(KEEPS_GUILD)
def left_out_list(request: MemberRequest, number: int) -> HttpResponse:
    """Whom a rule excludes, and which: so that staff can see what to correct."""
    asked = _request(number)
    shift = _shift(request, asked)
    page = page_of(request, LeftOutList(asked, shift), PER_PAGE)
    context = {"help_request": asked, "shift": shift, "page": page}
    return render(request, "matching/office/left_out.html", context | _times(asked, shift))


@require_POST
@allow(KEEPS_GUILD)
def ask_supporter(request: MemberRequest, number: int, supporter: int) -> HttpResponse:
    """Ask one of the candidates, and lead to the introduction that begins. A rule that excludes them by now holds."""
    asked = _request(number)
    shift = _shift(request, asked)
    wanted = get_object_or_404(Supporter, pk=supporter)
    running = _running(asked, shift, supporter=wanted)
    if running:
        return _asked_already(request, running)
    found = candidate(asked, shift, wanted)
    if found is None:
        messages.error(request, _("この人は、いまは候補から外れています。"))
        return redirect(tenant_reverse("matching:candidates", number=number))

    def propose() -> Match:
        return asking.propose(
            asked, shift, supporter=found.supporter, by=request.user, score=found.score, reasons=found.reasons
        )

    return _ask(request, asked, propose)


@require_POST
@allow(KEEPS_GUILD)
def ask_partner(request: MemberRequest, number: int, group: int) -> HttpResponse:
    """Ask one of the groups that look for partners."""
    asked = _request(number)
    shift = _shift(request, asked)
    running = _running(asked, shift, partner__number=group)
    if running:
        return _asked_already(request, running)
    partner = get_object_or_404(open_to_partners(asked, shift), number=group)
    return _ask(request, asked, lambda: asking.propose(asked, shift, partner=partner, by=request.user))


def _running(asked: HelpRequest, shift: Shift | None, **who: object) -> Match | None:
    return asked.matches.filter(shift=shift, **who).exclude(state__in=ENDED).first()


def _asked_already(request: MemberRequest, match: Match) -> HttpResponse:
    """Lead whoever pressed twice to where the first press led."""
    messages.info(request, _("もう声をかけてあります。"))
    return redirect(tenant_reverse("matching:match", pk=match.pk))


def _ask(request: MemberRequest, asked: HelpRequest, propose: Callable[[], Match]) -> HttpResponse:
    try:
        with transaction.atomic():
            match = propose()
            asking.ask_volunteer(match, by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return redirect(tenant_reverse("matching:candidates", number=asked.pk))
    messages.success(request, _("お願いしました。返事を待ちます。"))
    return redirect(tenant_reverse("matching:match", pk=match.pk))


def _request(number: int) -> HelpRequest:
    return get_object_or_404(HelpRequest.objects.select_related("group__district", "district"), pk=number)


def _times(asked: HelpRequest, shift: Shift | None) -> dict[str, Any]:
    """The times to choose from, and the places of the one that is looked at."""
    coming = asked.shifts.filter(starts_at__gt=timezone.now())
    return {"shifts": coming, "places": places(shift) if shift else places_of(asked)}


def _shift(request: MemberRequest, asked: HelpRequest) -> Shift | None:
    """The shift that the address names, else the next. Raises Http404 for one that is not the request's."""
    wanted = request.GET.get("shift", "")
    if not wanted:
        return shifts_with_places(asked).filter(starts_at__gt=timezone.now()).first()
    if not wanted.isascii() or not wanted.isdigit() or len(wanted) > 18:
        raise Http404
    return get_object_or_404(shifts_with_places(asked), pk=wanted)
