"""The second factor: who must have one, how it is set up, and back to the interrupted page."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from pytest_django import Settings

from civic.accounts.models import Membership, Role, User
from civic.accounts.rules import SECOND_FACTOR_ROLES
from civic.accounts.services import create_account
from civic.tenancy.models import Municipality
from tests.conftest import PASSWORD

EXPLANATION = "/accounts/second-factor/"


@pytest.fixture
def person(db: None) -> User:
    """Somebody who signs in with a password alone."""
    return create_account("person@example.jp", PASSWORD, "山田 太郎")


@pytest.fixture
def browser(person: User, client: Client) -> Client:
    """The person's browser."""
    client.force_login(person)
    return client


@pytest.mark.parametrize("role", Role)
def test_managers_and_planners_are_led_to_set_one_up(
    shimonoseki: Municipality, person: User, browser: Client, role: Role
) -> None:
    Membership.objects.create(user=person, municipality=shimonoseki, role=role)
    answer = browser.get("/shimonoseki/office/")
    if role in SECOND_FACTOR_ROLES:
        assert answer.headers["Location"] == EXPLANATION
        assert browser.post("/shimonoseki/office/members/invite/", {}).status_code in (302, 403)
    else:
        assert answer.status_code == 200


def test_the_roles_are_those_of_the_issue() -> None:
    assert {Role.MANAGER, Role.PLANNER} == SECOND_FACTOR_ROLES


def test_operators_are_led_to_set_one_up(person: User, browser: Client) -> None:
    User.objects.filter(pk=person.pk).update(is_operator=True)
    assert browser.get("/operator/").headers["Location"] == EXPLANATION


def test_nothing_is_done_before_there_is_one(shimonoseki: Municipality, person: User, browser: Client) -> None:
    Membership.objects.create(user=person, municipality=shimonoseki, role=Role.MANAGER)
    sent = {"email": "new@example.jp", "role": "staff"}
    assert browser.post("/shimonoseki/office/members/invite/", sent).headers["Location"] == EXPLANATION
    User.objects.filter(pk=person.pk).update(is_operator=True)
    municipality = {"code": "999999", "slug": "newtown", "name": "新町"}
    assert browser.post("/operator/new-municipality/", municipality).headers["Location"] == EXPLANATION
    assert not Municipality.objects.filter(slug="newtown").exists()


def test_setting_up_an_app_leads_back_to_the_interrupted_page(
    shimonoseki: Municipality, person: User, browser: Client
) -> None:
    Membership.objects.create(user=person, municipality=shimonoseki, role=Role.MANAGER)
    browser.get("/shimonoseki/office/members/?page=1")
    assert browser.get(EXPLANATION).status_code == 200
    asked_again = browser.get("/accounts/2fa/totp/activate/").headers["Location"]
    assert asked_again.startswith("/accounts/reauthenticate/")
    assert browser.post(asked_again, {"password": "wrong"}).status_code == 200
    assert browser.post(asked_again, {"password": PASSWORD}).headers["Location"] == "/accounts/2fa/totp/activate/"
    form = browser.get("/accounts/2fa/totp/activate/").context["form"]
    code = format_hotp_value(hotp_value(form.secret, int(time.time()) // 30))
    answer = browser.post("/accounts/2fa/totp/activate/", {"code": code})
    assert answer.headers["Location"] == "/accounts/2fa/recovery-codes/"
    assert "/accounts/start/" in browser.get("/accounts/2fa/recovery-codes/").content.decode()
    assert Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()
    assert browser.get("/accounts/start/").headers["Location"] == "/shimonoseki/office/members/?page=1"
    assert browser.get("/shimonoseki/office/members/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(shimonoseki: Municipality, person: User, browser: Client) -> None:
    Membership.objects.create(user=person, municipality=shimonoseki, role=Role.MANAGER)
    Authenticator.objects.create(user=person, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "x"})
    assert browser.get("/shimonoseki/office/").headers["Location"] == EXPLANATION


def test_a_passkey_is_one(shimonoseki: Municipality, person: User, browser: Client) -> None:
    Membership.objects.create(user=person, municipality=shimonoseki, role=Role.MANAGER)
    Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data={"credential": {}})
    assert browser.get("/shimonoseki/office/").status_code == 200


def test_sample_accounts_are_exempt(shimonoseki: Municipality, person: User, browser: Client) -> None:
    Membership.objects.create(user=person, municipality=shimonoseki, role=Role.MANAGER)
    User.objects.filter(pk=person.pk).update(is_sample=True)
    assert browser.get("/shimonoseki/office/").status_code == 200


def test_the_setting_turns_the_requirement_off(
    shimonoseki: Municipality, person: User, browser: Client, settings: Settings
) -> None:
    assert settings.REQUIRE_SECOND_FACTOR, "on unless the environment says otherwise"
    Membership.objects.create(user=person, municipality=shimonoseki, role=Role.MANAGER)
    settings.REQUIRE_SECOND_FACTOR = False
    assert browser.get("/shimonoseki/office/").status_code == 200
