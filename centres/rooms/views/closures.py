"""Days on which rooms are closed, for repairs or in a storm."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centres.rooms import services
from centres.rooms.forms import ClosureForm
from centres.rooms.models import Closure
from centres.rooms.queries import bookings_within, closures
from centres.rooms.rules import KEEPS_ROOMS
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.tenancy.urls import tenant_reverse


@require_safe
@allow(KEEPS_ROOMS)
def closure_list(request: MemberRequest) -> HttpResponse:
    return render(request, "rooms/office/closure_list.html", {"closures": closures(timezone.localdate())})


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_ROOMS)
def closure_new(request: MemberRequest) -> HttpResponse:
    """Close a room. Where something is booked then, it is shown first and asked whether to cancel it."""
    form = ClosureForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        closure: Closure = form.save(commit=False)
        seen = {int(pk) for pk in request.POST.getlist("seen") if pk.isdecimal()}
        try:
            services.close(closure, seen, request.user)
        except ValidationError as refusal:
            # Nothing is seen yet when the form is sent for the first time.
            if seen:
                messages.warning(request, refusal.message)
            typed = [item for item in request.POST.items() if item[0] not in ("csrfmiddlewaretoken", "seen")]
            context = {"closure": closure, "bookings": bookings_within(closure), "typed": typed}
            return render(request, "rooms/office/closure_confirm.html", context)
        messages.success(request, _("休みにしました。"))
        return redirect(tenant_reverse("rooms:closure_list"))
    return render(request, "rooms/office/closure_new.html", {"form": form}, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_ROOMS)
def closure_delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Open again, asked first."""
    closure = get_object_or_404(Closure.objects.select_related("room"), pk=pk)
    if request.method == "POST":
        services.reopen(closure)
        messages.success(request, _("休みを取りやめました。"))
        return redirect(tenant_reverse("rooms:closure_list"))
    return render(request, "rooms/office/closure_delete.html", {"closure": closure})
