"""What was recorded of the rooms' use, and its corrections."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centres.forms import PeriodForm
from centres.rooms import services
from centres.rooms.forms import UseForm, UseSearchForm
from centres.rooms.models import Use
from centres.rooms.queries import first_fiscal_year_of_use, people_in, uses
from centres.rooms.rules import KEEPS_ROOMS
from centres.rooms.statistics import use_between
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.calendar import fiscal_year_of
from civic.paging import page_of
from civic.tenancy.urls import tenant_reverse


@require_safe
@allow(KEEPS_ROOMS)
def use_statistics(request: MemberRequest) -> HttpResponse:
    """A fiscal year, this one if none is asked for, or a month. A wrong answer is named and the year shown."""
    this_year = fiscal_year_of(timezone.localdate())
    years = range(this_year, min(first_fiscal_year_of_use() or this_year, this_year) - 1, -1)
    form = PeriodForm(request.GET or {"fiscal_year": this_year}, years=years)
    period = form.period()
    context = {"form": form, "period": period, "use": use_between(*period.days)}
    return render(request, "rooms/office/use_statistics.html", context, status=200 if form.is_valid() else 400)


@require_safe
@allow(KEEPS_ROOMS)
def use_list(request: MemberRequest) -> HttpResponse:
    """What was recorded, by month and place; its sum."""
    form = UseSearchForm(request.GET)
    is_valid = form.is_valid()
    found = uses(form.search())
    context = {"form": form, "page": page_of(request, found), "total": people_in(found)}
    return render(request, "rooms/office/use_list.html", context, status=200 if is_valid else 400)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_ROOMS)
def use_correct(request: MemberRequest, pk: int) -> HttpResponse:
    use = get_object_or_404(Use.objects.select_related("room", "booking__group"), pk=pk)
    form = UseForm(request.POST if request.method == "POST" else None, instance=use)
    if form.is_valid():
        services.correct_use(form.save(commit=False))
        messages.success(request, _("利用の記録を直しました。"))
        return redirect(tenant_reverse("rooms:use_list"))
    context = {"form": form, "use": use}
    return render(request, "rooms/office/use_correct.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_ROOMS)
def use_delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Delete a record of use that was a mistake, asked first."""
    use = get_object_or_404(Use.objects.select_related("room", "booking__group"), pk=pk)
    if request.method == "POST":
        services.delete_use(use)
        messages.success(request, _("利用の記録を消しました。"))
        return redirect(tenant_reverse("rooms:use_list"))
    return render(request, "rooms/office/use_delete.html", {"use": use})
