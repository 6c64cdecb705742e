"""What the centre lends, and who has it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centres.rooms import services
from centres.rooms.forms import EquipmentForm, LoanForm
from centres.rooms.models import Equipment, Loan
from centres.rooms.queries import equipment, loans_out
from centres.rooms.rules import KEEPS_ROOMS
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.tenancy.urls import tenant_reverse


@require_safe
@allow(KEEPS_ROOMS)
def equipment_list(request: MemberRequest) -> HttpResponse:
    context = {"equipment": equipment(), "loans": loans_out(), "today": timezone.localdate()}
    return render(request, "rooms/office/equipment_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_ROOMS)
def equipment_new(request: MemberRequest) -> HttpResponse:
    return _equipment(request, Equipment())


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_ROOMS)
def equipment_edit(request: MemberRequest, pk: int) -> HttpResponse:
    return _equipment(request, get_object_or_404(Equipment, pk=pk))


def _equipment(request: MemberRequest, thing: Equipment) -> HttpResponse:
    form = EquipmentForm(request.POST if request.method == "POST" else None, instance=thing)
    if form.is_valid():
        services.keep_equipment(form.save(commit=False))
        messages.success(request, _("備品を保存しました。"))
        return redirect(tenant_reverse("rooms:equipment_list"))
    context = {"form": form, "thing": thing}
    return render(request, "rooms/office/equipment_edit.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_ROOMS)
def loan_new(request: MemberRequest, pk: int) -> HttpResponse:
    """Lend something out."""
    thing = get_object_or_404(Equipment, pk=pk)
    form = LoanForm(
        request.POST if request.method == "POST" else None,
        instance=Loan(equipment=thing),
        initial={"due_on": timezone.localdate()},
    )
    if form.is_valid():
        try:
            services.lend(form.save(commit=False), request.user)
        except ValidationError as refusal:
            form.add_error("quantity", refusal)
        else:
            messages.success(request, _("%(thing)sの貸出しを記録しました。") % {"thing": thing})
            return redirect(tenant_reverse("rooms:equipment_list"))
    context = {"form": form, "thing": thing}
    return render(request, "rooms/office/loan_new.html", context, status=400 if form.is_bound else 200)


@require_POST
@allow(KEEPS_ROOMS)
def loan_back(request: MemberRequest, pk: int) -> HttpResponse:
    loan = get_object_or_404(Loan.objects.select_related("equipment"), pk=pk)
    services.take_back(loan)
    messages.success(request, _("%(thing)sが返ったことを記録しました。") % {"thing": loan.equipment})
    return redirect(tenant_reverse("rooms:equipment_list"))
