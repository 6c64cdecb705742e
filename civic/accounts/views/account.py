"""One's own account, and where to go from signing in."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from civic.accounts import queries
from civic.accounts.forms import NameForm, NewEmailForm
from civic.accounts.requests import SignedInRequest
from civic.accounts.rules import INTERRUPTED, SIGNED_IN, allow


@never_cache
@require_safe
@allow(SIGNED_IN)
def start(request: SignedInRequest) -> HttpResponse:
    """Lead on from signing in: back to what was interrupted, to the only place there is, or to a choice."""
    interrupted = request.session.pop(INTERRUPTED, None)
    if interrupted:
        return redirect(interrupted)
    memberships = list(queries.memberships_of(request.user))
    if not memberships and request.user.is_operator:
        return redirect("operator_home")
    if len(memberships) == 1 and not request.user.is_operator:
        return redirect("office_home", municipality=memberships[0].municipality.slug)
    return render(request, "accounts/start.html", {"memberships": memberships})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allow(SIGNED_IN)
def home(request: SignedInRequest) -> HttpResponse:
    form = NameForm(request.POST or None, instance=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, _("お名前を変えました。"))
        return redirect("account_home")
    return render(
        request,
        "accounts/home.html",
        {
            "form": form,
            "memberships": queries.memberships_of(request.user),
            "has_second_factor": queries.has_second_factor(request.user),
        },
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allow(SIGNED_IN)
@reauthentication_required
def change_email(request: SignedInRequest) -> HttpResponse:
    """Ask for another address; the old one holds until the link in the letter to the new one is opened."""
    form = NewEmailForm(data=request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        form.save(request)
        return redirect("account_home")
    return render(request, "accounts/change_email.html", {"form": form}, status=400 if form.is_bound else 200)


@never_cache
@require_safe
@allow(SIGNED_IN)
def second_factor(request: SignedInRequest) -> HttpResponse:
    """Say why a second factor is needed, and offer the kinds."""
    if queries.has_second_factor(request.user):
        return redirect("account_start")
    return render(request, "accounts/second_factor.html")
