"""Letters through a mail server that really listens; and what becomes of them when the worker is killed."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from civic.accounts.models import Role
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from matching.introductions import answering, asking, letters, news, timeouts, withdrawing
from matching.introductions.outbox import LINK, leave_to_staff, unsent
from matching.introductions.sending import send_letter
from matching.models import (
    ConsentPurpose,
    GuildLetter,
    HelpRequest,
    Match,
    MatchState,
    QueueEntry,
    RequestStatus,
    Side,
    Supporter,
    SupporterStatus,
)
from tests.conftest import MakeMember
from tests.mail_server import MailServer
from tests.matching.conftest import AskForHelp
from tests.matching.introductions.conftest import helper

Capture = DjangoCaptureOnCommitCallbacks


def ask(request: HelpRequest, supporter: Supporter | None = None) -> GuildLetter:
    """Ask a supporter, and return the letter that was written."""
    match = asking.propose(request, None, supporter=supporter or helper(), by=None)
    asking.ask_volunteer(match, by=None)
    return GuildLetter.objects.get(match=match)


def send(letter: GuildLetter) -> None:
    send_letter(letter.municipality_id, letter.pk)
    letter.refresh_from_db()


def test_a_letter_has_the_link_that_the_kept_words_have_not(beach: HelpRequest, mail_server: MailServer) -> None:
    letter = ask(beach)
    send(letter)
    [arrived] = mail_server.letters
    text = arrived.get_content()
    [address] = re.findall(r"https://portal\.example\.jp/shimonoseki/guild/answers/\S+/", text)
    assert address not in letter.body
    assert LINK in letter.body
    assert text.replace("\r\n", "\n").replace(address, LINK).strip() == letter.body.strip()
    assert arrived["Message-ID"] == f"<guild-letter-shimonoseki-{letter.pk}@portal.example.jp>"
    assert arrived["To"] == letter.supporter.contact.email
    assert letter.mailed_at is not None
    for secret in ("かもめの本名", "090-0000-0001", "当日の太郎"):
        assert secret not in text


def test_it_is_sent_once_it_is_committed(beach: HelpRequest, mail_server: MailServer, monkeypatch: Any) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(send_letter, "delay", lambda *ids: sent.append(ids))
    from django.test import TestCase

    with TestCase.captureOnCommitCallbacks(execute=True):
        letter = ask(beach)
        assert sent == []
    assert sent == [(letter.municipality_id, letter.pk)]


def test_who_prefers_plain_words_gets_them(beach: HelpRequest) -> None:
    plain, usual = ask(beach, helper(prefers_plain_words=True)), ask(beach, helper("すずめ"))
    assert "手伝うことができますか。" in plain.body
    assert "ご都合はいかがですか。" in usual.body
    for letter in (plain, usual):
        assert LINK in letter.body
        assert "海岸の清掃" in letter.subject


def test_each_kind_of_letter_can_be_written(beach: HelpRequest) -> None:
    for plainly in (True, False):
        match = asking.propose(beach, None, supporter=helper(prefers_plain_words=plainly), by=None)
        for kind in ("ask_volunteer", "remind_volunteer", "waiting", "introduced", "declined", "cancelled", "thanks"):
            letter = letters.write(letters.Kind(kind), match, Side.VOLUNTEER, reason="雨のため")
            assert "海岸の清掃" in letter.body
    for kind in ("ask_group", "remind_group", "introduced", "cancelled", "thanks"):
        assert "かもめ" in letters.write(letters.Kind(kind), match, Side.GROUP, reason="雨のため").body


def test_while_the_mail_server_is_away_it_is_tried_again(
    beach: HelpRequest, mail_server: MailServer, settings: Settings
) -> None:
    letter, port = ask(beach), settings.EMAIL_PORT
    settings.EMAIL_PORT = 1
    with pytest.raises(ConnectionRefusedError):
        send(letter)
    letter.refresh_from_db()
    assert letter.sending_at is None
    settings.EMAIL_PORT = port
    mail_server.answer = "451 later"
    with pytest.raises(OSError, match="451"):
        send(letter)
    mail_server.answer = "250 OK"
    send(letter)
    send(letter)
    assert len(mail_server.letters) == 1


@pytest.mark.parametrize("is_recipient", [True, False])
def test_no_log_and_no_error_repeats_the_address(
    beach: HelpRequest, mail_server: MailServer, caplog: pytest.LogCaptureFixture, is_recipient: bool
) -> None:
    letter, mail_server.refuses_recipients = ask(beach), is_recipient
    address = letter.supporter.contact.email  # type: ignore[union-attr]
    mail_server.answer = f"450 <{address}> not now"
    with pytest.raises(OSError, match=r"^The mail server said \[450\]\.$") as raised:
        send(letter)
    assert raised.value.__suppress_context__
    mail_server.answer = f"550 <{address}> is not here"
    send(letter)
    logged = "".join(caplog.handler.format(record) for record in caplog.records)
    assert "[550]" in logged
    assert address not in logged


def test_what_the_mail_server_refuses_for_good_is_left_to_staff(
    beach: HelpRequest, mail_server: MailServer, in_shimonoseki: Municipality, member: MakeMember
) -> None:
    letter = ask(beach)
    mail_server.answer = "550 no such mailbox"
    send(letter)
    timeouts.see_to_letters(timezone.now() + timedelta(hours=1))
    entry = QueueEntry.objects.get()
    assert (entry.kind, entry.letter, letter.mailed_at) == ("letter_uncertain", letter, None)
    letters.told(letter, by=member(in_shimonoseki, Role.STAFF))
    timeouts.see_to_letters(timezone.now() + timedelta(hours=1))
    letter.refresh_from_db()
    assert letter.told_at is not None
    assert not QueueEntry.objects.filter(done_at=None).exists()


def test_who_has_no_address_is_told_by_staff(beach: HelpRequest, mail_server: MailServer) -> None:
    asking.apply(beach, None, helper(), by=None)
    late = helper("すずめ")
    late.contact.email = ""
    late.contact.save()
    letter = GuildLetter.objects.get(match=asking.apply(beach, None, late, by=None))
    send(letter)
    entry = QueueEntry.objects.get()
    assert (entry.kind, entry.letter) == ("letter_uncertain", letter)
    QueueEntry.objects.update(done_at=timezone.now())
    send(letter)
    assert QueueEntry.objects.count() == 1, "staff have seen to it"


def test_nobody_is_asked_what_is_asked_no_more(beach: HelpRequest, mail_server: MailServer) -> None:
    letter = ask(beach)
    answering.answer(letter.match, Side.VOLUNTEER, True)
    send(letter)
    assert mail_server.letters == []
    assert letter not in unsent()


# ---- scenario 5: a worker is killed; while it sends, in tests/jobs/test_workers.py


def test_where_the_worker_was_killed_before_it_began_the_clock_sends_it(
    beach: HelpRequest, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The state was changed and the message to the worker is lost: nobody is forgotten, and nobody asked twice."""
    letter = ask(beach)
    sent: list[int] = []
    monkeypatch.setattr(send_letter, "enqueue", sent.append)
    timeouts.see_to_letters(timezone.now())
    assert sent == [], "the worker has its time"
    timeouts.see_to_letters(timezone.now() + timedelta(minutes=3))
    assert sent == [letter.pk]
    send(letter)
    send(letter)
    timeouts.see_to_letters(timezone.now() + timedelta(minutes=30))
    assert (len(mail_server.letters), sent) == (1, [letter.pk])
    assert not QueueEntry.objects.exists()


