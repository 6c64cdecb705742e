"""What everybody may see of the rooms: when they are free, and nobody's name."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from centres.rooms.views.calendar import calendar_context
from civic.accounts.rules import PUBLIC, allow
from civic.audit.kept_pages import kept_until_a_change
from civic.tenancy.requests import TenantRequest


@kept_until_a_change
@require_safe
@allow(PUBLIC)
def calendar(request: TenantRequest) -> HttpResponse:
    """When rooms are free. A wrong filter is answered with 400, its field named and the others kept."""
    context, is_valid = calendar_context(request)
    return render(request, "rooms/calendar.html", context, status=200 if is_valid else 400)
