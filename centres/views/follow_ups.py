"""Those who are to be contacted today, or were to be before."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centres import services
from centres.forms import FollowUpForm
from centres.models import Consultation
from centres.queries import follow_ups_due
from centres.rules import CONSULTATIONS
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.paging import page_of
from civic.tenancy.urls import tenant_reverse


@require_safe
@allow(CONSULTATIONS)
def follow_up_list(request: MemberRequest) -> HttpResponse:
    """One's own; with `?of=all` everybody's, as when a colleague is away."""
    is_everybodys = request.GET.get("of") == "all"
    due = follow_ups_due(timezone.localdate()).select_related("staff", "group")
    context = {
        "page": page_of(request, due if is_everybodys else due.filter(staff=request.user)),
        "is_everybodys": is_everybodys,
    }
    return render(request, "centres/office/follow_up_list.html", context)


@require_POST
@allow(CONSULTATIONS)
def follow_up_done(request: MemberRequest, pk: int) -> HttpResponse:
    services.set_follow_up(get_object_or_404(Consultation, pk=pk), None)
    messages.success(request, _("連絡ずみにしました。"))
    return redirect(tenant_reverse("centres:follow_up_list"))


@require_http_methods(["GET", "HEAD", "POST"])
@allow(CONSULTATIONS)
def follow_up_postpone(request: MemberRequest, pk: int) -> HttpResponse:
    consultation = get_object_or_404(Consultation, pk=pk)
    form = FollowUpForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        services.set_follow_up(consultation, form.cleaned_data["day"])
        messages.success(request, _("連絡する日を延ばしました。"))
        return redirect(tenant_reverse("centres:follow_up_list"))
    context = {"form": form, "consultation": consultation}
    return render(request, "centres/office/follow_up_postpone.html", context, status=400 if form.is_bound else 200)