def test_where_the_change_was_not_committed_nobody_is_asked(beach: HelpRequest, mail_server: MailServer) -> None:
    class Killed(BaseException):
        pass

    match = asking.propose(beach, None, supporter=helper(), by=None)
    with pytest.raises(Killed), acting_as(Municipality.objects.get(slug="shimonoseki")):
        asking.ask_volunteer(match, by=None)
        raise Killed
    assert Match.objects.get().state == MatchState.PROPOSED
    assert not GuildLetter.objects.exists()


def test_staff_send_it_again_when_they_know_that_it_did_not_arrive(
    beach: HelpRequest, mail_server: MailServer, in_shimonoseki: Municipality, member: MakeMember
) -> None:
    letter = ask(beach)
    GuildLetter.objects.update(sending_at=timezone.now() - timedelta(hours=1))
    timeouts.see_to_letters(timezone.now())
    letters.send_again(letter, by=member(in_shimonoseki, Role.STAFF))
    send(letter)
    assert len(mail_server.letters) == 1
    assert not QueueEntry.objects.filter(done_at=None).exists()


def test_what_staff_struck_off_the_queue_is_done(beach: HelpRequest) -> None:
    ask(beach)
    GuildLetter.objects.update(sending_at=timezone.now() - timedelta(hours=1))
    timeouts.see_to_letters(timezone.now())
    QueueEntry.objects.update(done_at=timezone.now(), outcome="電話で伝えた")
    timeouts.see_to_letters(timezone.now() + timedelta(hours=1))
    assert QueueEntry.objects.count() == 1


