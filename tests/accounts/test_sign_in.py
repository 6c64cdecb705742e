"""Signing in: e-mail and password, a real one-time code, lock-out, idle end, and where it leads."""

import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.sessions.models import Session
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from pytest_django import Settings

from civic.accounts.models import Membership, Role, User
from civic.accounts.tasks import clear_ended_sessions, send_password_reset
from civic.tenancy.models import Municipality
from tests.conftest import PASSWORD, TOTP_SECRET, MakeMember

LOGIN = "/accounts/login/"


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> HttpResponse:
    return client.post(LOGIN, {"login": email, "password": password, **more})


def is_signed_in(client: Client) -> bool:
    return client.get("/accounts/").status_code == 200


def current_code() -> str:
    return format_hotp_value(hotp_value(TOTP_SECRET, int(time.time()) // 30))


def test_an_address_and_its_password_open_the_office(
    shimonoseki: Municipality, member: MakeMember, client: Client
) -> None:
    member(shimonoseki, Role.STAFF)
    answer = sign_in(client, "Staff@Shimonoseki.example.jp")
    assert answer.headers["Location"] == "/accounts/start/"
    assert client.get("/accounts/start/").headers["Location"] == "/shimonoseki/office/"


def test_a_wrong_password_and_an_unknown_address_are_told_alike(
    shimonoseki: Municipality, member: MakeMember, client: Client
) -> None:
    member(shimonoseki, Role.STAFF)
    answers = [sign_in(client, email, "wrong") for email in ("staff@shimonoseki.example.jp", "nobody@example.jp")]
    errors = [answer.context["form"].errors.as_text() for answer in answers]
    assert errors[0] == errors[1]
    assert "メールアドレスかパスワードが正しくありません" in errors[0]
    assert not is_signed_in(client)


def test_nobody_signs_up(client: Client, db: None) -> None:
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")
    assert client.get("/accounts/signup/").status_code == 404


def test_five_wrong_passwords_lock_the_address_and_say_so(
    shimonoseki: Municipality, member: MakeMember, client: Client
) -> None:
    member(shimonoseki, Role.STAFF)
    for _attempt in range(5):
        sign_in(client, "staff@shimonoseki.example.jp", "wrong")
    answer = sign_in(client, "staff@shimonoseki.example.jp")
    assert "15分ほど待ってから" in answer.content.decode()
    assert not is_signed_in(client), "the right password does not help while locked"
    member(shimonoseki, Role.COUNCIL)
    sign_in(client, "council@shimonoseki.example.jp")
    assert is_signed_in(client), "a colleague on the same machine is not locked"


def test_a_machine_that_tries_many_addresses_is_stopped(
    shimonoseki: Municipality, member: MakeMember, client: Client
) -> None:
    for number in range(20):
        sign_in(client, f"guess{number}@example.jp", "wrong")
    member(shimonoseki, Role.STAFF)
    assert "15分ほど待ってから" in sign_in(client, "staff@shimonoseki.example.jp").content.decode()


def test_a_second_factor_is_asked_for_and_a_real_code_opens(
    shimonoseki: Municipality, member: MakeMember, client: Client
) -> None:
    member(shimonoseki, Role.MANAGER)
    assert sign_in(client, "manager@shimonoseki.example.jp").headers["Location"] == "/accounts/2fa/authenticate/"
    assert not is_signed_in(client), "the password alone opens nothing"
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000" if current_code() != "000000" else "1"})
    assert "正しくありません" in wrong.content.decode()
    assert not is_signed_in(client)
    code = current_code()
    client.post("/accounts/2fa/authenticate/", {"code": code})
    assert is_signed_in(client)

    other = Client()
    sign_in(other, "manager@shimonoseki.example.jp")
    other.post("/accounts/2fa/authenticate/", {"code": code})
    assert not is_signed_in(other), "a code is used once"


def test_a_recovery_code_opens_once(shimonoseki: Municipality, member: MakeMember, client: Client) -> None:
    manager = member(shimonoseki, Role.MANAGER)
    Authenticator.objects.create(
        user=manager, type=Authenticator.Type.RECOVERY_CODES, data={"migrated_codes": ["12345678", "87654321"]}
    )
    sign_in(client, "manager@shimonoseki.example.jp")
    client.post("/accounts/2fa/authenticate/", {"code": "12345678"})
    assert is_signed_in(client)
    other = Client()
    sign_in(other, "manager@shimonoseki.example.jp")
    other.post("/accounts/2fa/authenticate/", {"code": "12345678"})
    assert not is_signed_in(other)


def test_many_wrong_codes_lock_the_second_factor(shimonoseki: Municipality, member: MakeMember, client: Client) -> None:
    member(shimonoseki, Role.MANAGER)
    sign_in(client, "manager@shimonoseki.example.jp")
    for _attempt in range(5):
        client.post("/accounts/2fa/authenticate/", {"code": "12"})
    answer = client.post("/accounts/2fa/authenticate/", {"code": current_code()})
    assert "15分ほど待ってから" in answer.content.decode()
    assert not is_signed_in(client)


def test_someone_inactive_is_not_signed_in(shimonoseki: Municipality, member: MakeMember, client: Client) -> None:
    user = member(shimonoseki, Role.STAFF)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert sign_in(client, user.email).headers["Location"] == "/accounts/inactive/"
    assert not is_signed_in(client)


def test_an_hour_without_a_click_ends_the_session(
    shimonoseki: Municipality, member: MakeMember, client: Client
) -> None:
    member(shimonoseki, Role.STAFF)
    sign_in(client, "staff@shimonoseki.example.jp")
    session = Session.objects.get()
    assert timezone.now() + timedelta(minutes=59) < session.expire_date < timezone.now() + timedelta(minutes=61)

    # Fifty minutes later a click comes: the hour begins again.
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=10))
    assert is_signed_in(client)
    assert Session.objects.get().expire_date > timezone.now() + timedelta(minutes=59)

    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    answer = client.get("/shimonoseki/office/")
    assert answer.headers["Location"] == "/accounts/login/?next=/shimonoseki/office/"


