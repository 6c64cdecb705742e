"""Joining: by anybody on the web, proved by a letter, and at the counter."""

from allauth.core import ratelimit
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from civic.accounts.models import InvitationState
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import PUBLIC, allow
from civic.accounts.tokens import token_of as token_of_invitation
from civic.tenancy.requests import TenantRequest
from civic.tenancy.urls import tenant_reverse
from matching.models import Supporter, SupporterStatus
from matching.rules import KEEPS_GUILD
from matching.supporters import services
from matching.supporters.forms import JoinForm
from matching.supporters.tokens import supporter_of

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


@never_cache
@form_view
@allow(PUBLIC)
def join_confirm(request: TenantRequest, token: str) -> HttpResponse:
    """Whoever opened the letter's link says that the registration is theirs, and is led to pages of their own."""
    supporter = supporter_of(token)
    if supporter is None or supporter.status == SupporterStatus.LEFT:
        raise Http404(_("このアドレスの登録はありません。日がたって消えたか、アドレスが途中で切れています。"))
    if request.method == "POST":
        try:
            services.confirm(supporter)
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
            return redirect(tenant_reverse("matching:guild"))
        messages.success(request, _("登録しました。ありがとうございます。"))
        supporter.refresh_from_db()
        if supporter.invitation and supporter.invitation.state is InvitationState.OPEN:
            # The address is proved: no need to wait for the invitation's own letter.
            invited = {"municipality": request.municipality.slug, "token": token_of_invitation(supporter.invitation)}
            return redirect(reverse("invitation_accept", kwargs=invited))
        return redirect(tenant_reverse("matching:own_help" if supporter.membership_id else "matching:guild"))
    return render(request, "matching/joining/confirm.html", {"supporter": supporter})


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
