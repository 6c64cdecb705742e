"""Joining: by anybody on the web, proved by a letter, and at the counter."""

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from civic.accounts.requests import MemberRequest
from civic.accounts.rules import PUBLIC, allow
from civic.tenancy.requests import TenantRequest
from civic.tenancy.urls import tenant_reverse
from matching.models import Supporter
from matching.rules import KEEPS_GUILD
from matching.supporters import services
from matching.supporters.forms.joining import JoinForm

form_view = require_http_methods(["GET", "HEAD", "POST"])


def _join(form: JoinForm, request: MemberRequest | None) -> Supporter:
    return services.join(
        form.save(commit=False),
        form.contact(),
        form.profile(),
        form.times_of_week(),
        form.purposes(),
        by=request.user if request else None,
    )


@form_view
@allow(PUBLIC)
def join(request: TenantRequest) -> HttpResponse:
    """The whole form on one page; nothing counts until the link of the letter is opened."""
    form = JoinForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        email = form.cleaned_data["email"]
        # The form writes to any address that is typed into it.
        if not ratelimit.consume(request, action="join_guild", key=email.lower()):
            refusal: HttpResponse = ratelimit.respond_429(request)
            return refusal
        _join(form, None)
        return render(request, "matching/joining/sent.html", {"email": email})
    return render(request, "matching/joining/join.html", {"form": form}, status=400 if form.is_bound else 200)


@form_view
@allow(KEEPS_GUILD)
def supporter_new(request: MemberRequest) -> HttpResponse:
    """The same form at the counter, with the signed paper in hand."""
    form = JoinForm(request.POST if request.method == "POST" else None, at_counter=True)
    if form.is_valid():
        supporter = _join(form, request)
        messages.success(request, _("登録しました。"))
        return redirect(tenant_reverse("matching:supporter_detail", pk=supporter.pk))
    return render(request, "matching/office/supporter_new.html", {"form": form}, status=400 if form.is_bound else 200)
