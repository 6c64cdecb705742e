"""The queue of what needs a hand."""

from datetime import datetime

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.calendar import era_date
from civic.paging import page_of
from civic.tenancy.urls import tenant_reverse
from matching.introductions import queue
from matching.introductions.queries import all_entries, queue_entries
from matching.models import QueueEntry, QueueKind
from matching.rules import KEEPS_GUILD
from matching.supporters.queries import guild_rule

WHAT_TO_DO = {
    QueueKind.CHECK_REQUEST: gettext_lazy("内容を読み、公開するか、直していただくかを決めます。"),
    QueueKind.REREAD_REQUEST: gettext_lazy(
        "公開中の募集を、団体が直しました。読んで、気になるところを団体に伝えます。"
    ),
    QueueKind.FIND_PEOPLE: gettext_lazy("候補の人を見て、手伝いをお願いします。"),
    QueueKind.GREET_SUPPORTER: gettext_lazy("お礼を伝え、できることと動ける時間を確かめます。"),
    QueueKind.VOLUNTEER_SILENT: gettext_lazy("電話などで気持ちを聞きます。むずかしいときは、ほかの人をさがします。"),
    QueueKind.GROUP_SILENT: gettext_lazy("電話などで、団体に返事をお願いします。"),
    QueueKind.PLACE_FREED: gettext_lazy("空きを待つ人や、ほかの候補の人に声をかけます。"),
    QueueKind.LETTER_UNCERTAIN: gettext_lazy("相手に届いたかを確かめ、届いていなければ伝えます。"),
    QueueKind.NO_SHOW: gettext_lazy("心配があることも、行き違いのこともあります。まず様子をたずねます。"),
}


class OutcomeForm(forms.Form):
    outcome = forms.CharField(label=gettext_lazy("どうなったか"), max_length=200)


@require_safe
@allow(KEEPS_GUILD)
def queue_list(request: MemberRequest) -> HttpResponse:
    """What needs a hand, in order of urgency, and who has it until when."""
    page = page_of(request, queue_entries())
    for entry in page.object_list:
        _describe(entry)
    context = {"page": page, "now": timezone.now(), "lease_minutes": guild_rule().lease_minutes}
    return render(request, "matching/office/queue.html", context)


@require_POST
@allow(KEEPS_GUILD)
def queue_next(request: MemberRequest) -> HttpResponse:
    """Hand out the next entry and lead to it."""
    entry = queue.take_next(request.user)
    if entry is None:
        messages.info(request, _("いま、受け持つものはありません。"))
        return redirect(tenant_reverse("matching:queue"))
    return redirect(tenant_reverse("matching:queue_entry", number=entry.pk))


@require_safe
@allow(KEEPS_GUILD)
def queue_entry(request: MemberRequest, number: int) -> HttpResponse:
    """One entry; who comes back to one that is done is told so."""
    entry = _entry(number)
    return _leave_done(request) if entry.done_at else _entry_page(request, entry, OutcomeForm())


@require_POST
@allow(KEEPS_GUILD)
def queue_take(request: MemberRequest, number: int) -> HttpResponse:
    """Take this very entry, or have one's own for longer."""
    entry = get_object_or_404(QueueEntry, pk=number)
    try:
        queue.take(entry, request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return redirect(tenant_reverse("matching:queue"))
    return redirect(tenant_reverse("matching:queue_entry", number=number))


@require_POST
@allow(KEEPS_GUILD)
def queue_finish(request: MemberRequest, number: int) -> HttpResponse:
    """Strike the entry off with what came of it; the next one is a press away."""
    entry = _entry(number)
    if entry.done_at:
        return _leave_done(request)
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        return _entry_page(request, entry, form)
    try:
        queue.finish(entry, request.user, form.cleaned_data["outcome"])
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("すんだこととして記録しました。"))
    return redirect(tenant_reverse("matching:queue"))


@require_POST
@allow(KEEPS_GUILD)
def queue_give_back(request: MemberRequest, number: int) -> HttpResponse:
    """Let others have it."""
    try:
        queue.give_back(get_object_or_404(QueueEntry, pk=number), request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("ほかの人が受け持てるようにもどしました。"))
    return redirect(tenant_reverse("matching:queue"))


def _entry(number: int) -> QueueEntry:
    return get_object_or_404(all_entries(), pk=number)


def _leave_done(request: MemberRequest) -> HttpResponse:
    messages.info(request, _("これは、もうすんでいます。"))
    return redirect(tenant_reverse("matching:queue"))


def _entry_page(request: MemberRequest, entry: QueueEntry, form: OutcomeForm) -> HttpResponse:
    _describe(entry)
    context = {
        "entry": entry,
        "form": form,
        "now": timezone.now(),
        "what_to_do": WHAT_TO_DO[QueueKind(entry.kind)],
        "is_own": entry.taken_by_id == request.user.pk,
    }
    return render(request, "matching/office/queue_entry.html", context, status=400 if form.is_bound else 200)


def _describe(entry: QueueEntry) -> None:
    """Give an entry the words of its page: what it is about, where that is, and how urgent it is."""
    match = entry.match or (entry.letter.match if entry.letter else None)
    supporter = entry.supporter or (entry.letter.supporter if entry.letter else None)
    asked = entry.request or (match.request if match else None) or (entry.letter.request if entry.letter else None)
    who = (match.supporter or match.partner) if match else supporter
    entry.about = " ／ ".join(str(thing) for thing in (asked, who) if thing)  # type: ignore[attr-defined]
    entry.url = _address(entry)  # type: ignore[attr-defined]
    entry.urgency = urgency(entry.due_at, timezone.now())  # type: ignore[attr-defined]


def _address(entry: QueueEntry) -> str:
    """Where one does what is to be done."""
    if entry.letter_id:
        return tenant_reverse("matching:letter", pk=entry.letter_id)
    if entry.match_id:
        return tenant_reverse("matching:match", pk=entry.match_id)
    if entry.request_id and entry.kind in (QueueKind.FIND_PEOPLE, QueueKind.PLACE_FREED):
        return tenant_reverse("matching:candidates", number=entry.request_id)
    if entry.request_id:
        return tenant_reverse("matching:office_request", number=entry.request_id)
    if entry.supporter_id:
        return tenant_reverse("matching:supporter_detail", pk=entry.supporter_id)
    return ""


def urgency(due_at: datetime, now: datetime) -> str:
    """How urgent something is that is due at a moment, in words."""
    days = (timezone.localdate(due_at) - timezone.localdate(now)).days
    if due_at <= now:
        return _("期限を%(days)s日すぎています") % {"days": -days} if days else _("いますぐ")
    if days <= 1:
        return _("あすまで") if days else _("きょう中に")
    return _("%(day)sまで（あと%(days)s日）") % {"day": era_date(timezone.localdate(due_at)), "days": days}
