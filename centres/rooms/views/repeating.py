"""The same booking every week or month: what cannot be had is listed and left out, asked first."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from centres.rooms import services
from centres.rooms.booking_rules import occasions
from centres.rooms.forms import RepeatForm
from centres.rooms.queries import bookable_rooms
from centres.rooms.rules import BOOKS_ROOMS
from centres.rooms.views.bookings import groups_to_book_for
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.tenancy.urls import tenant_reverse


@require_http_methods(["GET", "HEAD", "POST"])
@allow(BOOKS_ROOMS)
def booking_repeat(request: MemberRequest, room: int) -> HttpResponse:
    """Ask for the days, show which of them can be had, and book those that were shown."""
    chosen = get_object_or_404(bookable_rooms(), pk=room)
    groups = groups_to_book_for(request)
    form = RepeatForm(request.POST if request.method == "POST" else None, room=chosen, groups=groups)
    context: dict[str, Any] = {"form": form, "room": chosen}
    if not form.is_valid():
        return render(request, "rooms/office/booking_repeat.html", context, status=400 if form.is_bound else 200)
    wanted = form.all_wanted()
    agreed = [one for one in wanted if one.day.isoformat() in request.POST.getlist("agreed")]
    if agreed:
        try:
            booked = services.book_several(agreed, request.user)
        except ValidationError as refusal:
            messages.warning(request, refusal.message)
        else:
            messages.success(request, _("%(count)s日分を申し込みました。") % {"count": len(booked)})
            return redirect(tenant_reverse("rooms:booking_list"))
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in ("csrfmiddlewaretoken", "agreed")
    ]
    context |= {"occasions": occasions(wanted), "typed": typed}
    return render(request, "rooms/office/booking_repeat_confirm.html", context)
