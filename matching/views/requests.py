"""How a request goes on, with all that follows for introductions: handed in, checked, called off."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from civic.accounts.queries import member_of
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow, may
from matching.introductions import receiving, withdrawing
from matching.introductions.moving import Actor
from matching.models import HelpRequest
from matching.requests.forms import CancelForm, RequestForm, SendBackForm
from matching.requests.queries import asks_for
from matching.requests.views import back_to, form_page, request_or_404
from matching.rules import ASKS_FOR_HELP, KEEPS_GUILD

form_view = require_http_methods(["GET", "HEAD", "POST"])


def _do(request: MemberRequest, asked: HelpRequest, service: Callable[[], None], done: str) -> HttpResponse:
    try:
        service()
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, done)
    return back_to(asked)


def _is_staff(request: MemberRequest) -> bool:
    return may(KEEPS_GUILD, member_of(request))


@form_view
@allow(ASKS_FOR_HELP)
def request_edit(request: MemberRequest, number: int) -> HttpResponse:
    """Correct a request, public or not; the places that are taken stay."""
    asked = request_or_404(request, number)
    form = RequestForm(
        request.POST if request.method == "POST" else None, instance=asked, groups=asks_for(member_of(request))
    )
    if form.is_valid():
        is_to_be_read = form.has_changed() and not _is_staff(request)
        try:
            receiving.correct(
                form.save(commit=False), form.wanted_skills(), by=request.user, is_to_be_read=is_to_be_read
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("保存しました。"))
            return back_to(asked)
    return form_page(request, form, _("募集を直す"), asked=request_or_404(request, number))


@require_POST
@allow(ASKS_FOR_HELP)
def request_submit(request: MemberRequest, number: int) -> HttpResponse:
    """Hand a request in to be checked."""
    asked = request_or_404(request, number)
    done = _("確認をお願いしました。センターの職員が確かめて、公開します。")
    return _do(request, asked, lambda: receiving.hand_in(asked, by=request.user), done)


@require_POST
@allow(KEEPS_GUILD)
def request_open(request: MemberRequest, number: int) -> HttpResponse:
    """Make public what was checked, or what staff wrote themselves."""
    asked = request_or_404(request, number)
    return _do(request, asked, lambda: receiving.open_request(asked, by=request.user), _("公開しました。"))


@form_view
@allow(KEEPS_GUILD)
def request_send_back(request: MemberRequest, number: int) -> HttpResponse:
    """Ask the group to put something right."""
    asked = request_or_404(request, number)
    form = SendBackForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        return _do(request, asked, lambda: receiving.send_back(asked, reason, by=request.user), _("差し戻しました。"))
    return form_page(request, form, _("差し戻す"), asked=asked, submit=_("差し戻す"))


@form_view
@allow(ASKS_FOR_HELP)
def request_cancel(request: MemberRequest, number: int) -> HttpResponse:
    """Ask why, then call a request off, and tell everybody who was asked."""
    asked = request_or_404(request, number)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        actor = Actor.STAFF if _is_staff(request) else Actor.GROUP

        def call_off() -> None:
            withdrawing.cancel_request(asked, by=request.user, reason=reason, actor=actor)

        return _do(request, asked, call_off, _("募集を取りやめました。"))
    return form_page(request, form, _("募集を取りやめる"), asked=asked, submit=_("取りやめる"), danger=True)
