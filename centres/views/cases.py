"""A consultation on its own page, with all that came after it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centres import queries, services
from centres.forms import EntryForm, ReferralForm
from centres.models import Consultation, ConsultationContact, ConsultationEntry, Referral
from centres.rules import CONSULTATIONS
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.audit.services import record_viewing
from civic.tenancy.urls import tenant_reverse


def _case(pk: int) -> Consultation:
    try:
        return queries.case(pk)
    except Consultation.DoesNotExist:
        raise Http404 from None


def _page(request: MemberRequest, consultation: Consultation, form: EntryForm) -> HttpResponse:
    record_viewing(request.user, consultation, _("相談の記録を読む"))
    context = {
        "consultation": consultation,
        "form": form,
        "has_contact": ConsultationContact.objects.filter(consultation=consultation).exists(),
    }
    return render(request, "centres/office/consultation_detail.html", context, status=400 if form.is_bound else 200)


def _back_to(consultation_id: int) -> HttpResponse:
    return redirect(tenant_reverse("centres:consultation_detail", pk=consultation_id))


@require_safe
@allow(CONSULTATIONS)
def consultation_detail(request: MemberRequest, pk: int) -> HttpResponse:
    consultation = _case(pk)
    return _page(request, consultation, EntryForm(instance=ConsultationEntry(consultation=consultation)))


@never_cache
@require_POST
@allow(CONSULTATIONS)
def entry_add(request: MemberRequest, pk: int) -> HttpResponse:
    """Record a later contact, from the form on the consultation's page."""
    consultation = _case(pk)
    form = EntryForm(request.POST, instance=ConsultationEntry(consultation=consultation))
    if not form.is_valid():
        return _page(request, consultation, form)
    services.add_entry(form.save(commit=False), follow_up_on=form.cleaned_data["follow_up_on"], staff=request.user)
    messages.success(request, _("やりとりを記録しました。"))
    return _back_to(pk)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(CONSULTATIONS)
def entry_edit(request: MemberRequest, pk: int) -> HttpResponse:
    entry = get_object_or_404(ConsultationEntry.objects.select_related("consultation"), pk=pk)
    record_viewing(request.user, entry.consultation, _("相談の記録を直す"))
    form = EntryForm(request.POST if request.method == "POST" else None, instance=entry)
    if form.is_valid():
        services.correct_entry(form.save(commit=False), follow_up_on=form.cleaned_data["follow_up_on"])
        messages.success(request, _("やりとりを直しました。"))
        return _back_to(entry.consultation_id)
    context = {"entry": entry, "form": form}
    return render(request, "centres/office/entry_edit.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(CONSULTATIONS)
def entry_delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Asked first."""
    entry = get_object_or_404(ConsultationEntry.objects.select_related("consultation", "staff"), pk=pk)
    if request.method == "POST":
        entry.delete()
        messages.success(request, _("やりとりを消しました。"))
        return _back_to(entry.consultation_id)
    record_viewing(request.user, entry.consultation, _("相談の記録を読む"))
    return render(request, "centres/office/entry_delete.html", {"entry": entry})


@require_http_methods(["GET", "HEAD", "POST"])
@allow(CONSULTATIONS)
def referral_new(request: MemberRequest, pk: int) -> HttpResponse:
    consultation = get_object_or_404(Consultation, pk=pk)
    form = ReferralForm(
        request.POST if request.method == "POST" else None, instance=Referral(consultation=consultation)
    )
    if form.is_valid():
        services.refer(form.save(commit=False), staff=request.user)
        messages.success(request, _("つないだ先を記録しました。"))
        return _back_to(pk)
    context = {"consultation": consultation, "form": form}
    return render(request, "centres/office/referral_new.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(CONSULTATIONS)
def referral_delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Asked first."""
    referral = get_object_or_404(Referral.objects.select_related("consultation", "group"), pk=pk)
    if request.method == "POST":
        referral.delete()
        messages.success(request, _("つないだ先を消しました。"))
        return _back_to(referral.consultation_id)
    return render(request, "centres/office/referral_delete.html", {"referral": referral})
