"""Rooms in a browser: people counted in two keystrokes, and a room booked by a group on a telephone."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW


def test_two_keystrokes_at_the_counter(sign_in: Callable[[str], Page]) -> None:
    page = sign_in("staff@yamaguchi.example.jp")
    page.goto("/yamaguchi/office/rooms/counter/")
    for people in ("4", "2"):
        # Chromium gives the field its focus a moment after the page is there; no hand is that fast.
        expect(page.get_by_label("人数（人）")).to_be_focused()
        page.keyboard.press(people)
        page.keyboard.press("Enter")
        expect(page.get_by_text(f"市民交流スペース {people}人を記録しました。")).to_be_visible()


def test_a_group_books_on_a_telephone(sign_in: Callable[[str], Page]) -> None:
    page = sign_in("group@yamaguchi.example.jp")
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.goto("/yamaguchi/rooms/")
    page.get_by_role("link", name="ログインして予約する").click()
    page.get_by_role("link", name="次の期間").click()
    page.get_by_role("link", name="空き").first.click()
    page.get_by_label("使う目的").fill("定例会")
    page.get_by_label("予定の人数").fill("8")
    page.get_by_role("button", name="予約する", exact=True).click()
    expect(page.get_by_text("予約しました。")).to_be_visible()
    expect(page.get_by_text("予約ずみ")).to_be_visible()
    page.get_by_role("link", name="取り消す").click()
    page.get_by_role("button", name="取り消す").click()
    expect(page.get_by_text("取り消しました。")).to_be_visible()


@pytest.mark.parametrize("path", ["", "counter/", "statistics/", "bookings/"])
def test_axe_finds_nothing(sign_in: Callable[[str], Page], path: str) -> None:
    page = sign_in("staff@yamaguchi.example.jp")
    page.goto(f"/yamaguchi/office/rooms/{path}")
    violations = Axe().run(page).response["violations"]
    assert [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in violations] == []
