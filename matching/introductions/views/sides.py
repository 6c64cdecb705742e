"""One side of a match, as whoever signed in for it sees it: the same pages for a supporter and for a group."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from centres.models import Group
from civic.accounts.requests import MemberRequest
from civic.audit.services import record_viewing
from civic.tenancy.urls import tenant_reverse
from matching.introductions import answering, withdrawing
from matching.introductions.asking import QUESTIONS, may_begin_again
from matching.introductions.disclosing import details_of, record_looked_at, skills_of
from matching.introductions.forms import AnswerForm, ReasonForm
from matching.introductions.letters import name_of
from matching.introductions.matches import others_of_pair
from matching.introductions.moving import Actor
from matching.models import TRANSITIONS, Match, MatchState, Side


@dataclass(frozen=True)
class Place:
    """A side of a match; `group` is the group that signed in for it, None for a supporter."""

    match: Match
    side: Side
    group: Group | None = None

    @property
    def other(self) -> Side:
        return Side.GROUP if self.side == Side.VOLUNTEER else Side.VOLUNTEER

    @property
    def other_name(self) -> str:
        return name_of(self.match, self.other)

    @property
    def is_asked(self) -> bool:
        return self.match.state == QUESTIONS[self.side].state

    @property
    def may_cancel(self) -> bool:
        # Who is asked says no by answering.
        return not self.is_asked and MatchState.CANCELLED in TRANSITIONS[MatchState(self.match.state)]

    @property
    def url(self) -> str:
        return self._address("")

    @property
    def answer_url(self) -> str:
        return self._address("_answer")

    @property
    def cancel_url(self) -> str:
        return self._address("_cancel")

    @property
    def contact_url(self) -> str:
        return self._address("_contact")

    @property
    def activity_url(self) -> str:
        """Where what came of it is told: hours, and a few words."""
        if self.group:
            return tenant_reverse("matching:group_activity", number=self.group.number)
        return tenant_reverse("matching:own_activity")

    @property
    def again_url(self) -> str:
        """Where whoever offers help applies once more, after they said no, withdrew or did not answer; empty where they
        cannot."""
        is_over = self.match.state == MatchState.LAPSED or may_begin_again(self.match, Actor.VOLUNTEER)
        is_open = self.match.request.is_open and not others_of_pair(self.match).filter(pk__gt=self.match.pk).exists()
        if self.side == Side.GROUP or not (is_over and is_open):
            return ""
        if self.group:
            url = tenant_reverse("matching:partner", number=self.group.number, wanted=self.match.request_id)
        else:
            url = tenant_reverse("matching:apply", number=self.match.request_id)
        return f"{url}?shift={self.match.shift_id}" if self.match.shift_id else url

    @property
    def list_url(self) -> str:
        if self.group:
            return tenant_reverse("matching:group_matches", number=self.group.number)
        return tenant_reverse("matching:own_matches")

    def _address(self, what: str) -> str:
        if self.group:
            return tenant_reverse(f"matching:group_match{what}", number=self.group.number, pk=self.match.pk)
        return tenant_reverse(f"matching:own_match{what}", pk=self.match.pk)


def show(request: MemberRequest, place: Place, form: AnswerForm | None = None) -> HttpResponse:
    """What is asked for, how it stands, and what the side can do now."""
    context = {
        "place": place,
        "match": place.match,
        "form": form or AnswerForm(),
        "skills": skills_of(place.match) if place.side == Side.GROUP else [],
        "steps": place.match.steps.all(),
    }
    return render(request, "matching/matches/match.html", context, status=400 if form else 200)


def answer(request: MemberRequest, place: Place) -> HttpResponse:
    """Take the answer of a side that signed in."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return show(request, place, form)
    try:
        answering.answer(place.match, place.side, form.is_yes, by=request.user, comment=form.cleaned_data["comment"])
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("お返事を受け付けました。ありがとうございます。"))
    return redirect(place.url)


def cancel(request: MemberRequest, place: Place) -> HttpResponse:
    """Ask why, and end the match."""
    if not place.may_cancel:
        messages.error(request, _("このマッチングは、取りやめられません。"))
        return redirect(place.url)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            withdrawing.cancel(
                place.match, actor=Actor(place.side), by=request.user, reason=form.cleaned_data["reason"]
            )
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
        else:
            messages.success(request, _("取りやめにしました。相手に知らせます。"))
        return redirect(place.url)
    context = {"place": place, "match": place.match, "form": form}
    return render(request, "matching/matches/cancel.html", context, status=400 if form.is_bound else 200)


def contact(request: MemberRequest, place: Place) -> HttpResponse:
    """Whom one was introduced to, as they agree at this moment. Whoever opens it is noted."""
    if not place.match.is_disclosed:
        raise Http404(_("このページはありません。"))
    details = details_of(place.match, place.other)
    if details:
        purpose = _("紹介された相手の連絡先を見る（マッチング%(number)s）") % {"number": place.match.pk}
        record_viewing(request.user, record_looked_at(place.match, place.other), purpose)
    context = {"place": place, "match": place.match, "details": details}
    return render(request, "matching/matches/contact.html", context)
