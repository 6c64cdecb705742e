"""What an invitation's link opens."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from civic.accounts import services
from civic.accounts.forms import RegistrationForm
from civic.accounts.models import Invitation, InvitationState, User
from civic.accounts.rules import PUBLIC, allow
from civic.accounts.tokens import invitation_of
from civic.tenancy.requests import TenantRequest


@never_cache
@sensitive_post_parameters("password", "repeated")
@require_http_methods(["GET", "HEAD", "POST"])
@allow(PUBLIC)
def accept(request: TenantRequest, token: str) -> HttpResponse:
    """Take up an invitation: as the account it is for, or with a new one. A link that opens nothing says why."""
    invitation = invitation_of(token)
    if invitation is None:
        return render(request, "accounts/invitation/unknown.html", status=404)
    if invitation.state is not InvitationState.OPEN:
        return _closed(request, invitation)
    try:
        if request.user.is_authenticated:
            return _join(request, invitation, request.user)
        if User.objects.filter(email=invitation.email).exists():
            return render(request, "accounts/invitation/sign_in.html", {"invitation": invitation})
        return _register(request, invitation)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return _closed(request, invitation)


def _closed(request: TenantRequest, invitation: Invitation) -> HttpResponse:
    return render(request, "accounts/invitation/closed.html", {"invitation": invitation}, status=410)


def _join(request: TenantRequest, invitation: Invitation, user: User) -> HttpResponse:
    if user.email != invitation.email:
        return render(request, "accounts/invitation/other_account.html", {"invitation": invitation}, status=403)
    if request.method != "POST":
        return render(request, "accounts/invitation/join.html", {"invitation": invitation})
    services.accept_invitation(invitation, user)
    messages.success(request, _("%(name)sの利用者になりました。") % {"name": request.municipality.name})
    return redirect("office_home", municipality=request.municipality.slug)


def _register(request: TenantRequest, invitation: Invitation) -> HttpResponse:
    form = RegistrationForm(request.POST or None, email=invitation.email)
    if not form.is_valid():
        return render(request, "accounts/invitation/register.html", {"invitation": invitation, "form": form})
    services.register_invited(invitation, form.cleaned_data["name"], form.cleaned_data["password"])
    messages.success(request, _("登録が終わりました。いま決めたパスワードでログインしてください。"))
    office = reverse("office_home", kwargs={"municipality": request.municipality.slug})
    return redirect(f"{reverse('account_login')}?{urlencode({'next': office})}")
