"""Introductions as staff see them: all that happened, all that was written, and what can be done next."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from civic.accounts.models import User
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.audit.services import record_viewing
from civic.paging import page_of
from civic.tenancy.urls import tenant_reverse
from matching.introductions import answering, asking, letters, withdrawing
from matching.introductions.forms import CommentForm, ReasonForm, StateForm
from matching.introductions.matches import match_with_history, matches, matches_for_staff, others_of_pair
from matching.introductions.moving import Actor
from matching.models import TRANSITIONS, GuildLetter, HelpRequest, Match, MatchState, Side, Supporter
from matching.rules import KEEPS_GUILD

State = MatchState


@dataclass(frozen=True)
class Step:
    """Something that staff can do with a match in some of its states."""

    label: Any
    states: list[MatchState]
    do: Callable[[Match, User, str], Match | None]
    """Returns the match that begins by it, where one does."""


def _answer(side: Side, yes: bool) -> Callable[[Match, User, str], None]:
    def do(match: Match, by: User, comment: str) -> None:
        answering.answer(match, side, yes, actor=Actor.STAFF, by=by, comment=comment)

    return do


# By the word that a form sends. Staff answer for whoever told them, and for the centre's own requests.
STEPS = {
    "ask": Step(
        gettext_lazy("手伝いをお願いする"),
        [State.PROPOSED, State.WAITING, State.LAPSED],
        lambda match, by, comment: asking.ask_volunteer(match, by=by, comment=comment),
    ),
    "ask_group": Step(
        gettext_lazy("募集した側に、もう一度たずねる"),
        [State.LAPSED],
        lambda match, by, _comment: asking.ask_group(match, by=by),
    ),
    "volunteer_yes": Step(
        gettext_lazy("手伝う側の「はい」を入力する"),
        [State.PROPOSED, State.VOLUNTEER_ASKED],
        _answer(Side.VOLUNTEER, True),
    ),
    "volunteer_no": Step(
        gettext_lazy("手伝う側の「いいえ」を入力する"),
        [State.VOLUNTEER_ASKED, State.WAITING],
        _answer(Side.VOLUNTEER, False),
    ),
    "group_yes": Step(gettext_lazy("募集した側の「はい」を入力する"), [State.GROUP_ASKED], _answer(Side.GROUP, True)),
    "group_no": Step(gettext_lazy("募集した側の「いいえ」を入力する"), [State.GROUP_ASKED], _answer(Side.GROUP, False)),
    "begin": Step(
        gettext_lazy("活動が始まった"),
        [State.INTRODUCED],
        lambda match, by, _comment: answering.begin(match, actor=Actor.STAFF, by=by),
    ),
    "complete": Step(
        gettext_lazy("活動が終わった"),
        [State.INTRODUCED, State.ACTIVE],
        lambda match, by, _comment: answering.complete(match, actor=Actor.STAFF, by=by),
    ),
    "miss": Step(
        gettext_lazy("当日来なかった"),
        [State.INTRODUCED, State.ACTIVE],
        lambda match, by, comment: answering.miss(match, actor=Actor.STAFF, by=by, comment=comment),
    ),
    "reopen": Step(
        gettext_lazy("まちがいだったので、活動中にもどす"),
        [State.COMPLETED, State.NO_SHOW],
        lambda match, by, comment: answering.reopen(match, by=by, comment=comment),
    ),
    "again": Step(
        gettext_lazy("理由を書いて、もう一度候補にする"),
        [State.VOLUNTEER_NO, State.CANCELLED],
        lambda match, by, comment: asking.propose_again(match, by=by, comment=comment),
    ),
}


def _is_next(step: Step, match: Match) -> bool:
    if step is STEPS["ask_group"] and match.state == State.LAPSED:
        return asking.was_group_silent(match)
    if step in (STEPS["complete"], STEPS["miss"]) and match.is_to_come:
        return False
    if step is STEPS["again"] and others_of_pair(match).filter(pk__gt=match.pk).exists():
        return False
    return match.state in step.states


def _to(match: Match) -> HttpResponse:
    return redirect(tenant_reverse("matching:match", pk=match.pk))


def _match_or_404(pk: int) -> Match:
    return get_object_or_404(matches(), pk=pk)


@require_safe
@allow(KEEPS_GUILD)
def match_list(request: MemberRequest) -> HttpResponse:
    """All matches, or those in one state. A wrong filter is answered with 400 and left out."""
    form = StateForm(request.GET)
    is_valid = form.is_valid()
    found = matches_for_staff(form.cleaned_data.get("state", ""))
    context = {"form": form, "page": page_of(request, found)}
    return render(request, "matching/office/match_list.html", context, status=200 if is_valid else 400)


@require_safe
@allow(KEEPS_GUILD)
def request_matches(request: MemberRequest, number: int) -> HttpResponse:
    """Everybody who was proposed for a request, and how each stands."""
    help_request = get_object_or_404(HelpRequest.objects.select_related("group"), pk=number)
    context = {"help_request": help_request, "page": page_of(request, matches().filter(request=help_request))}
    return render(request, "matching/office/request_matches.html", context)


@require_safe
@allow(KEEPS_GUILD)
def supporter_matches(request: MemberRequest, pk: int) -> HttpResponse:
    """Everything that a supporter was proposed for."""
    supporter = get_object_or_404(Supporter, pk=pk)
    context = {"supporter": supporter, "page": page_of(request, matches().filter(supporter=supporter))}
    return render(request, "matching/office/supporter_matches.html", context)


@never_cache
@require_safe
@allow(KEEPS_GUILD)
def match(request: MemberRequest, pk: int) -> HttpResponse:
    """One match: how it came here, what was written to whom, and what can be done next."""
    try:
        found = match_with_history(pk)
    except Match.DoesNotExist:
        raise Http404(_("このマッチングはありません。")) from None
    context = {
        "match": found,
        "steps": [(word, step.label) for word, step in STEPS.items() if _is_next(step, found)],
        "others": others_of_pair(found),
        "may_cancel": State.CANCELLED in TRANSITIONS[State(found.state)],
        "form": CommentForm(),
        "calls": [side for side in Side if _number_to_call(found, side)],
    }
    return render(request, "matching/office/match.html", context)


@require_POST
@allow(KEEPS_GUILD)
def match_step(request: MemberRequest, pk: int) -> HttpResponse:
    """Do the next step with a match: the one whose button was pressed."""
    found = _match_or_404(pk)
    step = STEPS.get(request.POST.get("step", ""))
    form = CommentForm(request.POST)
    if step is None or not form.is_valid():
        messages.error(request, _("この操作はできません。"))
        return _to(found)
    try:
        found = step.do(found, request.user, form.cleaned_data["comment"]) or found
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("「%(state)s」になりました。") % {"state": found.get_state_display()})
    return _to(found)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_GUILD)
def match_cancel(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask why, and end a match for both sides."""
    found = _match_or_404(pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            withdrawing.cancel(found, actor=Actor.STAFF, by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
        else:
            messages.success(request, _("取りやめにしました。両方に知らせます。"))
        return _to(found)
    context = {"match": found, "form": form}
    return render(request, "matching/office/match_cancel.html", context, status=400 if form.is_bound else 200)


def _number_to_call(match: Match, side: Side) -> str:
    """The number by which a side is told what cannot wait: the day's, or a supporter's who agreed to be called."""
    if side == Side.GROUP:
        return match.request.responsible_phone
    if match.supporter and withdrawing.may_be_called(match.supporter):
        return str(match.supporter.contact.phone) if hasattr(match.supporter, "contact") else ""
    return ""


@never_cache
@require_safe
@allow(KEEPS_GUILD)
def match_call(request: MemberRequest, pk: int, side: str) -> HttpResponse:
    """The number of one side, for what cannot wait. Whoever opens it is noted."""
    found = _match_or_404(pk)
    phone = _number_to_call(found, Side(side)) if side in Side.values else ""
    if not phone:
        raise Http404(_("このページはありません。"))
    is_volunteer = side == Side.VOLUNTEER
    record = found.supporter.contact if is_volunteer and found.supporter else found.request
    record_viewing(request.user, record, _("急な連絡のため電話番号を見る（マッチング%(number)s）") % {"number": pk})
    name = letters.name_of(found, Side(side)) if is_volunteer else found.request.responsible_name
    return render(request, "matching/office/match_call.html", {"match": found, "phone": phone, "name": name})


@require_safe
@allow(KEEPS_GUILD)
def letter(request: MemberRequest, pk: int) -> HttpResponse:
    """A letter as it was sent, without its secret link; and what to do about one that may not have arrived."""
    found = get_object_or_404(GuildLetter.objects.select_related("match__request", "supporter", "request"), pk=pk)
    context = {"letter": found, "is_uncertain": found.queue_entries.filter(done_at=None).exists()}
    return render(request, "matching/office/letter.html", context)


@require_POST
@allow(KEEPS_GUILD)
def letter_send_again(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(GuildLetter, pk=pk)
    letters.send_again(found, by=request.user)
    messages.success(request, _("もう一度送ります。"))
    return redirect(tenant_reverse("matching:letter", pk=pk))


@require_POST
@allow(KEEPS_GUILD)
def letter_told(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(GuildLetter, pk=pk)
    letters.told(found, by=request.user)
    messages.success(request, _("電話などで伝えたことを記録しました。"))
    return redirect(tenant_reverse("matching:letter", pk=pk))
