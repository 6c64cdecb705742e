"""What a supporter begins and takes back, with all that follows for introductions."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from civic.accounts.models import InvitationState
from civic.accounts.queries import member_of
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import PUBLIC, allow, may
from civic.accounts.tokens import token_of
from civic.tenancy.requests import TenantRequest
from civic.tenancy.urls import tenant_reverse
from matching.introductions import receiving, withdrawing
from matching.models import ConsentPurpose, SupporterStatus
from matching.rules import KEEPS_GUILD, KEEPS_HELP
from matching.supporters import services
from matching.supporters.forms.joining import ConsentsForm
from matching.supporters.forms.profile import LeaveForm
from matching.supporters.tokens import supporter_of
from matching.supporters.views.records import back_to, form_page, supporter_or_404

form_view = require_http_methods(["GET", "HEAD", "POST"])


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
            receiving.confirm(supporter)
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
            return redirect(tenant_reverse("matching:guild"))
        messages.success(request, _("登録しました。ありがとうございます。"))
        if supporter.invitation and supporter.invitation.state is InvitationState.OPEN:
            # The address is proved: no need to wait for the invitation's own letter.
            invited = {"municipality": request.municipality.slug, "token": token_of(supporter.invitation)}
            return redirect(reverse("invitation_accept", kwargs=invited))
        return redirect(tenant_reverse("matching:own_help" if supporter.membership_id else "matching:guild"))
    context = {
        "supporter": supporter,
        "is_invited": bool(supporter.invitation and supporter.invitation.state is InvitationState.OPEN),
    }
    return render(request, "matching/joining/confirm.html", context)


@form_view
@allow(KEEPS_HELP)
def supporter_consents(request: MemberRequest, pk: int) -> HttpResponse:
    """What is agreed to, purpose by purpose."""
    supporter = supporter_or_404(request, pk)
    given = set(supporter.consents.filter(withdrawn_at=None).values_list("purpose", flat=True))
    is_staff = may(KEEPS_GUILD, member_of(request))
    form = ConsentsForm(request.POST if request.method == "POST" else None, given=given, at_counter=is_staff)
    if form.is_valid():
        wanted = form.purposes()
        for purpose in wanted - given:
            services.give_consent(supporter, purpose, on_paper=is_staff)
        for withdrawn in given - wanted:
            withdrawing.withdraw_consent(supporter, ConsentPurpose(withdrawn), by=request.user)
        messages.success(request, _("同意を保存しました。"))
        return back_to(supporter)
    explanation = _(
        "しるしを外して保存すると、その時から、知らせなくなります。"
        "「団体に紹介される」を外すと、決まっている活動も取りやめになり、団体にお知らせします。"
    )
    return form_page(
        request, supporter, form, title=_("同意していること"), submit=_("保存する"), explanation=explanation
    )


@form_view
@allow(KEEPS_HELP)
def supporter_leave(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask twice, by a page of its own and a box to tick, then end it."""
    supporter = supporter_or_404(request, pk)
    is_staff = may(KEEPS_GUILD, member_of(request))
    form = LeaveForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            withdrawing.leave(supporter, by=request.user)
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
        else:
            messages.success(request, _("退会しました。これまで、ありがとうございました。"))
        return redirect(tenant_reverse("matching:supporter_list" if is_staff else "matching:guild"))
    explanation = _(
        "退会すると、すべての同意がすぐに取りやめになり、団体からは見えなくなります。決まっている活動も取りやめになります。"
        "呼び名は「退会した方」に変わります。しばらく休むだけのときは、「休む」をお使いください。"
    )
    return form_page(
        request, supporter, form, title=_("退会する"), submit=_("退会する"), explanation=explanation, danger="yes"
    )
