"""Booking rooms, as the centre for anybody or as a group for itself."""

from contextlib import suppress
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centres.models import Group
from centres.registration.queries import groups_of
from centres.rooms import services
from centres.rooms.booking_rules import last_day_to_cancel
from centres.rooms.forms import BookingForm, BookingSearchForm, CancelForm
from centres.rooms.models import Booking, BookingStatus
from centres.rooms.queries import BookingSearch, bookable_rooms, booking_with_all, bookings
from centres.rooms.rules import BOOKS_ROOMS, KEEPS_ROOMS
from centres.rooms.views.calendar import calendar_context
from civic.accounts.queries import member_of
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow, may
from civic.paging import page_of
from civic.tenancy.urls import tenant_reverse


def own_groups(request: MemberRequest) -> list[Group] | None:
    """Return the groups for which the request's member books, None for the centre, which books for anybody."""
    membership = member_of(request)
    return None if may(KEEPS_ROOMS, membership) else list(groups_of(membership))


def groups_to_book_for(request: MemberRequest) -> list[Group] | None:
    """Return what `own_groups` does. Raises PermissionDenied where there is no group to book for."""
    groups = own_groups(request)
    if groups == []:
        raise PermissionDenied(_("予約は、登録団体の代表者ができます。あなたが代表する団体はありません。"))
    return groups


def _booking_of(request: MemberRequest, pk: int) -> Booking:
    """The booking, for the centre or for a group whose it is; raises Http404 else."""
    groups = own_groups(request)
    try:
        booking = booking_with_all(pk)
    except Booking.DoesNotExist:
        raise Http404(_("この予約はありません。")) from None
    if groups is not None and booking.group not in groups:
        raise Http404(_("この予約はありません。"))
    return booking


@require_safe
@allow(BOOKS_ROOMS)
def office_calendar(request: MemberRequest) -> HttpResponse:
    """When rooms are free, and where one may know it, whose they are."""
    context, is_valid = calendar_context(request)
    context["own_groups"] = own_groups(request)
    return render(request, "rooms/office/calendar.html", context, status=200 if is_valid else 400)


@require_safe
@allow(BOOKS_ROOMS)
def booking_list(request: MemberRequest) -> HttpResponse:
    """A group's own bookings; the centre's search over all of them."""
    groups = own_groups(request)
    if groups is not None:
        found = bookings(BookingSearch()).filter(group__in=groups).order_by("-day", "pk")
        return render(request, "rooms/office/own_bookings.html", {"page": page_of(request, found)})
    form = BookingSearchForm(request.GET)
    is_valid = form.is_valid()
    context = {"form": form, "page": page_of(request, bookings(form.search()).order_by("-day", "room", "pk"))}
    return render(request, "rooms/office/booking_list.html", context, status=200 if is_valid else 400)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(BOOKS_ROOMS)
def booking_new(request: MemberRequest, room: int) -> HttpResponse:
    """Book a room; `?day=` and `?band=` are offered, as the calendar gives them."""
    chosen = get_object_or_404(bookable_rooms(), pk=room)
    form = BookingForm(
        request.POST if request.method == "POST" else None,
        room=chosen,
        groups=groups_to_book_for(request),
        initial=_offered(request),
    )
    if form.is_valid():
        try:
            booking = services.book(form.wanted(), request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            is_wish = booking.status == BookingStatus.WISHED
            messages.success(request, _("抽選に申し込みました。") if is_wish else _("予約しました。"))
            return redirect(tenant_reverse("rooms:booking_detail", pk=booking.pk))
    context = {"form": form, "room": chosen}
    return render(request, "rooms/office/booking_new.html", context, status=400 if form.is_bound else 200)


def _offered(request: MemberRequest) -> dict[str, Any]:
    """What the address offers; what is no day or number is left out."""
    offered: dict[str, Any] = {"people": None}
    with suppress(ValueError):
        offered["day"] = date.fromisoformat(request.GET.get("day", ""))
    if request.GET.get("band", "").isdecimal():
        offered["bands"] = [request.GET["band"]]
    return offered


@require_safe
@allow(BOOKS_ROOMS)
def booking_detail(request: MemberRequest, pk: int) -> HttpResponse:
    booking = _booking_of(request, pk)
    context = {"booking": booking, "own_groups": own_groups(request), "last_day_to_cancel": last_day_to_cancel(booking)}
    return render(request, "rooms/office/booking_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(BOOKS_ROOMS)
def booking_give_back(request: MemberRequest, pk: int) -> HttpResponse:
    """A group cancels its own booking, asked first."""
    booking = _booking_of(request, pk)
    if request.method == "POST":
        try:
            services.give_back(booking, request.user)
        except ValidationError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("取り消しました。"))
        return redirect(tenant_reverse("rooms:booking_detail", pk=pk))
    return render(request, "rooms/office/booking_give_back.html", {"booking": booking})


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_ROOMS)
def booking_cancel(request: MemberRequest, pk: int) -> HttpResponse:
    """The centre cancels a booking and says why."""
    booking = _booking_of(request, pk)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.cancel(booking, form.cleaned_data["because"], request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("予約を取り消しました。"))
            return redirect(tenant_reverse("rooms:booking_detail", pk=pk))
    context = {"form": form, "booking": booking}
    return render(request, "rooms/office/booking_cancel.html", context, status=400 if form.is_bound else 200)
