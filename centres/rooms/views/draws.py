"""Draws among the wishes of a first day: waiting, held, and checked again."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centres.rooms import services
from centres.rooms.models import BookingStatus, Draw
from centres.rooms.queries import bookable_rooms, draw_again, draws, months_awaiting_draw, wishes_of, wishes_of_month
from centres.rooms.rules import KEEPS_ROOMS
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.paging import page_of
from civic.tenancy.urls import tenant_reverse


@require_safe
@allow(KEEPS_ROOMS)
def draw_list(request: MemberRequest) -> HttpResponse:
    context = {"waiting": months_awaiting_draw(), "page": page_of(request, draws())}
    return render(request, "rooms/office/draw_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_ROOMS)
def draw_hold(request: MemberRequest, room: int, year: int, month: int) -> HttpResponse:
    """Hold a draw now instead of tomorrow morning, asked first."""
    chosen = get_object_or_404(bookable_rooms(), pk=room)
    try:
        first = date(year, month, 1)
    except (ValueError, OverflowError):
        raise Http404(_("この月はありません。")) from None
    if request.method == "POST":
        try:
            held = services.hold_draw(chosen, first, request.user)
        except ValidationError as refusal:
            messages.error(request, refusal.message)
            return redirect(tenant_reverse("rooms:draw_list"))
        messages.success(request, _("抽選しました。結果をメールで送ります。"))
        return redirect(tenant_reverse("rooms:draw_detail", pk=held.pk))
    context = {"room": chosen, "month": first, "wishes": wishes_of_month(chosen, first)}
    return render(request, "rooms/office/draw_hold.html", context)


@require_safe
@allow(KEEPS_ROOMS)
def draw_detail(request: MemberRequest, pk: int) -> HttpResponse:
    """What a draw granted, and whether drawing again by its seed grants the same."""
    held = get_object_or_404(Draw.objects.select_related("room", "drawn_by"), pk=pk)
    wishes = list(wishes_of(held))
    granted = {wish.pk for wish in wishes if wish.status != BookingStatus.LOST}
    context = {
        "draw": held,
        "wishes": [(wish, wish.pk in granted) for wish in wishes],
        "comes_out_the_same": draw_again(held, wishes) == granted,
    }
    return render(request, "rooms/office/draw_detail.html", context)
