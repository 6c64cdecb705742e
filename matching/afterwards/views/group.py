"""A group's part afterwards: who helped, on which days, and that what was asked for is done."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centres.models import Group
from centres.registration.queries import groups_of
from centres.registration.rules import KEEPS_OWN_GROUP
from civic.accounts.queries import member_of
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.paging import page_of
from civic.tenancy.urls import tenant_reverse
from matching.afterwards import services
from matching.afterwards.queries import activities_for
from matching.afterwards.views import telling
from matching.models import Match, Participation, Side


def _group_or_404(request: MemberRequest, number: int) -> Group:
    return get_object_or_404(groups_of(member_of(request)), number=number)


def _match_or_404(request: MemberRequest, number: int, pk: int) -> Match:
    return get_object_or_404(activities_for(_group_or_404(request, number)), pk=pk)


def _back(number: int) -> str:
    return tenant_reverse("matching:group_activity", number=number)


@require_safe
@allow(KEEPS_OWN_GROUP)
def group_activity(request: MemberRequest, number: int) -> HttpResponse:
    """Who helped the group, the newest first, with the days that wait to be confirmed."""
    group = _group_or_404(request, number)
    context = {"group": group, "page": page_of(request, activities_for(group))}
    return render(request, "matching/afterwards/group_activity.html", context)


@require_POST
@allow(KEEPS_OWN_GROUP)
def confirm_day(request: MemberRequest, number: int, pk: int) -> HttpResponse:
    own = activities_for(_group_or_404(request, number)).order_by()
    day = get_object_or_404(Participation, pk=pk, match__in=own.values("pk"))
    return telling.attempt(
        request, lambda: services.confirm(day, by=request.user), _("活動を確認しました。"), _back(number)
    )


@require_POST
@allow(KEEPS_OWN_GROUP)
def complete_activity(request: MemberRequest, number: int, pk: int) -> HttpResponse:
    match = _match_or_404(request, number, pk)
    return telling.attempt(
        request,
        lambda: services.complete(match, by=request.user),
        _("活動を完了にしました。ありがとうございました。"),
        _back(number),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_OWN_GROUP)
def miss_activity(request: MemberRequest, number: int, pk: int) -> HttpResponse:
    """Ask, then note that somebody did not come."""
    match = _match_or_404(request, number, pk)
    if request.method != "POST":
        context = {"group": match.request.group, "match": match, "back": _back(number)}
        return render(request, "matching/afterwards/miss_activity.html", context)
    return telling.attempt(
        request,
        lambda: services.miss(match, by=request.user),
        _("当日来なかったことを、センターに知らせました。"),
        _back(number),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_OWN_GROUP)
def group_feedback(request: MemberRequest, number: int, pk: int) -> HttpResponse:
    return telling.feedback(request, _match_or_404(request, number, pk), Side.GROUP, _back(number))
