"""A course in a browser: booked on a telephone, given up again; ticked and asked about by keyboard alone."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW


def test_a_citizen_books_on_a_telephone_and_gives_up(page: Page) -> None:
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.goto("/nagato/")
    page.get_by_role("link", name="すべての催しを見る").click()
    page.get_by_role("link", name="はじめての手話").click()
    page.get_by_role("link", name=re.compile("申し込む$")).click()
    page.get_by_label("氏名").fill("山田花子")
    page.get_by_label("メールアドレス").fill("hanako@example.jp")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="申し込みのようす")).to_be_visible()
    expect(page.get_by_text(re.compile("受け付けました|受け付けています"))).to_be_visible()
    page.get_by_role("link", name="申し込みを取り消す").click()
    page.get_by_role("button", name="取り消す").click()
    expect(page.get_by_text("この申し込みは取り消しました。")).to_be_visible()


def test_attendance_and_paper_answers_by_keyboard_alone(sign_in: Callable[[str], Page]) -> None:
    page = sign_in("staff@nagato.example.jp")
    keyboard = page.keyboard
    page.goto("/nagato/office/events/?when=past")
    page.locator("tbody a").first.click()
    page.get_by_role("link", name="出席をとる").first.click()
    first, second = (page.locator(".attendance button").nth(number) for number in range(2))
    total = page.locator("#attendance-total")
    expect(first).to_be_focused()
    keyboard.press("ArrowDown")
    expect(second).to_be_focused()
    was, counted = second.get_attribute("aria-pressed"), total.inner_text()
    keyboard.press("Enter")
    expect(second).to_have_attribute("aria-pressed", "false" if was == "true" else "true")
    expect(total).not_to_have_text(counted)

    page.go_back()
    page.get_by_role("link", name="紙の答えを入力する").click()
    on_paper = page.get_by_text("紙の答えは、いままでに")
    before = int(re.findall(r"(\d+)枚", on_paper.inner_text())[0])
    for step in "12":
        expect(page.get_by_label("満足度")).to_be_focused()
        keyboard.type(step)
        keyboard.press("Enter")
        expect(page.get_by_text("次の1枚を入力できます")).to_be_visible()
    expect(on_paper).to_contain_text(f"{before + 2}枚")
