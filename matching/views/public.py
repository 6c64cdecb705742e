"""The guild as everybody sees it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from centres.queries import centre_of_municipality
from civic.accounts.rules import PUBLIC, allow
from civic.audit.kept_pages import kept_until_a_change
from civic.paging import page_of
from civic.tenancy.requests import TenantRequest
from matching.models import Guild
from matching.queries import open_requests, public_requests


@kept_until_a_change
@require_safe
@allow(PUBLIC)
def guild(request: TenantRequest) -> HttpResponse:
    """What the guild is, who is looked for now, and how to join."""
    context = {
        "guild": Guild.objects.first(),
        "page": page_of(request, open_requests()),
        "centre": centre_of_municipality(),
    }
    return render(request, "matching/guild.html", context)


@kept_until_a_change
@require_safe
@allow(PUBLIC)
def request_detail(request: TenantRequest, number: int) -> HttpResponse:
    """One request; a closed one too, for whoever kept its address."""
    help_request = get_object_or_404(public_requests(), pk=number)
    context = {"help_request": help_request, "centre": centre_of_municipality()}
    return render(request, "matching/request_detail.html", context)
