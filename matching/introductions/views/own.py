"""A supporter's own introductions."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centres.registration.queries import groups_of
from civic.accounts.queries import member_of
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.paging import page_of
from civic.tenancy.urls import tenant_reverse
from matching.introductions import asking
from matching.introductions.forms import ApplyForm
from matching.introductions.matches import matches_of_member
from matching.introductions.views import sides
from matching.models import RequestKind, Side
from matching.queries import public_requests
from matching.requests.places import shifts_with_places
from matching.rules import KEEPS_OWN_HELP
from matching.supporters.queries import supporters_of


def _own_or_404(request: MemberRequest, pk: int) -> sides.Place:
    return sides.Place(get_object_or_404(matches_of_member(member_of(request)), pk=pk), Side.VOLUNTEER)


@require_safe
@allow(KEEPS_OWN_HELP)
def own_matches(request: MemberRequest) -> HttpResponse:
    """What one was asked, and asked for; and the way to the same of the groups for which one speaks."""
    member = member_of(request)
    context = {"page": page_of(request, matches_of_member(member)), "groups": groups_of(member)}
    return render(request, "matching/matches/own_list.html", context)


@never_cache
@require_safe
@allow(KEEPS_OWN_HELP)
def own_match(request: MemberRequest, pk: int) -> HttpResponse:
    return sides.show(request, _own_or_404(request, pk))


@require_POST
@allow(KEEPS_OWN_HELP)
def own_match_answer(request: MemberRequest, pk: int) -> HttpResponse:
    return sides.answer(request, _own_or_404(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_OWN_HELP)
def own_match_cancel(request: MemberRequest, pk: int) -> HttpResponse:
    return sides.cancel(request, _own_or_404(request, pk))


@never_cache
@require_safe
@allow(KEEPS_OWN_HELP)
def own_match_contact(request: MemberRequest, pk: int) -> HttpResponse:
    return sides.contact(request, _own_or_404(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_OWN_HELP)
def apply(request: MemberRequest, number: int) -> HttpResponse:
    """Say that one wants to help with a request."""
    wanted = get_object_or_404(public_requests(), pk=number, kind=RequestKind.VOLUNTEERS)
    supporters = supporters_of(member_of(request))
    if not supporters:
        messages.info(request, _("申し込むには、先に登録してください。"))
        return redirect(tenant_reverse("matching:join"))
    shifts = shifts_with_places(wanted).filter(starts_at__gt=timezone.now())
    ticked = request.GET.getlist("shift")
    form = ApplyForm(request.POST if request.method == "POST" else None, shifts, supporters, ticked)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            applied = asking.apply_for(
                wanted,
                typed.get("shift", ()),
                typed["supporter"],
                by=request.user,
                people=typed.get("people", 1),
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("申し込みました。つぎの動きは、このページとメールでお知らせします。"))
            if len(applied) > 1:
                return redirect(tenant_reverse("matching:own_matches"))
            return redirect(tenant_reverse("matching:own_match", pk=applied[0].pk))
    context = {"form": form, "help_request": wanted}
    return render(request, "matching/matches/apply.html", context, status=400 if form.is_bound else 200)
