"""Joining on the web and at the counter: what counts when, what is asked of whom, and who gets pages of their own."""

import html
import re
from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from civic import settings as portal_settings
from civic.accounts import services as accounts
from civic.accounts.models import Invitation, Membership, Role
from civic.celery import app as celery_app
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from matching.models import (
    Consent,
    ConsentPurpose,
    GuildLetter,
    QueueEntry,
    Skill,
    Supporter,
    SupporterContact,
    SupporterStatus,
    SupporterTime,
)
from matching.supporters import services
from matching.supporters.queries import introducible, supporters_of
from matching.tasks import look_after_supporters
from tests.conftest import PASSWORD, MakeMember, SignIn
from tests.matching.supporters.conftest import TYPED, Joined

pytestmark = pytest.mark.filterwarnings("ignore:task_always_eager has no effect")
JOIN = "/shimonoseki/guild/join/"
Status = SupporterStatus


@pytest.fixture(autouse=True)
def letters_at_once(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """So many people of one address on one machine are these tests' own."""
    monkeypatch.setitem(celery_app.conf, "task_always_eager", True)
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.fixture
def send(shimonoseki: Municipality, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Any:
    """Fill in the form, and let the worker do what follows."""

    def post(machine: str = "127.0.0.1", **changed: Any) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return Client(REMOTE_ADDR=machine).post(JOIN, TYPED | changed)

    return post


def link_in(letter: EmailMessage) -> str:
    return next(line for line in letter.body.splitlines() if "/guild/join/" in line).partition("/shimonoseki")[2]


def test_nothing_counts_until_the_letters_button_is_pressed(
    shimonoseki: Municipality, send: Any, mailoutbox: list[EmailMessage]
) -> None:
    assert "まだ登録は終わっていません" in send().content.decode()
    with acting_as(shimonoseki):
        assert Supporter.objects.get().status == Status.UNCONFIRMED
        assert not introducible().exists()
        assert "（確認のためのリンク）" in GuildLetter.objects.get().body
    (letter,) = mailoutbox
    assert letter.to == ["hanako@example.jp"]
    # Nobody is sent by the city what a stranger typed.
    assert not [word for word in ("花子", "かもめ") if word in letter.subject + letter.body]
    url = "/shimonoseki" + link_in(letter)
    # A mail scanner opens links: nothing comes of it.
    assert "登録しますか" in Client().get(url).content.decode()
    Client().head(url)
    with acting_as(shimonoseki):
        assert not introducible().exists()
    for _twice in range(2):
        assert Client().post(url).status_code == 302
    with acting_as(shimonoseki):
        supporter = introducible().get()
        assert supporter.nickname == "かもめ"
        assert QueueEntry.objects.get().supporter == supporter
        assert not GuildLetter.objects.filter(body__contains=url).exists()


def test_what_was_typed_is_what_is_kept(shimonoseki: Municipality, send: Any) -> None:
    with acting_as(shimonoseki):
        driving = Skill.objects.create(name="車の運転")
        Skill.objects.create(name="手話")
        retired = Skill.objects.create(name="そろばん", is_retired=True)
    assert f"skill-{retired.pk}" not in Client().get(JOIN).content.decode()
    send(**{f"skill-{driving.pk}": "3", "activity_fields": ["7"]})
    with acting_as(shimonoseki):
        supporter = Supporter.objects.get()
        assert [str(row) for row in supporter.skills.all()] == ["車の運転（人に教えられる）"]
        assert [row.field for row in supporter.fields.all()] == [7]
        # The morning and the afternoon meet.
        saturday = SupporterTime.objects.get()
        assert (saturday.weekday, saturday.starts, saturday.ends) == (5, time(8), time(17))
        assert [consent.purpose for consent in Consent.objects.all()] == ["introduction"]
        assert SupporterContact.objects.get().email == "hanako@example.jp"


def test_nothing_is_ticked_beforehand_and_mistakes_keep_what_was_typed(shimonoseki: Municipality) -> None:
    page = Client().get(JOIN).content.decode()
    boxes = [part.partition(">")[0] for part in page.split("<input") if 'name="consent-' in part.partition(">")[0]]
    assert len(boxes) == len(ConsentPurpose)
    assert not any("checked" in box for box in boxes)
    response = Client().post(JOIN, TYPED | {"name": "", "reach": "districts", "asks_a_month": "0"})
    page = html.unescape(response.content.decode())
    wrong = re.findall('<li><a href="#id_([a-z_]+)', page.partition("error-summary")[2])
    assert wrong == ["name", "comes_to_", "asks_a_month"], "listed as they come on the page"
    assert response.status_code == 400
    assert "かもめ" in page
    assert "行ける地区をえらぶか" in page
    with acting_as(shimonoseki):
        assert not Supporter.objects.exists()


def test_what_can_be_told_later_is_folded_until_it_is_filled_in_or_wrong(shimonoseki: Municipality) -> None:
    def opened(**changed: Any) -> dict[str, bool]:
        page = Client().post(JOIN, TYPED | {"asks_a_month": "4"} | changed) if changed else Client().get(JOIN)
        parts = page.content.decode().partition("<main")[2].split("<details")[1:]
        return {part.partition("<summary>")[2].partition("（")[0]: " open>" in part[:40] for part in parts}

    times, where = "動ける時間", "どこで、どんな分野で"
    assert not any(opened().values())
    found = opened(name="", **{"times-5": []})
    assert len(found) == 5
    assert not any(found.values())
    assert [part for part, is_open in opened(name="").items() if is_open] == [times]
    assert [part for part, is_open in opened(reach="districts", **{"times-5": []}).items() if is_open] == [where]


@pytest.mark.parametrize(("days_short", "is_taken"), [(0, True), (1, False)])
def test_a_guardian_agrees_for_those_under_eighteen(
    shimonoseki: Municipality, send: Any, days_short: int, is_taken: bool
) -> None:
    today = timezone.localdate()
    born = today.replace(year=today.year - 18) + timedelta(days=days_short)
    birthday = {"born_on_year": born.year, "born_on_month": born.month, "born_on_day": born.day}
    response = send(**birthday)
    assert response.status_code == (200 if is_taken else 400)
    assert ("保護者の同意が必要です" in response.content.decode()) is not is_taken
    if not is_taken:
        guardian = {"guardian_name": "見本 親", "guardian_phone": "000-0000-0002", "guardian_agrees": "on"}
        assert send(**birthday, **guardian).status_code == 200
        with acting_as(shimonoseki):
            assert SupporterContact.objects.get().guardian_agreed_on == today


def test_a_person_has_a_birthday_and_a_business_none(send: Any) -> None:
    no_birthday = {"born_on_year": "", "born_on_month": "", "born_on_day": ""}
    assert send(**no_birthday).status_code == 400
    assert send(**no_birthday, kind="business").status_code == 200


def test_whoever_wants_to_be_called_has_a_number(send: Any) -> None:
    called = {"phone": "", "consent-urgent_calls": "on"}
    assert "電話番号を入力してください" in send(**called).content.decode()
    assert send(**called | {"phone": "000-0000-0001"}).status_code == 200


def test_the_form_is_no_way_to_flood_an_address(send: Any, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = portal_settings.ACCOUNT_RATE_LIMITS
    address = f"{uuid4()}@example.jp"
    machine = f"10.{'.'.join(str(part) for part in uuid4().bytes[:3])}"  # counts outlive a test
    assert [send(machine, email=address).status_code for _ in range(6)] == [200] * 5 + [429]


def test_joining_leads_to_pages_of_ones_own(shimonoseki: Municipality, send: Any, mailoutbox: Any) -> None:
    send()
    url = "/shimonoseki" + link_in(mailoutbox[0])
    answer = Client().post(url)
    assert "/accounts/invitations/shimonoseki/" in answer["Location"]
    # Whoever went away before choosing a password comes back by the same link.
    assert "パスワードを決める" in Client().get(url).content.decode()
    assert Client().post(url)["Location"] == answer["Location"]
    with acting_as(shimonoseki):
        invitation = Invitation.objects.get()
        assert (invitation.role, invitation.email) == (Role.SUPPORTER, "hanako@example.jp")
        user = accounts.register_invited(invitation, "花子", PASSWORD)
        assert supporters_of(Membership.objects.get(user=user)).get().nickname == "かもめ"
    assert "パスワードを決める" not in Client().get(url).content.decode()
    client = Client()
    client.force_login(user)
    assert "かもめさん" in client.get("/shimonoseki/office/guild/own/", follow=True).content.decode()


def test_a_groups_representative_needs_no_second_account(
    shimonoseki: Municipality, member: MakeMember, joined: Joined
) -> None:
    user = member(shimonoseki, Role.GROUP)
    with acting_as(shimonoseki):
        supporter = joined(status=Status.UNCONFIRMED)
        SupporterContact.objects.update(email=user.email)
        services.confirm(supporter)
        assert not Invitation.objects.exists()
        assert supporters_of(Membership.objects.get(user=user)).get() == supporter


def test_the_same_person_is_not_there_twice(shimonoseki: Municipality, joined: Joined) -> None:
    with acting_as(shimonoseki):
        joined()
        again = joined(status=Status.UNCONFIRMED)
        with pytest.raises(ValidationError, match="もうあります"):
            services.confirm(again)
        assert Supporter.objects.get(pk=again.pk).status == Status.UNCONFIRMED


def test_what_nobody_confirms_is_forgotten_and_a_letter_that_did_not_go_out_goes_later(
    shimonoseki: Municipality,
    joined: Joined,
    mailoutbox: list[EmailMessage],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    today = timezone.localdate()
    with acting_as(shimonoseki):
        joined("きのう", status=Status.UNCONFIRMED, registered_on=today - timedelta(days=1))
        joined("前から", registered_on=today - timedelta(days=99))
        joined("忘れた", status=Status.UNCONFIRMED, registered_on=today - timedelta(days=15))
    for _twice in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            look_after_supporters()
    assert len(mailoutbox) == 1
    with acting_as(shimonoseki):
        assert {supporter.nickname for supporter in Supporter.objects.all()} == {"きのう", "前から"}
        assert SupporterContact.objects.count() == 2


def test_at_the_counter_the_paper_is_needed_and_it_counts_at_once(
    shimonoseki: Municipality, signed_in: SignIn, mailoutbox: list[EmailMessage]
) -> None:
    client = signed_in(shimonoseki, Role.STAFF)
    url = "/shimonoseki/office/guild/supporters/new/"
    assert client.post(url, TYPED | {"email": ""}).status_code == 400
    assert client.post(url, TYPED | {"email": "", "has_paper": "on"}).status_code == 302
    with acting_as(shimonoseki):
        assert introducible().get().consents.get().is_on_paper
        assert not Invitation.objects.exists()
    assert not mailoutbox


def test_a_link_nobody_made_opens_nothing(db: None) -> None:
    for token in ("1", "1:abc", "x"):
        assert Client().get(f"{JOIN}{token}/").status_code == 404
