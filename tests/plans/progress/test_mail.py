"""The letters of a year, through a mail server that really listens."""

import socket
from collections.abc import Iterator
from datetime import date
from email.message import EmailMessage

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from civic.accounts.models import User
from civic.celery import app as celery_app
from civic.tenancy.context import acting_as
from plans.models import ProgressNotice, ReportingYear
from plans.progress import services
from plans.progress.tasks import send_progress_notice
from plans.tasks import remind_all
from tests.mail_server import MailServer, used
from tests.plans.progress.conftest import YearOf

DUE = date(2026, 5, 29)


class Mailbox(MailServer):
    """Letters by who gets them."""

    def to(self, user: User) -> list[EmailMessage]:
        return [letter for letter in self.letters if letter["To"] == user.email]


@pytest.fixture
def mailbox(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A mail server on this machine, and tasks that run as soon as they are sent."""
    box = Mailbox()
    monkeypatch.setitem(celery_app.conf, "task_always_eager", True)
    with used(box, settings):
        yield box


def said(letter: EmailMessage) -> str:
    text: str = letter.get_content()
    return text


def test_opening_a_year_writes_to_each_officer_after_the_commit(
    opened: YearOf, mailbox: Mailbox, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True), acting_as(opened.municipality):
        services.open_year(opened.year.plan, 2026, date(2027, 5, 31))
        assert mailbox.letters == [], "not before the commit"
    assert len(mailbox.letters) == 2
    [letter] = mailbox.to(opened.officer.user)
    assert letter["Subject"].strip() == "【下関市】令和8年度（2026年度）の進捗報告のお願い"
    text = said(letter)
    for words in (
        "officer 様",
        "項目は2件",
        "令和9年5月31日",
        "・冊子の作成",
        "・講座",
        "https://portal.example.jp/shimonoseki/office/progress/sample/2026/mine/",
    ):
        assert words in text
    assert "・部屋" not in text, "another department's item"
    assert "・部屋" in said(mailbox.to(opened.other_officer.user)[0])


def remind_on(
    day: date, opened: YearOf, capture: DjangoCaptureOnCommitCallbacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let the clock strike on a day."""
    monkeypatch.setattr(timezone, "localdate", lambda *moment: day)
    with capture(execute=True):
        remind_all()


def test_reminders_go_before_and_after_the_due_day_each_once(
    opened: YearOf,
    mailbox: Mailbox,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with acting_as(opened.municipality):
        opened.hand_in("1-1-1")
        opened.hand_in("2-1-2")
        ProgressNotice.objects.update(mailed_at=timezone.now())
    officer = opened.officer.user

    def clock(day: date) -> list[str]:
        before = len(mailbox.letters)
        remind_on(day, opened, django_capture_on_commit_callbacks, monkeypatch)
        return [letter["To"] for letter in mailbox.letters[before:]]

    assert clock(date(2026, 5, 21)) == [], "eight days before"
    assert clock(date(2026, 5, 22)) == [officer.email], "whoever has handed in everything hears nothing"
    assert clock(date(2026, 5, 23)) == []
    assert clock(DUE) == []
    assert clock(date(2026, 5, 30)) == [officer.email]
    assert clock(date(2026, 6, 30)) == []
    first, second = mailbox.letters
    assert "近づいています" in first["Subject"]
    assert "1件あります" in said(first)
    assert "過ぎました" in second["Subject"]
    assert "・講座" in said(second)
    assert "・冊子の作成" not in said(second), "that one is handed in"


def test_a_clock_that_missed_the_week_still_reminds(
    opened: YearOf,
    mailbox: Mailbox,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with acting_as(opened.municipality):
        ProgressNotice.objects.update(mailed_at=timezone.now())
    remind_on(date(2026, 5, 28), opened, django_capture_on_commit_callbacks, monkeypatch)
    assert len(mailbox.letters) == 2


def test_nobody_is_reminded_of_a_closed_year_or_of_a_sample(
    opened: YearOf,
    mailbox: Mailbox,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for change in ({"is_sample": True}, {"is_sample": False, "closed_at": timezone.now()}):
        with acting_as(opened.municipality):
            ProgressNotice.objects.update(mailed_at=timezone.now())
            ReportingYear.objects.update(**change)
        remind_on(date(2026, 6, 1), opened, django_capture_on_commit_callbacks, monkeypatch)
    assert mailbox.letters == []


def test_a_letter_that_did_not_go_out_goes_with_the_next_clock(
    opened: YearOf,
    mailbox: Mailbox,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with acting_as(opened.municipality):
        assert ProgressNotice.objects.filter(mailed_at=None).count() == 2
    remind_on(date(2026, 4, 2), opened, django_capture_on_commit_callbacks, monkeypatch)
    assert len(mailbox.letters) == 2
    with acting_as(opened.municipality):
        assert not ProgressNotice.objects.filter(mailed_at=None).exists()
        notice = ProgressNotice.objects.first()
    send_progress_notice(opened.municipality.pk, notice.pk)
    assert len(mailbox.letters) == 2, "a task that runs twice sends once"


def test_a_report_sent_back_brings_its_comment_to_each_of_its_officers(
    opened: YearOf, mailbox: Mailbox, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    for _time in range(2):
        with django_capture_on_commit_callbacks(execute=True), acting_as(opened.municipality):
            services.send_back(opened.hand_in("1-1-1"), "回数を書いてください。", opened.planner)
    assert len(mailbox.letters) == 4, "both departments answer for it, and each time is a letter"
    letter = mailbox.to(opened.other_officer.user)[0]
    assert "直していただきたい" in letter["Subject"]
    assert "回数を書いてください。" in said(letter)
    assert "冊子の作成" in said(letter)


def test_who_has_left_gets_no_letter(
    opened: YearOf, mailbox: Mailbox, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    opened.officer.ended_at = timezone.now()
    opened.officer.save()
    with django_capture_on_commit_callbacks(execute=True), acting_as(opened.municipality):
        services.open_year(opened.year.plan, 2026, date(2027, 5, 31))
        for notice in ProgressNotice.objects.all():
            send_progress_notice.enqueue(notice.pk)
    assert mailbox.to(opened.officer.user) == []


def test_a_mail_server_that_is_away_is_tried_again(
    opened: YearOf, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = probe.getsockname()[1]
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with acting_as(opened.municipality):
        notice = ProgressNotice.objects.first()
    with pytest.raises(OSError, match="refused"):
        send_progress_notice(opened.municipality.pk, notice.pk)
    assert OSError in send_progress_notice.autoretry_for
    with acting_as(opened.municipality):
        assert ProgressNotice.objects.get(pk=notice.pk).mailed_at is None
    assert not hasattr(mail, "outbox") or mail.outbox == []
