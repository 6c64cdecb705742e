"""Activity as staff keep it: for who has no own page, for the centre's own requests, and to put right."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from civic.accounts.queries import member_of
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.audit.services import record_viewing
from civic.tenancy.urls import tenant_reverse
from matching.afterwards import services
from matching.afterwards.queries import activity_in, confirmed_days
from matching.afterwards.views import telling
from matching.models import Match, Participation, Supporter, SupporterContact
from matching.rules import KEEPS_GUILD
from matching.supporters.queries import supporters_for


def _day_or_404(pk: int) -> Participation:
    return get_object_or_404(Participation.objects.select_related("match__request"), pk=pk)


def _back(match_id: int) -> str:
    return tenant_reverse("matching:match", pk=match_id)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_GUILD)
def day_of_match(request: MemberRequest, pk: int) -> HttpResponse:
    """Write down a day of activity as a supporter tells it by telephone or at the counter."""
    match = get_object_or_404(Match.objects.select_related("request"), pk=pk, supporter__isnull=False)
    return telling.day(request, match, _back(pk))


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_GUILD)
def day_edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Put a day right, confirmed or not."""
    told = _day_or_404(pk)
    return telling.day(request, told.match, _back(told.match_id), told=told)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_GUILD)
def day_remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask, then delete a day, confirmed or not."""
    told = _day_or_404(pk)
    return telling.removal(request, told, services.remove, _back(told.match_id))


@require_POST
@allow(KEEPS_GUILD)
def day_confirm(request: MemberRequest, pk: int) -> HttpResponse:
    """Confirm a day for the centre, or for a group that says so by telephone."""
    told = _day_or_404(pk)
    return telling.attempt(
        request, lambda: services.confirm(told, by=request.user), _("活動を確認しました。"), _back(told.match_id)
    )


def _supporter_or_404(request: MemberRequest, pk: int) -> Supporter:
    return get_object_or_404(supporters_for(member_of(request)), pk=pk)


@require_safe
@allow(KEEPS_GUILD)
def supporter_activity(request: MemberRequest, pk: int) -> HttpResponse:
    """What somebody did in a fiscal year, day by day as it was confirmed."""
    supporter = _supporter_or_404(request, pk)
    one = Supporter.objects.filter(pk=pk)
    form = telling.year_form(request, one)
    year = form.asked_for()
    days = confirmed_days(one, year)
    context = {"supporter": supporter, "form": form, "year": year, "activity": activity_in(days), "days": days}
    return render(
        request, "matching/afterwards/supporter_activity.html", context, status=200 if form.is_valid() else 400
    )


@require_POST
@allow(KEEPS_GUILD)
def supporter_certificate(request: MemberRequest, pk: int, fiscal_year: int) -> HttpResponse:
    """Have the certificate made for whoever comes to the counter for it. It bears their name: the look is noted."""
    supporter = _supporter_or_404(request, pk)
    contact = SupporterContact.objects.filter(supporter=supporter).first()
    if contact:
        record_viewing(request.user, contact, _("活動証明書を作る"))
    back = tenant_reverse("matching:supporter_activity", pk=pk)
    return telling.certificate(request, supporter, fiscal_year, back)
