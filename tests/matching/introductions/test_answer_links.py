"""Answers by the link of a letter: opening answers nothing, one answer counts, an old link says so and leads on."""

import re
from datetime import timedelta

import pytest
from django.core.signing import Signer
from django.test import Client
from django.utils import timezone

from centres.models import Group
from centres.registration.models import Representative
from civic.audit.models import PersonalRecordView
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from matching.introductions import asking, timeouts, withdrawing
from matching.introductions.moving import Actor
from matching.introductions.outbox import begin
from matching.introductions.tokens import token_of
from matching.models import AnswerLink, GuildLetter, HelpRequest, Match, MatchState, MatchStep, QueueEntry
from tests.matching.conftest import AskForHelp
from tests.matching.introductions.conftest import helper
from tests.matching.introductions.test_timeouts import on_day

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
    for words in ("お返事をお待ちしています", "手伝う", "今回は見送る"):
        assert words in page


def test_it_answers_once(asked: AnswerLink) -> None:
    assert "お返事を受け付けました" in press(asked, "yes")
    assert Match.objects.get().state == State.GROUP_ASKED
    page = press(asked, "no")
    assert "もうお返事をいただいています" in page
    assert "変えたいときは、センターにご連絡ください" in page
    assert "いま募集していることを見る" in page
    assert "お返事をお待ちしています" not in page
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


# ---- who has the side now


def handed_over(group: Group, email: str) -> Representative:
    """Another speaks for a group from now on."""
    Representative.objects.filter(group=group, ended_at=None).update(ended_at=timezone.now())
    return Representative.objects.create(group=group, name="次の代表", email=email)


@pytest.fixture
def groups_link(asked: AnswerLink) -> AnswerLink:
    """The link with which the group was asked, mailed to its representative."""
    press(asked, "yes")
    return AnswerLink.objects.get(side="group")


def test_a_former_representative_answers_nothing(groups_link: AnswerLink, beach: HelpRequest) -> None:
    mailed = address(groups_link)
    assert Client().get(mailed).status_code == 200
    handed_over(beach.group, "next@example.jp")
    refused = Client().get(mailed)
    assert refused.status_code == 404
    assert "新しい手紙" in refused.content.decode()
    assert "かもめ" not in refused.content.decode()
    assert Client().post(mailed, {"answer": "yes", "comment": ""}).status_code == 404
    assert Match.objects.get().state == State.GROUP_ASKED


def test_whoever_takes_over_is_asked_once_until_the_same_day(groups_link: AnswerLink, beach: HelpRequest) -> None:
    assert timeouts.ask_successors(timezone.now()) == 0
    handed_over(beach.group, "next@example.jp")
    assert timeouts.ask_successors(timezone.now()) == 1
    assert timeouts.ask_successors(timezone.now()) == 0
    assert timeouts.remind(on_day(2.9)) == 0
    letter = GuildLetter.objects.filter(kind="ask_group").last()
    assert (letter.link != groups_link, letter.link.expires_at) == (True, groups_link.expires_at)
    message = begin(letter.pk)
    assert message.to == ["next@example.jp"]
    [token] = re.findall(r"/guild/answers/(\S+)/", message.body)
    assert token == token_of(letter.link)
    assert "お返事を受け付けました" in press(letter.link, "yes")
    assert Match.objects.get().state == State.INTRODUCED


def test_where_nobody_can_be_written_to_it_is_the_staffs_once(groups_link: AnswerLink, beach: HelpRequest) -> None:
    handed_over(beach.group, "")
    timeouts.ask_successors(timezone.now())
    entry = QueueEntry.objects.get(done_at=None)
    assert (entry.kind, entry.match) == ("group_silent", groups_link.match)
    QueueEntry.objects.update(done_at=timezone.now())
    assert timeouts.ask_successors(timezone.now()) == 0, "staff have seen to it"


def test_a_name_put_right_asks_nobody_twice(groups_link: AnswerLink, beach: HelpRequest) -> None:
    mailed = address(groups_link)
    handed_over(beach.group, "group@example.jp")
    assert timeouts.ask_successors(timezone.now()) == 0
    assert Client().get(mailed).status_code == 200


def test_a_partners_representative_as_well(beach: HelpRequest, ask_for_help: AskForHelp) -> None:
    request = ask_for_help("いっしょに祭りを", kind="partners")
    asking.ask_volunteer(asking.propose(request, None, partner=beach.group, by=None), by=None)
    mailed = address(AnswerLink.objects.get())
    handed_over(beach.group, "next@example.jp")
    assert Client().get(mailed).status_code == 404
    assert timeouts.ask_successors(timezone.now()) == 1
    assert [letter.kind for letter in GuildLetter.objects.all()] == ["ask_volunteer", "ask_volunteer"]


def test_a_supporters_link_goes_with_their_address_and_with_them(asked: AnswerLink) -> None:
    mailed = address(asked)
    contact = asked.match.supporter.contact
    contact.email = "another@example.jp"
    contact.save()
    assert Client().get(mailed).status_code == 404
    asked = AnswerLink.objects.get()
    assert Client().get(address(asked)).status_code == 200, "as the reminder has it"
    withdrawing.leave(asked.match.supporter, by=None)
    assert Client().get(address(asked)).status_code == 404
