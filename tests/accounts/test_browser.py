"""From an invitation to working in the office, in a browser with a passkey."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from civic.accounts.models import Invitation, Role
from civic.accounts.tokens import token_of
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ADDRESS = "new-manager@shimonoseki.example.jp"
A_DEVICE_THAT_KNOWS_ITS_OWNER = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def invitation(committed: None) -> Invitation:
    """A manager's invitation that the running portal sees as well."""
    with acting_as(Municipality.objects.get(slug="shimonoseki")):
        return Invitation.objects.create(email=ADDRESS, role=Role.MANAGER)


@pytest.fixture
def portal(invitation: Invitation, settings: Settings) -> Iterator[str]:
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    server = LiveServer("localhost")
    yield server.url
    server.stop()


def refused(page: Page) -> list[str]:
    """What the browser refuses from now on because of the Content-Security-Policy, and what fails in a script."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if "Content Security Policy" in message.text else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def test_an_invited_manager_registers_sets_up_a_passkey_and_signs_in_with_it(
    invitation: Invitation, portal: str, browser: Browser
) -> None:
    page = browser.new_page()
    said = refused(page)
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": A_DEVICE_THAT_KNOWS_ITS_OWNER})

    page.goto(f"{portal}/accounts/invitations/shimonoseki/{token_of(invitation)}/")
    page.get_by_label("お名前").fill("山田 花子")
    page.get_by_label("パスワード", exact=False).first.fill(PASSWORD)
    page.get_by_label("パスワード（もう一度）").fill(PASSWORD)
    page.get_by_role("button", name="登録する").click()
    expect(page.get_by_role("status")).to_contain_text("登録が終わりました")
    page.get_by_label("メールアドレス").fill(ADDRESS)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="ログインする", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("2段階の本人確認を設定してください")
    page.get_by_role("link", name="パスキーを使う").click()
    page.get_by_label("パスワード").fill(PASSWORD)
    page.locator("main").get_by_role("button").first.click()
    page.get_by_label("この端末の呼び名").fill("事務室のパソコン")
    page.get_by_label("次からパスワードなしでログインする").check()
    page.get_by_role("button", name="登録する").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("予備の番号")
    page.get_by_role("link", name="しまいました").click()
    expect(page).to_have_url(f"{portal}/shimonoseki/office/")

    page.goto(f"{portal}/accounts/")
    page.locator("main").get_by_role("button", name="ログアウトする").click()
    page.goto(f"{portal}/shimonoseki/office/members/")
    page.get_by_role("button", name="パスキーでログインする").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("利用者")
    expect(page.locator("main")).to_contain_text(ADDRESS)
    assert said == []
