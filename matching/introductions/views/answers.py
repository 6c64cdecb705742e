"""Answers by the link of a letter, without signing in.

Opening the link changes nothing, whoever opens it: a person, or a scanner of mail. The page names nobody by their own
name and has no contact details, for the trail of who looked at them could not say who it was.
"""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from centres.queries import centre_of_municipality
from civic.accounts.rules import PUBLIC, allow
from civic.tenancy.requests import TenantRequest
from civic.tenancy.urls import tenant_reverse
from matching.introductions import answering
from matching.introductions.asking import QUESTIONS
from matching.introductions.disclosing import skills_of
from matching.introductions.forms import AnswerForm
from matching.introductions.letters import name_of, own_page
from matching.introductions.tokens import link_of
from matching.models import Side


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allow(PUBLIC)
def answer(request: TenantRequest, token: str) -> HttpResponse:
    """What is asked, and the two buttons; or why there is nothing to answer any more, and where to go on."""
    link = link_of(token)
    if link is None:
        about = {"centre": centre_of_municipality()}
        return render(request, "matching/matches/answer_unusable.html", about, status=404)
    match, side = link.match, Side(link.side)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            answering.answer_by_link(link, form.is_yes, form.cleaned_data["comment"])
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
        else:
            messages.success(request, _("お返事を受け付けました。ありがとうございます。"))
        return redirect(tenant_reverse("matching:answer", token=token))
    context = {
        "link": link,
        "match": match,
        "is_volunteer": side == Side.VOLUNTEER,
        "is_expired": link.expires_at <= timezone.now(),
        "is_asked": match.state == QUESTIONS[side].state,
        "other_name": name_of(match, Side.GROUP if side == Side.VOLUNTEER else Side.VOLUNTEER),
        "skills": skills_of(match) if side == Side.GROUP else [],
        "own_page": own_page(match, side),
        "form": form,
        "centre": centre_of_municipality(),
    }
    return render(request, "matching/matches/answer.html", context, status=400 if form.is_bound else 200)