def test_a_part_of_a_page_asked_for_after_the_end_leads_the_whole_page_to_sign_in(client: Client, db: None) -> None:
    answer = client.get(
        "/shimonoseki/office/",
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/shimonoseki/office/?q=1"},
    )
    assert answer.headers["HX-Redirect"] == "/accounts/login/?next=/shimonoseki/office/%3Fq%3D1"
    assert answer.content == b""


def test_what_is_left_of_ended_sessions_is_cleared_away(client: Client, db: None) -> None:
    for expiry in (timedelta(days=-1), timedelta(days=1)):
        Session.objects.create(session_key=f"{expiry}", session_data="", expire_date=timezone.now() + expiry)
    clear_ended_sessions()
    assert [session.session_key for session in Session.objects.all()] == [f"{timedelta(days=1)}"]


def test_the_session_ends_with_the_browser(shimonoseki: Municipality, member: MakeMember, client: Client) -> None:
    member(shimonoseki, Role.STAFF)
    sign_in(client, "staff@shimonoseki.example.jp")
    assert client.cookies["sessionid"]["max-age"] == ""


def test_several_municipalities_are_a_choice(
    shimonoseki: Municipality, yamaguchi: Municipality, member: MakeMember, client: Client
) -> None:
    user = member(shimonoseki, Role.STAFF)
    Membership.objects.create(user=user, municipality=yamaguchi, role=Role.COUNCIL)
    client.force_login(user)
    page = client.get("/accounts/start/").content.decode()
    assert "/shimonoseki/office/" in page
    assert "/yamaguchi/office/" in page
    assert "/nagato/office/" not in page


