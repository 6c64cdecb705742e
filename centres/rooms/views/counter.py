"""How many people use the rooms, counted at the counter."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from centres.rooms import services
from centres.rooms.forms import CountForm, PeopleForm
from centres.rooms.models import Booking
from centres.rooms.queries import UseSearch, bookings_to_count, last_counted, people_in, rooms_in_use, uses
from centres.rooms.rules import KEEPS_ROOMS
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.tenancy.urls import tenant_reverse


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_ROOMS)
def counter(request: MemberRequest) -> HttpResponse:
    """Today's use: a number and Enter count whoever has come in; each booking of today has a number of its own."""
    today = timezone.localdate()
    last = last_counted(today)
    offered = last.room if last else rooms_in_use().order_by("is_bookable", "position", "pk").first()
    form = CountForm(request.POST if request.method == "POST" else None, initial={"room": offered})
    if form.is_valid():
        use = services.record_use(form.cleaned_data["room"], form.cleaned_data["people"], request.user)
        messages.success(request, _("%(room)s %(people)s人を記録しました。") % {"room": use.room, "people": use.people})
        return redirect(tenant_reverse("rooms:counter"))
    recorded = uses(UseSearch(since=today, until=today))
    context = {
        "form": form,
        "today": today,
        "bookings": bookings_to_count(today),
        "uses": recorded,
        "total": people_in(recorded),
        "has_rooms": offered is not None,
    }
    return render(request, "rooms/office/counter.html", context, status=400 if form.is_bound else 200)


@require_POST
@allow(KEEPS_ROOMS)
def count_booking(request: MemberRequest, pk: int) -> HttpResponse:
    """Record how many came with a booking."""
    booking = get_object_or_404(Booking.objects.select_related("room"), pk=pk)
    form = PeopleForm(request.POST)
    try:
        if form.is_valid():
            services.record_use(booking.room, form.cleaned_data["people"], request.user, booking)
            messages.success(request, _("%(room)sの利用を記録しました。") % {"room": booking.room})
        else:
            messages.error(request, " ".join(map(str, form.errors["people"])))
    except ValidationError as refusal:
        messages.error(request, refusal.message)
    here = tenant_reverse("rooms:counter")
    is_today = booking.day == timezone.localdate()
    return redirect(here if is_today else tenant_reverse("rooms:booking_detail", pk=pk))
