"""The work at the counter."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centres import services
from centres.forms import ConsultationForm, ConsultationSearchForm
from centres.models import Consultation, ConsultationContact
from centres.queries import consultations
from centres.rules import CONSULTATIONS
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.audit.services import record_viewing
from civic.paging import page_of
from civic.tenancy.urls import tenant_reverse


@require_safe
@allow(CONSULTATIONS)
def consultation_list(request: MemberRequest) -> HttpResponse:
    """The consultations, searched. A wrong filter is answered with 400, its field named and the others kept."""
    form = ConsultationSearchForm(request.GET)
    is_valid = form.is_valid()
    context = {"form": form, "page": page_of(request, consultations(form.search()))}
    return render(request, "centres/office/consultation_list.html", context, status=200 if is_valid else 400)


@require_safe
@allow(CONSULTATIONS)
def consultation_detail(request: MemberRequest, pk: int) -> HttpResponse:
    consultation = get_object_or_404(Consultation.objects.select_related("staff", "group"), pk=pk)
    record_viewing(request.user, consultation, _("相談の記録を読む"))
    context = {
        "consultation": consultation,
        "has_contact": ConsultationContact.objects.filter(consultation=consultation).exists(),
    }
    return render(request, "centres/office/consultation_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(CONSULTATIONS)
def consultation_new(request: MemberRequest) -> HttpResponse:
    form = ConsultationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        consultation = services.log_consultation(
            form.save(commit=False), form.cleaned_data["categories"], staff=request.user
        )
        messages.success(request, _("相談を記録しました。"))
        return redirect(tenant_reverse("centres:consultation_detail", pk=consultation.pk))
    return render(request, "centres/office/consultation_new.html", {"form": form}, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(CONSULTATIONS)
def consultation_edit(request: MemberRequest, pk: int) -> HttpResponse:
    consultation = get_object_or_404(Consultation, pk=pk)
    record_viewing(request.user, consultation, _("相談の記録を直す"))
    form = ConsultationForm(request.POST if request.method == "POST" else None, instance=consultation)
    if form.is_valid():
        services.correct_consultation(form.save(commit=False), form.cleaned_data["categories"])
        messages.success(request, _("相談の記録を直しました。"))
        return redirect(tenant_reverse("centres:consultation_detail", pk=consultation.pk))
    return render(
        request,
        "centres/office/consultation_edit.html",
        {"form": form, "consultation": consultation},
        status=400 if form.is_bound else 200,
    )