def test_somebody_without_a_place_is_told_what_to_do(client: Client, db: None) -> None:
    client.force_login(User.objects.create_user("former@example.jp", PASSWORD))
    assert "もう一度招待してもらってください" in client.get("/accounts/start/").content.decode()


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/shimonoseki/office/?q=%E8%B2%B8%E9%96%93", "/shimonoseki/office/?q=%E8%B2%B8%E9%96%93"),
        ("https://evil.example/", "/accounts/start/"),
        ("//evil.example/", "/accounts/start/"),
        ("javascript:alert(1)", "/accounts/start/"),
    ],
)
def test_signing_in_leads_on_but_never_outside(
    shimonoseki: Municipality, member: MakeMember, client: Client, asked: str, led: str
) -> None:
    member(shimonoseki, Role.STAFF)
    assert sign_in(client, "staff@shimonoseki.example.jp", next=asked).headers["Location"] == led


def test_signing_out_needs_a_click(shimonoseki: Municipality, member: MakeMember, client: Client) -> None:
    member(shimonoseki, Role.STAFF)
    sign_in(client, "staff@shimonoseki.example.jp")
    client.get("/accounts/logout/")
    assert is_signed_in(client), "a link or an image signs nobody out"
    assert client.post("/accounts/logout/").headers["Location"] == "/"
    assert not is_signed_in(client)


def test_a_forgotten_password_is_set_anew_by_mail(
    shimonoseki: Municipality, member: MakeMember, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = member(shimonoseki, Role.STAFF)
    sent: list[int] = []
    monkeypatch.setattr(send_password_reset, "delay_on_commit", sent.append)
    client.post("/accounts/password/reset/", {"email": user.email})
    assert sent == [user.pk]
    send_password_reset(user.pk)
    [letter] = mail.outbox
    assert letter.to == [user.email]
    [address] = re.findall(r"https?://[^/]+(/\S+)", letter.body)
    form = client.get(address, follow=True)
    changed = client.post(form.request["PATH_INFO"], {"password1": "tsumugi-akari-77", "password2": "tsumugi-akari-77"})
    assert changed.headers["Location"] == "/accounts/password/reset/key/done/"
    user.refresh_from_db()
    assert user.check_password("tsumugi-akari-77")
    assert client.get(address, follow=True).context["token_fail"], "the link works once"


def test_asking_for_a_new_password_tells_nothing_about_who_has_an_account(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[int] = []
    monkeypatch.setattr(send_password_reset, "delay_on_commit", sent.append)
    answer = client.post("/accounts/password/reset/", {"email": "nobody@example.jp"})
    assert answer.headers["Location"] == "/accounts/password/reset/done/"
    assert sent == []
    assert mail.outbox == []


@pytest.mark.parametrize("email", ["staff@shimonoseki.example.jp", "nobody@example.jp"])
def test_without_a_broker_everybody_who_asks_is_told_to_come_again(
    shimonoseki: Municipality, member: MakeMember, client: Client, settings: Settings, email: str
) -> None:
    member(shimonoseki, Role.STAFF)
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = client.post("/accounts/password/reset/", {"email": email})
    assert answer.status_code == 200
    assert "いまメールを送れません" in answer.content.decode()
    assert f'value="{email}"' in answer.content.decode()


def test_ones_own_name_is_changed_and_nobody_elses(
    shimonoseki: Municipality, member: MakeMember, client: Client
) -> None:
    user, other = member(shimonoseki, Role.STAFF), member(shimonoseki, Role.COUNCIL)
    client.force_login(user)
    assert client.post("/accounts/", {"name": "山田 太郎", "pk": other.pk, "is_operator": "on"}).status_code == 302
    user.refresh_from_db()
    other.refresh_from_db()
    assert (user.name, user.is_operator) == ("山田 太郎", False)
    assert other.name == "審議会の人"
    assert "入力してください" in str(client.post("/accounts/", {"name": ""}).context["form"].errors)
