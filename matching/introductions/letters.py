"""The guild's letters: written in the transaction of what they tell, kept as they were sent."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from centres.queries import centre_of_municipality
from civic.accounts.models import User
from civic.calendar import era_date
from civic.tenancy.context import current_municipality
from civic.tenancy.urls import tenant_reverse
from matching.introductions import queue
from matching.introductions.addresses import group_of
from matching.introductions.outbox import LINK
from matching.introductions.sending import send_letter
from matching.models import (
    AnswerLink,
    GuildLetter,
    HelpRequest,
    LetterKind,
    Match,
    MatchState,
    QueueKind,
    Side,
    Supporter,
)

Kind = LetterKind


def write(
    kind: LetterKind, match: Match, side: Side, *, link: AnswerLink | None = None, reason: str = ""
) -> GuildLetter:
    """Write to one side of a match; the letter goes out once the transaction is committed."""
    plainly = side == Side.VOLUNTEER and match.supporter is not None and match.supporter.prefers_plain_words
    context = {
        "match": match,
        "request": match.request,
        "addressee": name_of(match, side),
        "other": name_of(match, Side.GROUP if side == Side.VOLUNTEER else Side.VOLUNTEER),
        "link": LINK,
        "page": settings.PORTAL_URL + own_page(match, side),
        "until": link and _until(link),
        "reason": reason,
        "was_waiting": match.steps.filter(state=MatchState.WAITING).exists(),
    }
    letter = GuildLetter.objects.create(
        kind=kind,
        match=match,
        supporter=match.supporter,
        side=side,
        link=link,
        subject=_subject(kind, match.request.title),
        body=_words("plain" if plainly else side, kind, context),
    )
    send_letter.enqueue(letter.pk)
    return letter


def write_news(supporter: Supporter, requests: Sequence[HelpRequest]) -> GuildLetter:
    """Tell a supporter what is asked for."""
    portal = settings.PORTAL_URL
    context = {
        "addressee": _("%(name)s さん") % {"name": supporter.nickname},
        "requests": [
            (request, portal + tenant_reverse("matching:request_detail", number=request.pk)) for request in requests
        ],
        "page": portal + tenant_reverse("matching:own_help"),
    }
    letter = GuildLetter.objects.create(
        kind=Kind.NEWS,
        supporter=supporter,
        side=Side.VOLUNTEER,
        subject=_subject(Kind.NEWS, ""),
        body=_words("plain" if supporter.prefers_plain_words else Side.VOLUNTEER, Kind.NEWS, context),
    )
    send_letter.enqueue(letter.pk)
    return letter


def write_about(kind: LetterKind, request: HelpRequest, *, reason: str = "") -> GuildLetter | None:
    """Tell a group what staff did with its request; nobody of one that is the centre's own."""
    if request.group is None:
        return None
    context = {
        "addressee": request.group.name,
        "request": request,
        "page": settings.PORTAL_URL + tenant_reverse("matching:office_request", number=request.pk),
        "reason": reason,
    }
    letter = GuildLetter.objects.create(
        kind=kind,
        request=request,
        side=Side.GROUP,
        subject=_subject(kind, request.title),
        body=_words(Side.GROUP, kind, context),
    )
    send_letter.enqueue(letter.pk)
    return letter


def name_of(match: Match, side: Side) -> str:
    """Return by what name one side of a match is known to the other, and addressed in letters: nobody's own name."""
    if side == Side.VOLUNTEER and match.supporter:
        return _("%(name)s さん") % {"name": match.supporter.nickname}
    group = group_of(match, side)
    if group:
        return group.name
    centre = centre_of_municipality()
    return centre.name if centre else current_municipality().office_name


def own_page(match: Match, side: Side) -> str:
    """Return the address of the page on which a side of a match sees it, signed in."""
    group = group_of(match, side)
    if group:
        return tenant_reverse("matching:group_match", number=group.number, pk=match.pk)
    if side == Side.VOLUNTEER:
        return tenant_reverse("matching:own_match", pk=match.pk)
    return tenant_reverse("matching:match", pk=match.pk)


def _until(link: AnswerLink) -> str:
    """Until when one can answer, as in 令和8年12月5日 9時00分."""
    expires_at = timezone.localtime(link.expires_at)
    return f"{era_date(expires_at.date())} {expires_at:%H:%M}"


def _subject(kind: LetterKind, title: str) -> str:
    words = {
        Kind.NEWS: _("【%(guild)s】新しい募集のお知らせ"),
        Kind.ASK_VOLUNTEER: _("【%(guild)s】「%(title)s」を手伝っていただけませんか"),
        Kind.REMIND_VOLUNTEER: _("【%(guild)s】「%(title)s」のお返事をお待ちしています"),
        Kind.ASK_GROUP: _("【%(guild)s】「%(title)s」に、手伝いたい方がいます"),
        Kind.REMIND_GROUP: _("【%(guild)s】「%(title)s」のお返事をお待ちしています"),
        Kind.WAITING: _("【%(guild)s】「%(title)s」は、空き待ちです"),
        Kind.INTRODUCED: _("【%(guild)s】「%(title)s」の紹介が決まりました"),
        Kind.DECLINED: _("【%(guild)s】「%(title)s」について"),
        Kind.CANCELLED: _("【%(guild)s】「%(title)s」は取りやめになりました"),
        Kind.THANKS: _("【%(guild)s】「%(title)s」をありがとうございました"),
        Kind.REQUEST_OPENED: _("【%(guild)s】「%(title)s」を公開しました"),
        Kind.REQUEST_BACK: _("【%(guild)s】「%(title)s」に、直していただきたいところがあります"),
        Kind.REQUEST_OFF: _("【%(guild)s】「%(title)s」の募集は取りやめになりました"),
    }
    return words[kind] % {"guild": current_municipality().guild_name, "title": title}


def _words(variant: str, kind: LetterKind, context: dict[str, Any]) -> str:
    everywhere = {"municipality": current_municipality(), "centre": centre_of_municipality()}
    return render_to_string(f"matching/mail/{variant}/{kind}.txt", context | everywhere)


# ---- what staff do about a letter that may not have arrived


@transaction.atomic
def send_again(letter: GuildLetter, *, by: User) -> None:
    """Send a letter once more, as somebody decided who knows that it may have arrived before."""
    GuildLetter.objects.filter(pk=letter.pk).update(sending_at=None, mailed_at=None)
    queue.settle(QueueKind.LETTER_UNCERTAIN, _("もう一度送った"), by=by, letter=letter)
    send_letter.enqueue(letter.pk)


@transaction.atomic
def told(letter: GuildLetter, *, by: User) -> None:
    """Note that somebody has told by other means what a letter says."""
    GuildLetter.objects.filter(pk=letter.pk).update(told_at=timezone.now())
    queue.settle(QueueKind.LETTER_UNCERTAIN, _("電話などで伝えた"), by=by, letter=letter)
