"""The records that the addresses of introductions name, for the access table."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from matching.introductions.tokens import new_nonce, token_of
from matching.models import AnswerLink, GuildLetter, HelpRequest, LetterKind, Match, Participation, Side, Supporter

Arguments = dict[str, Any]


def _request(**values: Any) -> HelpRequest:
    words = {"title": "ある募集", "what": "手伝い", "when": "土曜日", "where": "公民館", "people_needed": 1}
    return HelpRequest.objects.create(responsible_phone="000-0000-0000", **words, **values)


def _match() -> Match:
    return Match.objects.create(request=_request(), supporter=Supporter.objects.create(nickname="かもめ"))


def a_match() -> Arguments:
    return {"pk": _match().pk}


def a_side_to_call() -> Arguments:
    return {**a_match(), "side": Side.GROUP}


def an_answers_link() -> Arguments:
    expires_at = timezone.now() + timedelta(days=1)
    link = AnswerLink.objects.create(match=_match(), side=Side.VOLUNTEER, nonce=new_nonce(), expires_at=expires_at)
    return {"token": token_of(link)}


def a_letter() -> Arguments:
    letter = GuildLetter.objects.create(
        kind=LetterKind.WAITING, match=_match(), side=Side.VOLUNTEER, subject="空き待ち", body="お待ちください。"
    )
    return {"pk": letter.pk}


def a_day() -> Arguments:
    told = Participation.objects.create(match=_match(), day=timezone.localdate(), hours=2)
    return {"pk": told.pk}


def a_supporters_year() -> Arguments:
    return {"supporter": Supporter.objects.create(nickname="かもめ").pk, "fiscal_year": 2026}
