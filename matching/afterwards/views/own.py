"""A supporter's own activity: what they did, told day by day, and the certificate of a year."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from civic.accounts.queries import member_of
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.paging import page_of
from civic.tenancy.urls import tenant_reverse
from matching.afterwards import services
from matching.afterwards.queries import activities_of, activity_in, confirmed_days
from matching.afterwards.views import telling
from matching.models import Match, Participation, Side
from matching.rules import KEEPS_OWN_HELP
from matching.supporters.queries import supporters_of


def _match_or_404(request: MemberRequest, pk: int) -> Match:
    return get_object_or_404(activities_of(supporters_of(member_of(request))), pk=pk)


def _back() -> str:
    return tenant_reverse("matching:own_activity")


@require_safe
@allow(KEEPS_OWN_HELP)
def own_activity(request: MemberRequest) -> HttpResponse:
    """What a supporter did, the newest first, with the confirmed hours of a fiscal year."""
    supporters = supporters_of(member_of(request))
    form = telling.year_form(request, supporters)
    year = form.asked_for()
    context = {
        "form": form,
        "year": year,
        "activity": activity_in(confirmed_days(supporters, year)),
        "supporters": supporters,
        "page": page_of(request, activities_of(supporters)),
    }
    return render(request, "matching/afterwards/own_activity.html", context, status=200 if form.is_valid() else 400)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_OWN_HELP)
def tell_day(request: MemberRequest, pk: int) -> HttpResponse:
    """Write down a day of activity."""
    return telling.day(request, _match_or_404(request, pk), _back())


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_OWN_HELP)
def take_back_day(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask, then delete a day that was written by mistake and is not confirmed."""
    own = activities_of(supporters_of(member_of(request))).order_by()
    told = get_object_or_404(Participation.objects.select_related("match__request"), pk=pk, match__in=own.values("pk"))
    return telling.removal(request, told, services.take_back, _back())


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_OWN_HELP)
def own_feedback(request: MemberRequest, pk: int) -> HttpResponse:
    return telling.feedback(request, _match_or_404(request, pk), Side.VOLUNTEER, _back())


@require_POST
@allow(KEEPS_OWN_HELP)
def own_certificate(request: MemberRequest, supporter: int, fiscal_year: int) -> HttpResponse:
    """Have the certificate of a year made, and show how far it is."""
    own = get_object_or_404(supporters_of(member_of(request)), pk=supporter)
    return telling.certificate(request, own, fiscal_year, _back())
