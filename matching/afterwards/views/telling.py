"""What both sides do alike: write a few words about an activity that they were brought together for."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from civic.accounts.requests import MemberRequest
from matching.afterwards import services
from matching.afterwards.forms import FeedbackForm
from matching.models import Match, Side


def feedback(request: MemberRequest, match: Match, side: Side, back: str) -> HttpResponse:
    """Show the form for a few words of one side, with what it said before, or take them down."""
    given = match.feedbacks.filter(side=side).first()
    form = FeedbackForm(request.POST if request.method == "POST" else None, given=given, side=side)
    if form.is_valid():
        try:
            services.give_feedback(match, side, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("ありがとうございました。感想をセンターに届けました。"))
            return redirect(back)
    context = {"form": form, "match": match, "back": back}
    return render(request, "matching/afterwards/feedback.html", context, status=400 if form.is_bound else 200)


def attempt(request: MemberRequest, act: Callable[[], object], done: str, back: str) -> HttpResponse:
    """Do what a button asks for, say so or why not, and lead back."""
    try:
        act()
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, done)
    return redirect(back)
