"""A person's own address: asked for after the password, proved by a letter, told to the old one."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from civic.accounts.models import Role, User
from civic.accounts.tasks import send_email_confirmation
from civic.tenancy.models import Municipality
from tests.conftest import PASSWORD, MakeMember

CHANGE = "/accounts/email/"
NEW = "atarashii@example.jp"


@pytest.fixture
def person(shimonoseki: Municipality, member: MakeMember, client: Client, monkeypatch: pytest.MonkeyPatch) -> User:
    """Somebody who has just given their password; what their requests send is sent at once."""
    monkeypatch.setattr(send_email_confirmation, "delay_on_commit", send_email_confirmation)
    user = member(shimonoseki, Role.STAFF)
    client.force_login(user)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return user


def link_in(letter: mail.EmailMessage) -> str:
    [address] = re.findall(r"https?://[^/]+(/\S+)", str(letter.body))
    return str(address)


def test_the_address_changes_when_the_letter_to_the_new_one_is_answered(person: User, client: Client) -> None:
    old = person.email
    assert client.post(CHANGE, {"email": NEW}).headers["Location"] == "/accounts/"
    to_new, to_old = mail.outbox
    assert (to_new.to, to_old.to) == ([NEW], [old])
    assert NEW in str(to_old.body)
    assert "http" not in str(to_old.body), "the old address cannot confirm"
    person.refresh_from_db()
    assert person.email == old

    anybody = Client()
    assert NEW in anybody.get(link_in(to_new)).content.decode()
    person.refresh_from_db()
    assert person.email == old, "opening the letter changes nothing"
    anybody.post(link_in(to_new))
    person.refresh_from_db()
    assert person.email == NEW
    assert [(address.email, address.verified, address.primary) for address in EmailAddress.objects.all()] == [
        (NEW, True, True)
    ]
    assert anybody.get("/accounts/").status_code == 302, "the link signs nobody in"
    assert "このリンクは使えません" in anybody.get(link_in(to_new)).content.decode()
    assert anybody.post("/accounts/login/", {"login": NEW, "password": PASSWORD}).status_code == 302


def test_only_the_letter_that_was_asked_for_last_counts(person: User, client: Client) -> None:
    client.post(CHANGE, {"email": "machigai@example.jp"})
    client.post(CHANGE, {"email": NEW})
    first, _to_old, second, _to_old_again = mail.outbox
    assert "このリンクは使えません" in client.get(link_in(first)).content.decode()
    client.post(link_in(second))
    person.refresh_from_db()
    assert person.email == NEW


def test_somebody_elses_address_is_never_taken(
    person: User, client: Client, yamaguchi: Municipality, member: MakeMember
) -> None:
    other = member(yamaguchi, Role.STAFF)
    client.post(CHANGE, {"email": other.email})
    letter = mail.outbox[0]
    assert letter.to == [other.email]
    assert "このリンクは使えません" in client.get(link_in(letter)).content.decode()
    client.post(link_in(letter))
    person.refresh_from_db()
    assert person.email == "staff@shimonoseki.example.jp"


def test_one_is_asked_for_the_password_first(shimonoseki: Municipality, member: MakeMember) -> None:
    client = Client()
    client.force_login(member(shimonoseki, Role.STAFF))
    assert client.get(CHANGE).headers["Location"].startswith("/accounts/reauthenticate/")
    assert client.post(CHANGE, {"email": NEW}).status_code == 302
    assert not EmailAddress.objects.filter(email=NEW).exists()
