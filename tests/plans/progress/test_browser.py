"""An officer at a keyboard: typing is kept by itself, and nothing is lost."""

from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from civic.accounts.models import Membership
from civic.tenancy.context import acting_as
from plans.models import ProgressReport
from plans.progress import services
from tests.plans.progress.conftest import WHOLE, YearOf

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MINE = "/shimonoseki/office/progress/sample/2025/mine/"


@pytest.fixture
def portal(committed_year: YearOf) -> Iterator[str]:
    server = LiveServer("localhost")
    yield server.url
    server.stop()


def page_of(member: Membership, portal: str, browser: Browser, *, scripts: bool = True) -> Page:
    """The officer's page, open in their browser."""
    client = Client()
    client.force_login(member.user)
    context = browser.new_context(java_script_enabled=scripts)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": portal}])
    page = context.new_page()
    page.goto(portal + MINE)
    return page


def stored(year: YearOf, key: str) -> ProgressReport:
    with acting_as(year.municipality):
        return year.report(key)


def test_typing_is_kept_without_a_button_and_handed_in_by_keyboard(
    committed_year: YearOf, portal: str, browser: Browser
) -> None:
    page = page_of(committed_year.officer, portal, browser)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    part = page.locator("#item-1-1-2")
    field = part.get_by_label("この年度にしたこと")
    field.focus()
    page.keyboard.type("説明会をひらいた。")
    expect(part.locator(".progress-saved")).to_contain_text("に保存しました")
    assert stored(committed_year, "1-1-2").done == "説明会をひらいた。"
    page.keyboard.type("3回。")
    expect(field).to_be_focused()
    part.get_by_label("進みぐあい").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    part.get_by_role("button", name="この項目を提出する").focus()
    page.keyboard.press("Enter")
    expect(part.locator(".badge").first).to_have_text("提出済み")
    expect(part.locator("h2")).to_be_focused()
    expect(page.locator("#left")).to_contain_text("1件")
    report = stored(committed_year, "1-1-2")
    assert (report.state, report.done, report.work_status) == ("submitted", "説明会をひらいた。3回。", "under_way")
    assert said == [], "nothing was refused by the Content-Security-Policy"


def test_of_two_who_type_the_second_is_told_and_keeps_both(
    committed_year: YearOf, portal: str, browser: Browser
) -> None:
    page = page_of(committed_year.officer, portal, browser)
    with acting_as(committed_year.municipality):
        services.save(committed_year.report("1-1-1"), 0, WHOLE | {"done": "協働課の文"}, committed_year.other_officer)
    part = page.locator("#item-1-1-1")
    field = part.get_by_label("この年度にしたこと")
    field.fill("広報課の文")
    expect(part.locator(".progress-saved")).to_contain_text("協働課の文")
    expect(field).to_have_value("広報課の文")
    field.press_sequentially("、つづき")
    page.wait_for_timeout(1500)
    assert stored(committed_year, "1-1-1").done == "協働課の文", "typing on does not write over it"
    part.get_by_role("button", name="上の欄の内容で保存する").click()
    expect(part.locator(".progress-saved .message")).to_have_count(0)
    assert stored(committed_year, "1-1-1").done == "広報課の文、つづき"
    field.press_sequentially("、そのつづき")
    expect(part.locator(".progress-saved")).to_contain_text("に保存しました")
    field.blur()
    page.wait_for_timeout(500)
    assert stored(committed_year, "1-1-1").done == "広報課の文、つづき、そのつづき"


def test_what_was_just_typed_is_handed_in_with_the_rest(committed_year: YearOf, portal: str, browser: Browser) -> None:
    page = page_of(committed_year.officer, portal, browser)
    part = page.locator("#item-1-1-2")
    part.get_by_label("進みぐあい").select_option("under_way")
    part.get_by_label("この年度にしたこと").press_sequentially("最後の文")
    page.get_by_role("button", name="まとめて提出する").click()
    expect(page.locator(".message--success")).to_contain_text("1件を提出しました")
    report = stored(committed_year, "1-1-2")
    assert (report.state, report.done) == ("submitted", "最後の文")


def test_nothing_is_handed_in_over_an_open_conflict(committed_year: YearOf, portal: str, browser: Browser) -> None:
    page = page_of(committed_year.officer, portal, browser)
    with acting_as(committed_year.municipality):
        services.save(committed_year.report("1-1-1"), 0, WHOLE, committed_year.other_officer)
    field = page.locator("#item-1-1-1").get_by_label("この年度にしたこと")
    field.press_sequentially("広報課の文")
    page.get_by_role("button", name="まとめて提出する").click()
    expect(page.locator("#item-1-1-1 .progress-saved .message")).to_be_visible()
    page.wait_for_timeout(500)
    expect(field).to_have_value("広報課の文")
    assert stored(committed_year, "1-1-1").state == "draft"


def test_what_does_not_arrive_is_said(committed_year: YearOf, portal: str, browser: Browser) -> None:
    page = page_of(committed_year.officer, portal, browser)
    part = page.locator("#item-1-1-2")
    page.context.set_offline(True)
    part.get_by_label("課題").fill("人が足りない。")
    expect(part.get_by_role("alert")).to_contain_text("保存できませんでした")
    page.context.set_offline(False)
    part.get_by_role("button", name="保存する").click()
    expect(part.get_by_role("alert")).to_have_count(0)
    expect(part.locator(".progress-saved")).to_contain_text("に保存しました")
    assert stored(committed_year, "1-1-2").problems == "人が足りない。"


def test_without_scripts_a_button_saves(committed_year: YearOf, portal: str, browser: Browser) -> None:
    page = page_of(committed_year.officer, portal, browser, scripts=False)
    part = page.locator("#item-1-1-2")
    part.get_by_label("課題").fill("人が足りない。")
    part.get_by_role("button", name="保存する").click()
    expect(page.locator(".message--success")).to_contain_text("保存しました")
    assert stored(committed_year, "1-1-2").problems == "人が足りない。"
