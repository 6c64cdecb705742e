"""What a group that has no account sees: what registration needs, the form, and its application by a private link."""

from allauth.core import ratelimit
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centres.registration import services
from centres.registration.forms import ApplicationForm, CorrectionForm
from centres.registration.models import Application, ApplicationKind, ApplicationState, RequiredPaper
from centres.registration.queries import registration_rule
from centres.registration.tokens import application_of
from centres.registration.views.exchange import pdf_of, sent_with
from civic.accounts.rules import PUBLIC, allow
from civic.tenancy.requests import TenantRequest
from civic.tenancy.urls import tenant_reverse


@require_safe
@allow(PUBLIC)
def guide(request: TenantRequest) -> HttpResponse:
    """What registration gives a group and what it needs."""
    return render(
        request, "registration/guide.html", {"rule": registration_rule(), "papers": RequiredPaper.objects.all()}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@allow(PUBLIC)
def apply(request: TenantRequest) -> HttpResponse:
    """The application, taken down until its mail's link is opened."""
    form = ApplicationForm(*sent_with(request))
    if form.is_valid():
        email = form.cleaned_data["representative_email"]
        # The form writes to any address that is typed into it.
        if not ratelimit.consume(request, action="apply_for_registration", key=email.lower()):
            refusal: HttpResponse = ratelimit.respond_429(request)
            return refusal
        services.apply(form.answers(), form.cleaned_data["representative_name"], email, form.papers())
        return render(request, "registration/sent.html", {"email": email})
    context = {"form": form, "rule": registration_rule()}
    return render(request, "registration/apply.html", context, status=400 if form.is_bound else 200)


def _application_or_404(token: str) -> Application:
    application = application_of(token)
    if application is None:
        raise Http404(_("このアドレスの申込みはありません。日がたって消えたか、アドレスが途中で切れています。"))
    return application


@never_cache
@require_safe
@allow(PUBLIC)
def application(request: TenantRequest, token: str) -> HttpResponse:
    """Where an application stands, for whoever has its link."""
    found = _application_or_404(token)
    context = {"application": found, "token": token, "steps": found.steps.all()}
    return render(request, "registration/application.html", context)


@require_POST
@allow(PUBLIC)
def confirm(request: TenantRequest, token: str) -> HttpResponse:
    """Whoever opened the mail's link says that the application is theirs."""
    services.confirm(_application_or_404(token))
    messages.success(request, _("申込みを受け付けました。センターの職員が確かめて、メールでお知らせします。"))
    return redirect(tenant_reverse("registration:application", token=token))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allow(PUBLIC)
def correct(request: TenantRequest, token: str) -> HttpResponse:
    """Correct what was sent back, and hand it in again."""
    found = _application_or_404(token)
    if found.state != ApplicationState.SENT_BACK:
        return redirect(tenant_reverse("registration:application", token=token))
    form = CorrectionForm(*sent_with(request), for_renewal=found.kind == ApplicationKind.RENEWAL)
    form.offer(found.answers | {"representative_name": found.representative_name})
    if form.is_valid():
        services.correct(found, form.answers(), form.cleaned_data["representative_name"], form.papers(), by=None)
        messages.success(request, _("直した申込みを出しました。センターの職員が確かめて、メールでお知らせします。"))
        return redirect(tenant_reverse("registration:application", token=token))
    context = {"application": found, "token": token, "form": form, "step": found.steps.last()}
    return render(request, "registration/correct.html", context, status=400 if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allow(PUBLIC)
def withdraw(request: TenantRequest, token: str) -> HttpResponse:
    """Ask first, then ask for nothing any more."""
    found = _application_or_404(token)
    if request.method == "POST":
        try:
            services.withdraw(found, by=None)
            messages.success(request, _("申込みを取り下げました。"))
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
        return redirect(tenant_reverse("registration:application", token=token))
    return render(request, "registration/withdraw.html", {"application": found, "token": token})


@never_cache
@require_safe
@allow(PUBLIC)
def certificate(request: TenantRequest, token: str) -> HttpResponse:
    """The certificate of the registration that came of an application."""
    return pdf_of(getattr(_application_or_404(token), "registration", None))
