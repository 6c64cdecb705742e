"""The operator's pages: municipalities and the invitation of their managers, and nobody's records."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from civic.accounts import queries, services
from civic.accounts.forms import ManagerInvitationForm, MunicipalityForm
from civic.accounts.requests import SignedInRequest
from civic.accounts.rules import OPERATOR, allow
from civic.paging import page_of
from civic.tenancy.models import Municipality


@require_safe
@allow(OPERATOR)
def home(request: SignedInRequest) -> HttpResponse:
    wanted = request.GET.get("q", "").strip()
    page = page_of(request, queries.municipalities_with_managers(wanted))
    return render(request, "accounts/operator/home.html", {"page": page, "wanted": wanted})


@require_http_methods(["GET", "HEAD", "POST"])
@allow(OPERATOR)
def add_municipality(request: SignedInRequest) -> HttpResponse:
    form = MunicipalityForm(request.POST or None)
    if form.is_valid():
        municipality = form.save()
        messages.success(request, _("%(name)sを登録しました。館長を招待してください。") % {"name": municipality.name})
        return redirect("operator_invite_manager", slug=municipality.slug)
    return render(request, "accounts/operator/municipality.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@allow(OPERATOR)
def edit_municipality(request: SignedInRequest, slug: str) -> HttpResponse:
    municipality = get_object_or_404(Municipality, slug=slug)
    form = MunicipalityForm(request.POST or None, instance=municipality)
    if form.is_valid():
        form.save()
        messages.success(request, _("%(name)sの内容を変えました。") % {"name": municipality.name})
        return redirect("operator_home")
    return render(request, "accounts/operator/municipality.html", {"form": form, "municipality": municipality})


@require_http_methods(["GET", "HEAD", "POST"])
@allow(OPERATOR)
def invite_manager(request: SignedInRequest, slug: str) -> HttpResponse:
    municipality = get_object_or_404(Municipality, slug=slug)
    form = ManagerInvitationForm(request.POST or None)
    if form.is_valid():
        try:
            services.invite_manager(municipality, form.cleaned_data["email"], request.user)
        except ValidationError as refusal:
            form.add_error("email", refusal)
        else:
            messages.success(request, _("招待のメールを送ります。"))
            return redirect("operator_home")
    return render(request, "accounts/operator/invite_manager.html", {"form": form, "municipality": municipality})