def test_what_staff_tell_by_telephone_is_mailed_as_well(
    beach: HelpRequest, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = ask(beach)
    leave_to_staff(letter)
    sent: list[int] = []
    monkeypatch.setattr(send_letter, "enqueue", sent.append)
    timeouts.see_to_letters(timezone.now() + timedelta(minutes=3))
    assert sent == [letter.pk]


# ---- news


def test_news_are_told_as_often_as_wanted_and_only_what_fits(ask_for_help: AskForHelp, beach: HelpRequest) -> None:
    today = timezone.localdate()
    weekly, monthly = helper("週", news="weekly"), helper("月", news="monthly")
    helper("要らない", news="never")
    helper("休み", news="weekly", status=SupporterStatus.PAUSED)
    helper("同意なし", news="weekly", agrees=(ConsentPurpose.SHARE_NAME,))
    reader = helper("読書", news="weekly")
    reader.fields.create(field=2)
    HelpRequest.objects.update(field=7, posted_on=today - timedelta(days=1))

    def told(day: int) -> list[str]:
        before = set(GuildLetter.objects.values_list("pk", flat=True))
        now = today + timedelta(days=day)
        news.send_news(now)
        new = GuildLetter.objects.exclude(pk__in=before)
        noon = timezone.now() + timedelta(days=day)
        new.update(written_at=noon)
        return sorted(GuildLetter.objects.exclude(pk__in=before).values_list("supporter__nickname", flat=True))

    assert told(0) == ["月", "週"]
    assert told(0) == told(1) == []
    ask_for_help("読み聞かせ", field=2, posted_on=today + timedelta(days=5))
    assert told(5) == []
    assert told(6) == ["読書"], "the day after, what fits; and a week has not passed for the others"
    assert told(7) == ["週"]
    body = GuildLetter.objects.filter(supporter=weekly).last().body
    assert "読み聞かせ" in body
    assert "海岸の清掃" not in body, "that was told before"
    assert told(8) == []
    assert told(32) == ["月"]
    assert "読み聞かせ" in GuildLetter.objects.filter(supporter=monthly).last().body


@pytest.mark.parametrize("change", [{"status": RequestStatus.CLOSED}, {"is_sample": True}, {"kind": "partners"}])
def test_only_what_people_are_really_looked_for_is_news(beach: HelpRequest, change: dict[str, Any]) -> None:
    helper(news="weekly")
    yesterday = timezone.localdate() - timedelta(days=1)
    HelpRequest.objects.update(posted_on=yesterday, **change)
    assert news.send_news(timezone.localdate()) == 0


def test_a_letter_of_news_is_left_when_the_supporter_leaves(beach: HelpRequest) -> None:
    supporter = helper(news="weekly")
    withdrawing.leave(supporter, by=None)
    assert news.send_news(timezone.localdate()) == 0
