"""The staff's work on applications."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centres.registration import entries, services
from centres.registration.forms import ApplicationForm, CorrectionForm, ReasonForm, SendBackForm
from centres.registration.merging import alike_to
from centres.registration.models import OPEN, Application, ApplicationKind, ApplicationState
from centres.registration.queries import application_with_steps, applications, registration_rule
from centres.registration.rules import KEEPS_REGISTER
from centres.registration.views.exchange import sent_with
from civic.accounts.queries import member_of
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.audit.services import record_viewing
from civic.paging import page_of
from civic.tenancy.urls import tenant_reverse


@require_safe
@allow(KEEPS_REGISTER)
def application_list(request: MemberRequest) -> HttpResponse:
    """What waits to be done; with `?of=all` everything that ever reached the centre."""
    is_everything = request.GET.get("of") == "all"
    waiting = [state for state in OPEN if state != ApplicationState.UNCONFIRMED] + [ApplicationState.APPROVED]
    found = applications() if is_everything else applications(waiting)
    context = {"page": page_of(request, found), "is_everything": is_everything}
    return render(request, "registration/office/application_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_REGISTER)
def application_new(request: MemberRequest) -> HttpResponse:
    """An application that somebody makes at the counter."""
    form = ApplicationForm(*sent_with(request), at_counter=True)
    if form.is_valid():
        name, email = form.cleaned_data["representative_name"], form.cleaned_data["representative_email"]
        application = services.apply_at_counter(form.answers(), name, email, form.papers(), by=request.user)
        messages.success(request, _("申込みを受け付けました。"))
        return redirect(tenant_reverse("registration:application_detail", pk=application.pk))
    context = {"form": form, "rule": registration_rule()}
    return render(request, "registration/office/application_new.html", context, status=400 if form.is_bound else 200)


def _application_or_404(pk: int) -> Application:
    try:
        return application_with_steps(pk)
    except Application.DoesNotExist:
        raise Http404(_("この申込みはありません。")) from None


@require_safe
@allow(KEEPS_REGISTER)
def application_detail(request: MemberRequest, pk: int) -> HttpResponse:
    """All of an application, beside the entry as it is, and what can be done with it."""
    application = _application_or_404(pk)
    record_viewing(request.user, application, _("団体登録の申込みを確かめる"))
    before = entries.entry_of(application.group) if application.group and application.is_open else None
    context = {
        "application": application,
        "lines": entries.lines(before, application.answers),
        "has_before": before is not None,
        "own": entries.own_lines(application.answers),
        "registration": getattr(application, "registration", None),
        "alike": alike_to(application.name) if application.kind == ApplicationKind.NEW and application.is_open else [],
    }
    return render(request, "registration/office/application_detail.html", context)


def _done(request: MemberRequest, pk: int, do: Callable[[], object], words: str) -> HttpResponse:
    """Do what was asked and lead back to the application; where it cannot be done, say why."""
    try:
        do()
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, words)
    return redirect(tenant_reverse("registration:application_detail", pk=pk))


@require_POST
@allow(KEEPS_REGISTER)
def begin_review(request: MemberRequest, pk: int) -> HttpResponse:
    application = _application_or_404(pk)
    return _done(request, pk, lambda: services.begin_review(application, by=request.user), _("審査をはじめました。"))


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_REGISTER)
def send_back(request: MemberRequest, pk: int) -> HttpResponse:
    application = _application_or_404(pk)
    form = SendBackForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        return _done(
            request, pk, lambda: services.send_back(application, reason, by=request.user), _("差し戻しました。")
        )
    context = {"application": application, "form": form}
    return render(request, "registration/office/send_back.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_REGISTER)
def refuse(request: MemberRequest, pk: int) -> HttpResponse:
    application = _application_or_404(pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        return _done(
            request, pk, lambda: services.refuse(application, reason, by=request.user), _("不承認にしました。")
        )
    context = {"application": application, "form": form}
    return render(request, "registration/office/refuse.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_REGISTER)
def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask first: a withdrawn application does not come back."""
    application = _application_or_404(pk)
    if request.method == "POST":
        return _done(request, pk, lambda: services.withdraw(application, by=request.user), _("取り下げにしました。"))
    return render(request, "registration/office/withdraw.html", {"application": application})


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_REGISTER)
def correct(request: MemberRequest, pk: int) -> HttpResponse:
    """Correct at the counter what was sent back, for who has no mail."""
    application = _application_or_404(pk)
    form = CorrectionForm(*sent_with(request))
    form.offer(application.answers | {"representative_name": application.representative_name})
    if form.is_valid():
        answers, name = form.answers(), form.cleaned_data["representative_name"]
        return _done(
            request,
            pk,
            lambda: services.correct(application, answers, name, form.papers(), by=request.user),
            _("直した申込みを受け付けました。"),
        )
    context = {"application": application, "form": form, "rule": registration_rule()}
    return render(request, "registration/office/correct.html", context, status=400 if form.is_bound else 200)


@require_POST
@allow(KEEPS_REGISTER)
def approve(request: MemberRequest, pk: int) -> HttpResponse:
    """Approve; and, where the box is ticked, publish at once."""
    application = _application_or_404(pk)
    membership = member_of(request)

    def grant() -> None:
        services.approve(application, by=membership)
        if request.POST.get("publish"):
            services.publish(application, by=request.user)

    return _done(request, pk, grant, _("承認しました。"))


@require_POST
@allow(KEEPS_REGISTER)
def publish(request: MemberRequest, pk: int) -> HttpResponse:
    application = _application_or_404(pk)
    return _done(request, pk, lambda: services.publish(application, by=request.user), _("公開しました。"))
