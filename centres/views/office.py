"""The work at the counter."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centres import services
from centres.forms import ConsultationForm, ConsultationSearchForm
from centres.models import Consultation, ConsultationDraft
from centres.queries import consultations, last_logged, similar_consultations
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


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allow(CONSULTATIONS)
def consultation_new(request: MemberRequest) -> HttpResponse:
    """Log a consultation: what was left unfinished is there again, else what is likely is offered."""
    form = ConsultationForm(request.POST if request.method == "POST" else None)
    draft = ConsultationDraft.objects.filter(staff=request.user).first()
    if draft:
        form.offer(draft.typed)
    elif last := last_logged(request.user, timezone.localdate()):
        form.initial.update(method=last.method, asker_kind=last.asker_kind)
    if form.is_valid():
        consultation = services.log_consultation(
            form.save(commit=False), form.cleaned_data["categories"], staff=request.user
        )
        messages.success(request, _("相談を記録しました。"))
        return redirect(tenant_reverse("centres:consultation_detail", pk=consultation.pk))
    context = {"form": form, "draft": draft, "similar": _similar(draft.typed) if draft else []}
    return render(request, "centres/office/consultation_new.html", context, status=400 if form.is_bound else 200)


@require_POST
@allow(CONSULTATIONS)
def draft_save(request: MemberRequest) -> HttpResponse:
    """Keep what has been typed so far. Answered, for htmx, with the words that say so and earlier cases like it."""
    typed = {name: [value.replace("\0", "") for value in values] for name, values in request.POST.lists()}
    typed.pop("csrfmiddlewaretoken", None)
    services.save_draft(request.user, typed)
    context = {"saved_at": timezone.now(), "similar": _similar(typed)}
    return render(request, "centres/office/draft_saved.html", context)


def _similar(typed: dict[str, list[str]]) -> QuerySet[Consultation]:
    return similar_consultations(" ".join(word for name in ("summary", "content") for word in typed.get(name, [])))


@require_POST
@allow(CONSULTATIONS)
def draft_discard(request: MemberRequest) -> HttpResponse:
    services.discard_draft(request.user)
    messages.success(request, _("書きかけの入力を消しました。"))
    return redirect(tenant_reverse("centres:consultation_new"))


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
