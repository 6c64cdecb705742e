"""The rooms themselves: their rules, and how their day is divided."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centres.rooms import services
from centres.rooms.forms import BandForm, Division, NewRoomForm, RoomForm
from centres.rooms.models import Room, RoomBand
from centres.rooms.queries import all_rooms
from centres.rules import SETTLE_RULES
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.tenancy.urls import tenant_reverse


@require_safe
@allow(SETTLE_RULES)
def room_list(request: MemberRequest) -> HttpResponse:
    return render(request, "rooms/office/room_list.html", {"rooms": all_rooms()})


@require_http_methods(["GET", "HEAD", "POST"])
@allow(SETTLE_RULES)
def room_new(request: MemberRequest) -> HttpResponse:
    form = NewRoomForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        room = services.add_room(form.save(commit=False), Division(form.cleaned_data["division"]).bands)
        messages.success(request, _("部屋を加えました。"))
        return redirect(tenant_reverse("rooms:room_edit", room=room.pk))
    return render(request, "rooms/office/room_new.html", {"form": form}, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(SETTLE_RULES)
def room_edit(request: MemberRequest, room: int) -> HttpResponse:
    """A room's rules, and the bands of its day."""
    chosen = get_object_or_404(all_rooms(), pk=room)
    form = RoomForm(request.POST if request.method == "POST" else None, instance=chosen)
    if form.is_valid():
        services.change_room(form.save(commit=False))
        messages.success(request, _("部屋のきまりを変えました。"))
        return redirect(tenant_reverse("rooms:room_list"))
    context = {"form": form, "room": chosen}
    return render(request, "rooms/office/room_edit.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(SETTLE_RULES)
def band_new(request: MemberRequest, room: int) -> HttpResponse:
    return _band(request, RoomBand(room=get_object_or_404(Room, pk=room)))


@require_http_methods(["GET", "HEAD", "POST"])
@allow(SETTLE_RULES)
def band_edit(request: MemberRequest, pk: int) -> HttpResponse:
    return _band(request, get_object_or_404(RoomBand.objects.select_related("room"), pk=pk))


def _band(request: MemberRequest, band: RoomBand) -> HttpResponse:
    form = BandForm(request.POST if request.method == "POST" else None, instance=band)
    if form.is_valid():
        services.keep_band(form.save(commit=False))
        messages.success(request, _("時間の区分を保存しました。"))
        return redirect(tenant_reverse("rooms:room_edit", room=band.room_id))
    context = {"form": form, "band": band}
    return render(request, "rooms/office/band.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(SETTLE_RULES)
def band_delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a band out of a room's day, asked first."""
    band = get_object_or_404(RoomBand.objects.select_related("room"), pk=pk)
    if request.method == "POST":
        try:
            services.remove_band(band)
        except ValidationError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("時間の区分を消しました。"))
        return redirect(tenant_reverse("rooms:room_edit", room=band.room_id))
    return render(request, "rooms/office/band_delete.html", {"band": band})
