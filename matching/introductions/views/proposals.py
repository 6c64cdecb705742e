"""The week's proposal: made in a press, looked through, and sent by another."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from civic.accounts.queries import member_of
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.jobs.services import start_once
from civic.paging import page_of
from civic.tenancy.urls import tenant_reverse
from matching.introductions import proposing
from matching.models import Proposal, ProposalLine
from matching.rules import KEEPS_GUILD


@require_safe
@allow(KEEPS_GUILD)
def proposal(request: MemberRequest) -> HttpResponse:
    """The proposal that waits to be looked through, or the last that was sent."""
    found = proposing.current_proposal()
    lines = proposing.lines_of(found) if found else ProposalLine.objects.none()
    page = page_of(request, lines, 50)
    is_sent = found is not None and found.sent_at is not None
    candidates = [None] * len(page) if is_sent else proposing.as_candidates(page)
    context = {
        "proposal": found,
        "page": page,
        "pairs": zip(page, candidates, strict=True),
        "left_in": lines.filter(is_taken_out=False).count(),
        "asked": lines.filter(match__isnull=False).count(),
    }
    return render(request, "matching/office/proposal.html", context)


@require_POST
@allow(KEEPS_GUILD)
def proposal_make(request: MemberRequest) -> HttpResponse:
    job = start_once(proposing.MAKE, {"by": request.user.pk}, requested_by=member_of(request))
    return redirect(tenant_reverse("jobs:job_detail", number=job.pk))


@require_POST
@allow(KEEPS_GUILD)
def proposal_line(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a line out, or in again with `back`; and return to its place on the page."""
    line = get_object_or_404(ProposalLine, pk=pk)
    try:
        proposing.take_out(line, is_taken_out="back" not in request.POST)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    page = request.POST.get("page", "")
    query = f"?page={page}" if page.isascii() and page.isdigit() else ""
    return redirect(f"{tenant_reverse('matching:proposal')}{query}#line-{line.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_GUILD)
def proposal_send(request: MemberRequest, pk: int) -> HttpResponse:
    """Asked first: whoever was asked cannot be un-asked."""
    found = get_object_or_404(Proposal, pk=pk)
    if found.sent_at or found.discarded_at:
        return _is_over(request)
    if request.method == "POST":
        parameters = {"proposal": found.pk, "by": request.user.pk}
        job = start_once(proposing.SEND, parameters, requested_by=member_of(request))
        return redirect(tenant_reverse("jobs:job_detail", number=job.pk))
    left_in = found.lines.filter(is_taken_out=False)
    context = {"left_in": left_in.count(), "people": left_in.values("supporter").distinct().count()}
    return render(request, "matching/office/proposal_send.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_GUILD)
def proposal_discard(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Proposal, pk=pk)
    if found.sent_at or found.discarded_at:
        return _is_over(request)
    if request.method != "POST":
        return render(request, "matching/office/proposal_discard.html", {"proposal": found})
    try:
        proposing.discard(found)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("提案を捨てました。だれにも頼んでいません。"))
    return redirect(tenant_reverse("matching:proposal"))


def _is_over(request: MemberRequest) -> HttpResponse:
    """Lead whoever pressed twice, or came back, to how things stand."""
    messages.info(request, _("この提案は、もう送ったか、捨てたものです。"))
    return redirect(tenant_reverse("matching:proposal"))
