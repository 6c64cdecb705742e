"""A group's introductions: who would help with its requests, and whose partner it could be."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centres.models import Group
from centres.registration.queries import groups_of
from centres.registration.rules import KEEPS_OWN_GROUP
from civic.accounts.queries import member_of
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.paging import page_of
from civic.tenancy.urls import tenant_reverse
from matching.introductions import asking
from matching.introductions.forms import ApplyForm
from matching.introductions.matches import matches_as_partner, matches_for_group
from matching.introductions.views import sides
from matching.models import RequestKind, Side
from matching.queries import open_requests, public_requests
from matching.requests.places import shifts_with_places


def _group_or_404(request: MemberRequest, number: int) -> Group:
    return get_object_or_404(groups_of(member_of(request)), number=number)


def _place_or_404(request: MemberRequest, number: int, pk: int) -> sides.Place:
    """The side of a match that a group is: who asked for help, or who was asked to be a partner."""
    group = _group_or_404(request, number)
    match = matches_for_group(group).filter(pk=pk).first()
    if match:
        return sides.Place(match, Side.GROUP, group)
    return sides.Place(get_object_or_404(matches_as_partner(group), pk=pk), Side.VOLUNTEER, group)


@require_safe
@allow(KEEPS_OWN_GROUP)
def group_matches(request: MemberRequest, number: int) -> HttpResponse:
    """Those who were proposed to a group, what was proposed to it, and which groups look for partners."""
    group = _group_or_404(request, number)
    context = {
        "group": group,
        "page": page_of(request, matches_for_group(group)),
        "as_partner": matches_as_partner(group),
        "wanted": open_requests().filter(kind=RequestKind.PARTNERS).exclude(group=group),
    }
    return render(request, "matching/matches/group_list.html", context)


@never_cache
@require_safe
@allow(KEEPS_OWN_GROUP)
def group_match(request: MemberRequest, number: int, pk: int) -> HttpResponse:
    return sides.show(request, _place_or_404(request, number, pk))


@require_POST
@allow(KEEPS_OWN_GROUP)
def group_match_answer(request: MemberRequest, number: int, pk: int) -> HttpResponse:
    return sides.answer(request, _place_or_404(request, number, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_OWN_GROUP)
def group_match_cancel(request: MemberRequest, number: int, pk: int) -> HttpResponse:
    return sides.cancel(request, _place_or_404(request, number, pk))


@never_cache
@require_safe
@allow(KEEPS_OWN_GROUP)
def group_match_contact(request: MemberRequest, number: int, pk: int) -> HttpResponse:
    return sides.contact(request, _place_or_404(request, number, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_OWN_GROUP)
def partner(request: MemberRequest, number: int, wanted: int) -> HttpResponse:
    """Say that a group wants to be another's partner."""
    group = _group_or_404(request, number)
    help_request = get_object_or_404(public_requests(), pk=wanted, kind=RequestKind.PARTNERS)
    shifts = shifts_with_places(help_request).filter(starts_at__gt=timezone.now())
    ticked = request.GET.getlist("shift")
    form = ApplyForm(request.POST if request.method == "POST" else None, shifts, None, ticked)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            applied = asking.apply_for(help_request, typed.get("shift", ()), partner=group, by=request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("申し込みました。つぎの動きは、このページとメールでお知らせします。"))
            if len(applied) > 1:
                return redirect(tenant_reverse("matching:group_matches", number=number))
            return redirect(tenant_reverse("matching:group_match", number=number, pk=applied[0].pk))
    context = {"form": form, "help_request": help_request, "group": group}
    return render(request, "matching/matches/apply.html", context, status=400 if form.is_bound else 200)
