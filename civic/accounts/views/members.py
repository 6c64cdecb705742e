"""Who works for the municipality: a manager's pages."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from civic.accounts import queries, services
from civic.accounts.forms import InvitationForm, RoleForm
from civic.accounts.models import Invitation
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import MANAGE_MEMBERS, allow
from civic.tenancy.urls import tenant_reverse


@require_safe
@allow(MANAGE_MEMBERS)
def member_list(request: MemberRequest) -> HttpResponse:
    return render(
        request,
        "accounts/office/member_list.html",
        {"members": queries.member_list(), "invitations": queries.unanswered_invitations()},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@allow(MANAGE_MEMBERS)
def invite(request: MemberRequest) -> HttpResponse:
    form = InvitationForm(request.POST or None)
    if form.is_valid():
        try:
            services.invite(**form.cleaned_data, invited_by=request.user)
        except ValidationError as refusal:
            form.add_error("email", refusal)
        else:
            messages.success(request, _("招待のメールを送ります。"))
            return _back_to_list()
    return render(request, "accounts/office/invite.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@allow(MANAGE_MEMBERS)
def change_role(request: MemberRequest, pk: int) -> HttpResponse:
    member = get_object_or_404(queries.member_list(), pk=pk)
    answers_for = member.departments.first()
    form = RoleForm(
        request.POST or None,
        initial={"role": member.role, "department": answers_for and answers_for.department_id},
    )
    if form.is_valid():
        try:
            services.change_role(member, **form.cleaned_data, by=request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("役割を変えました。"))
            return _back_to_list()
    return render(request, "accounts/office/change_role.html", {"member": member, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@allow(MANAGE_MEMBERS)
def end_membership(request: MemberRequest, pk: int) -> HttpResponse:
    member = get_object_or_404(queries.member_list(), pk=pk)
    if request.method == "POST":
        return _do(request, lambda: services.end_membership(member, request.user), _("利用を終わらせました。"))
    return render(request, "accounts/office/end_membership.html", {"member": member})


@require_POST
@allow(MANAGE_MEMBERS)
def resend_invitation(request: MemberRequest, pk: int) -> HttpResponse:
    invitation = get_object_or_404(Invitation, pk=pk)
    return _do(request, lambda: services.resend_invitation(invitation), _("招待のメールをもう一度送ります。"))


@require_POST
@allow(MANAGE_MEMBERS)
def revoke_invitation(request: MemberRequest, pk: int) -> HttpResponse:
    invitation = get_object_or_404(Invitation, pk=pk)
    return _do(request, lambda: services.revoke_invitation(invitation), _("招待を取り消しました。"))


def _do(request: MemberRequest, service: Callable[[], None], done: str) -> HttpResponse:
    """Do what a button asks, and say on the list what came of it."""
    try:
        service()
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, done)
    return _back_to_list()


def _back_to_list() -> HttpResponseRedirect:
    return redirect(tenant_reverse("member_list"))
