"""Answers by the link of a letter: opening answers nothing, one answer counts, an old link says so and leads on."""

from datetime import timedelta

import pytest
from django.core.signing import Signer
from django.test import Client
from django.utils import timezone

from civic.audit.models import PersonalRecordView
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from matching.introductions import asking, withdrawing
from matching.introductions.moving import Actor
from matching.introductions.tokens import token_of
from matching.models import AnswerLink, HelpRequest, Match, MatchState, MatchStep
from tests.matching.conftest import AskForHelp
from tests.matching.introductions.conftest import helper

State = MatchState


def address(link: AnswerLink) -> str:
    return f"/shimonoseki/guild/answers/{token_of(link)}/"


@pytest.fixture
def asked(beach: HelpRequest) -> AnswerLink:
    """The link with which a supporter was asked."""
    match = asking.propose(beach, None, supporter=helper(), by=None)
    asking.ask_volunteer(match, by=None)
    return AnswerLink.objects.get()


def read(link: AnswerLink) -> str:
    return Client().get(address(link)).content.decode()


def press(link: AnswerLink, answer: str) -> str:
    return Client().post(address(link), {"answer": answer, "comment": ""}, follow=True).content.decode()


def test_opening_it_changes_nothing_however_often(asked: AnswerLink) -> None:
    steps = MatchStep.objects.count()
    for method in ("get", "head", "get", "options"):
        getattr(Client(), method)(address(asked))
    asked.refresh_from_db()
    assert (MatchStep.objects.count(), asked.used_at) == (steps, None)
    page = read(asked)
    assert "手伝う" in page
    assert "今回は見送る" in page


def test_it_answers_once(asked: AnswerLink) -> None:
    assert "お返事を受け付けました" in press(asked, "yes")
    assert Match.objects.get().state == State.GROUP_ASKED
    page = press(asked, "no")
    assert "もうお返事をいただいています" in page
    assert "変えたいときは、センターにご連絡ください" in page
    assert "いま募集していることを見る" in page
    assert Match.objects.get().state == State.GROUP_ASKED


def test_no_is_an_answer_too(asked: AnswerLink) -> None:
    press(asked, "no")
    assert Match.objects.get().state == State.VOLUNTEER_NO


def test_an_answer_that_is_none_is_asked_for_again(asked: AnswerLink) -> None:
    for answer in ("", "perhaps"):
        response = Client().post(address(asked), {"answer": answer})
        assert response.status_code == 400
    assert Match.objects.get().state == State.VOLUNTEER_ASKED


def test_an_expired_link_says_so(asked: AnswerLink) -> None:
    AnswerLink.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert "お返事の期限がすぎました" in read(asked)
    assert "お返事の期限がすぎました" in press(asked, "yes")
    assert Match.objects.get().state == State.VOLUNTEER_ASKED


def test_a_link_whose_question_is_over_says_so(asked: AnswerLink) -> None:
    withdrawing.cancel(Match.objects.get(), actor=Actor.STAFF, reason="中止")
    page = press(asked, "yes")
    assert "もう終わっています" in page
    assert Match.objects.get().state == State.CANCELLED


def test_where_the_time_is_taken_the_link_can_still_be_used(asked: AnswerLink, beach: HelpRequest) -> None:
    other = asking.propose(beach, None, supporter=helper("すずめ"), by=None)
    asking.take_yes(other, actor=Actor.VOLUNTEER, by=None)
    assert "お返事を受け付けました" in press(asked, "yes"), "and the page says that one waits"
    assert Match.objects.exclude(pk=other.pk).get().state == State.WAITING


def test_it_names_nobody_even_once_both_agreed(asked: AnswerLink, beach: HelpRequest) -> None:
    press(asked, "yes")
    groups = AnswerLink.objects.get(side="group")
    page = read(groups)
    assert "かもめ さん" in page
    press(groups, "yes")
    assert Match.objects.get().state == State.INTRODUCED
    for link in (asked, groups):
        page = read(link)
        assert "ログインして見る" in page
        for secret in ("かもめの本名", "090-0000-0001", "当日の太郎", "083-000-0009", "group@example.jp"):
            assert secret not in page
    assert not PersonalRecordView.objects.exists()


def test_forged_links_are_not_there(asked: AnswerLink) -> None:
    good = token_of(asked)
    other = Signer(salt="matching.answer").sign(f"{asked.pk}-{'0' * 32}")
    unsigned = f"{asked.pk}-{asked.nonce}"
    for token in (good[:-1], other, unsigned, "x", f"{unsigned}:{good.rpartition(':')[2][::-1]}"):
        assert Client().get(f"/shimonoseki/guild/answers/{token}/").status_code == 404


def test_a_link_of_one_municipality_opens_nothing_in_another(
    shimonoseki: Municipality, yamaguchi: Municipality, ask_for_help: AskForHelp
) -> None:
    with acting_as(shimonoseki):
        request = ask_for_help()
        match = asking.propose(request, None, supporter=helper(), by=None)
        asking.ask_volunteer(match, by=None)
        own = address(AnswerLink.objects.get())
    assert Client().get(own).status_code == 200
    assert Client().get(own.replace("shimonoseki", "yamaguchi")).status_code == 404
