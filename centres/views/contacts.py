"""How to reach the person who asked: shown to nobody who has not said what for."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from centres import services
from centres.forms import ContactForm, OpenContactForm, OpeningPurpose, RetentionForm
from centres.models import Consultation, ConsultationContact
from centres.queries import retention_rule
from centres.rules import CONSULTATIONS, SETTLE_RULES
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.audit.services import record_viewing
from civic.tenancy.urls import tenant_reverse


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allow(CONSULTATIONS)
def contact_open(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask what for; once that is said, note it and show the contact."""
    contact = get_object_or_404(ConsultationContact.objects.select_related("consultation"), consultation=pk)
    form = OpenContactForm(request.POST if request.method == "POST" else None)
    context = {"consultation": contact.consultation, "months": retention_rule().months}
    if form.is_valid():
        record_viewing(request.user, contact, str(OpeningPurpose(form.cleaned_data["purpose"]).label))
        return render(
            request,
            "centres/office/contact_edit.html",
            context | {"form": ContactForm(instance=contact), "is_kept": True},
        )
    return render(
        request, "centres/office/contact_open.html", context | {"form": form}, status=400 if form.is_bound else 200
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allow(CONSULTATIONS)
def contact_edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Write down a contact. One that is kept already is opened first, so that a GET never shows it."""
    consultation = get_object_or_404(Consultation, pk=pk)
    contact = ConsultationContact.objects.filter(consultation=consultation).first()
    if contact and request.method != "POST":
        return redirect(tenant_reverse("centres:contact_open", pk=pk))
    form = ContactForm(
        request.POST if request.method == "POST" else None,
        instance=contact or ConsultationContact(consultation=consultation),
    )
    if form.is_valid():
        is_kept = services.keep_contact(form.save(commit=False))
        messages.success(request, _("連絡先を保存しました。") if is_kept else _("連絡先は残していません。"))
        return redirect(tenant_reverse("centres:consultation_detail", pk=pk))
    context = {
        "consultation": consultation,
        "form": form,
        "months": retention_rule().months,
        "is_kept": contact is not None,
    }
    return render(request, "centres/office/contact_edit.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(SETTLE_RULES)
def retention(request: MemberRequest) -> HttpResponse:
    """For how long contacts are kept."""
    form = RetentionForm(request.POST if request.method == "POST" else None, instance=retention_rule())
    if form.is_valid():
        form.save()
        messages.success(request, _("保存する期間を変えました。"))
        return redirect(tenant_reverse("centres:retention"))
    return render(request, "centres/office/retention.html", {"form": form}, status=400 if form.is_bound else 200)
