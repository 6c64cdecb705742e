"""The counter's work in a browser: a consultation logged while the telephone is still at one's ear, and found again."""

import csv
import io
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import ZOOMED

# What the focused control says of itself: its own words, or those of its label.
SAYS = "() => { const on = document.activeElement; return on.labels?.[0]?.innerText ?? on.innerText ?? ''; }"


def cases_of_this_year(page: Page) -> int:
    """What the statistics say."""
    page.goto("/yamaguchi/office/consultations/statistics/")
    return int(page.locator(".figures dd").first.inner_text().removesuffix("件").replace(",", ""))


def test_a_telephone_call_by_keyboard_alone(sign_in: Callable[[str], Page]) -> None:
    page = sign_in("staff@yamaguchi.example.jp")
    before = cases_of_this_year(page)
    began = time.monotonic()
    page.goto("/yamaguchi/office/consultations/new/")
    expect(page.get_by_label("電話", exact=True)).to_be_focused()
    keyboard = page.keyboard
    keyboard.press("Tab")  # who asks: a person, as offered
    keyboard.press("Tab")  # anonymous, as offered
    keyboard.press("Tab")
    keyboard.type("波止場の花だんの水やり")
    keyboard.press("Tab")
    for words in ("設立", "会計"):  # two categories, by typing
        keyboard.type(words)
        keyboard.press("Enter")
    for _ in range(14):  # past eleven categories: the field, how many people, how long
        keyboard.press("Tab")
    expect(page.get_by_label("所要時間")).to_be_focused()
    keyboard.type("20")
    keyboard.press("Enter")
    expect(page.get_by_text("相談を記録しました。")).to_be_visible()
    assert time.monotonic() - began < 30

    page.goto("/yamaguchi/office/consultations/")
    page.get_by_label("ことば").fill("ハトバ 花だん")
    keyboard.press("Enter")
    expect(page.get_by_text("あてはまる相談はありませんでした")).to_be_visible()
    page.get_by_label("ことば").fill("花だん　波止場")
    keyboard.press("Enter")
    row = page.get_by_role("row", name="波止場の花だんの水やり")
    expect(row).to_contain_text("団体の設立、団体の運営・会計")
    row.get_by_role("link").click()
    expect(page.get_by_text("個人（匿名）")).to_be_visible()
    expect(page.get_by_text("20分", exact=True)).to_be_visible()
    expect(page.get_by_text("サンプル センター職員", exact=True).last).to_be_visible()
    assert cases_of_this_year(page) == before + 1

    page.go_back()
    page.get_by_role("link", name="団体・催し・担当課などにつなぐ").click()
    expect(page.get_by_role("radio", name="団体", exact=True)).to_be_focused()
    keyboard.press("Tab")
    keyboard.press("ArrowDown")  # the first group of the directory
    for _ in range(3):  # past the events to come and the name of another place
        keyboard.press("Tab")
    keyboard.type("代表に電話した")
    keyboard.press("Enter")
    expect(page.get_by_text("つないだ先を記録しました。")).to_be_visible()
    expect(page.get_by_text("代表に電話した", exact=True)).to_be_visible()
    assert cases_of_this_year(page) == before + 1


def test_a_closed_window_loses_nothing(sign_in: Callable[[str], Page]) -> None:
    page = sign_in("staff@nagato.example.jp")
    page.goto("/nagato/office/consultations/new/")
    page.get_by_label("件名").fill("書きかけの件名")
    page.get_by_label("ことばを打ってえらぶ").focus()
    page.keyboard.type("法人")
    expect(page.get_by_label("団体の設立")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.get_by_label("法人化")).to_be_checked()
    expect(page.get_by_text("書きかけを保存しました。")).to_be_visible()
    page.close()

    again = page.context.new_page()
    again.goto("/nagato/office/consultations/new/")
    expect(again.get_by_label("件名")).to_have_value("書きかけの件名")
    expect(again.get_by_label("法人化")).to_be_checked()
    again.get_by_role("button", name="消して、はじめから書く").click()
    expect(again.get_by_label("件名")).to_have_value("")


def test_a_citizen_finds_a_group(page: Page) -> None:
    page.goto("/yamaguchi/")
    page.get_by_label("どんな団体をさがしますか").fill("ｺﾄﾞﾓ")
    page.get_by_role("button", name="さがす").click()
    found = page.get_by_role("link", name="子ども食堂")
    expect(found.first).to_be_visible()
    found.first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("子ども食堂")
    expect(page.locator("main").get_by_text("サンプル", exact=True).first).to_be_visible()


def tab_to(page: Page, words: str) -> None:
    for _ in range(150):
        page.keyboard.press("Tab")
        if words in page.evaluate(SAYS):
            return
    raise AssertionError(f"the keyboard does not come to {words}")


def test_the_register_goes_out_as_csv_and_comes_back_changed_at_twice_the_size_by_keyboard_alone(
    sign_in: Callable[[str], Page], tmp_path: Path
) -> None:
    page = sign_in("staff@nagato.example.jp")
    # The browser leaves choosing files to the test from now on: told only with the key that asks, it may be late.
    page.on("filechooser", lambda chooser: None)
    page.set_viewport_size(ZOOMED)
    page.goto("/nagato/office/groups/files/")
    tab_to(page, "CSV")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="を受け取る")).to_be_visible(timeout=60_000)
    tab_to(page, "を受け取る")
    with page.expect_download() as downloading:
        page.keyboard.press("Enter")
    exported = Path(downloading.value.path()).read_bytes().decode("utf-8-sig")

    # As a spreadsheet program writes it: all fields that need it in quotes, lines that end as on Windows.
    rows = list(csv.reader(io.StringIO(exported)))
    column, name = rows[0].index("活動する場所"), rows[5][rows[0].index("団体名")]
    rows[5][column] = "港の見える集会所"
    saved = tmp_path / "団体.csv"
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows(rows)
    saved.write_bytes(written.getvalue().encode("utf-8-sig"))

    page.goto("/nagato/office/groups/files/")
    tab_to(page, "ファイル")
    with page.expect_file_chooser() as choosing:
        page.keyboard.press("Enter")
    choosing.value.set_files(saved)
    tab_to(page, "読んで、変わるところを見る")
    page.keyboard.press("Enter")
    for words in ("できたものを見る", "この内容を書きこむ", "できたものを見る"):
        expect(page.get_by_text(words)).to_be_visible(timeout=60_000)
        if words == "この内容を書きこむ":
            expect(page.get_by_role("row", name=name)).to_contain_text("港の見える集会所")
        tab_to(page, words)
        page.keyboard.press("Enter")
    page.wait_for_url("**/office/groups/")
    page.goto(f"/nagato/office/groups/?q={name}")
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_text("港の見える集会所")).to_be_visible()
