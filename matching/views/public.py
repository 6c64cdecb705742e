"""The guild as everybody sees it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from centres.queries import centre_of_municipality
from civic.accounts.rules import PUBLIC, allow
from civic.audit.kept_pages import kept_until_a_change
from civic.paging import page_of
from civic.tenancy.requests import TenantRequest
from matching.models import Guild
from matching.queries import RequestSearch, found_requests, public_requests
from matching.requests.forms import RequestSearchForm
from matching.requests.places import places, shifts_with_places


@kept_until_a_change
@require_safe
@allow(PUBLIC)
def guild(request: TenantRequest) -> HttpResponse:
    """What the guild is, who is looked for now, and how to join."""
    form = RequestSearchForm(request.GET if any(name != "page" for name in request.GET) else None)
    form.is_valid()
    context = {
        "guild": Guild.objects.first(),
        "form": form,
        "page": page_of(request, found_requests(form.search() if form.is_bound else RequestSearch())),
        "centre": centre_of_municipality(),
    }
    return render(request, "matching/guild.html", context)


@kept_until_a_change
@require_safe
@allow(PUBLIC)
def request_detail(request: TenantRequest, number: int) -> HttpResponse:
    """One request; a closed one too, for whoever kept its address."""
    help_request = get_object_or_404(public_requests(), pk=number)
    now = timezone.now()
    context = {
        "help_request": help_request,
        "shifts": [(shift, places(shift)) for shift in shifts_with_places(help_request) if shift.starts_at > now],
        "skills": help_request.skills.select_related("skill"),
        "centre": centre_of_municipality(),
    }
    return render(request, "matching/request_detail.html", context)
