"""The portal from end to end, as the people it is for walk it."""

import re
from collections.abc import Callable
from io import BytesIO

from playwright.sync_api import Page, expect
from pypdf import PdfReader

SignIn = Callable[[str], Page]


def test_a_citizen_finds_a_group(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="山口市").click()
    page.get_by_label("どんな団体をさがしますか").fill("こども")
    page.keyboard.press("Enter")
    page.wait_for_url("**/yamaguchi/groups/?q=*")
    expect(page.get_by_label("ことば")).to_have_value("こども")
    found = page.locator("main").get_by_role("link", name=re.compile("子ども|こども"))
    assert found.count() > 0, "written in kanji or kana, it is the same word"
    name = found.first.inner_text()
    found.first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    expect(page.locator("main")).to_contain_text("サンプル")


def test_filters_narrow_and_an_empty_answer_leads_on(page: Page) -> None:
    page.goto("/shimonoseki/groups/")
    all_of_them = page.locator("main h2").first.inner_text()
    page.get_by_label("活動分野").select_option(index=1)
    page.get_by_role("button", name="さがす").click()
    expect(page.locator("main")).not_to_contain_text(all_of_them)
    page.goto("/shimonoseki/groups/?q=どこにもない団体名")
    page.locator("main").get_by_role("link", name=re.compile("消す|すべて")).first.click()
    expect(page.locator("main")).to_contain_text(all_of_them)


def test_a_consultation_is_logged_by_keyboard_alone_and_found_again(sign_in: SignIn) -> None:
    page = sign_in("staff@nagato.example.jp")
    page.goto("/nagato/office/consultations/new/")
    subject = "竹林の手入れを手伝う人をさがしたい"
    for _ in range(4):  # method, asker, anonymous: each as it stands
        if page.evaluate("document.activeElement.name") == "summary":
            break
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "summary"
    page.keyboard.type(subject)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(subject)

    page.goto("/nagato/office/consultations/")
    page.get_by_label("ことば").fill("竹林の手入れ")
    page.keyboard.press("Enter")
    page.get_by_role("link", name=subject).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(subject)

    # Another municipality's staff cannot so much as guess it.
    number = page.url.rstrip("/").rsplit("/", 1)[1]
    assert page.request.get(f"/shimonoseki/office/consultations/{number}/").status == 404


def test_a_wrong_entry_keeps_what_was_typed(sign_in: SignIn) -> None:
    page = sign_in("staff@yamaguchi.example.jp")
    page.goto("/yamaguchi/office/consultations/new/")
    page.get_by_label("件名").fill("日付をまちがえた相談")
    page.locator("input.year").first.fill("2026")
    page.locator("input[name$=month]").first.fill("13")
    page.get_by_label("件名").press("Enter")
    expect(page.get_by_label("件名")).to_have_value("日付をまちがえた相談")
    wrong = page.locator("fieldset[aria-describedby]").filter(has=page.locator("[aria-invalid=true]"))
    described_by = (wrong.get_attribute("aria-describedby") or "").split()
    assert any(page.locator(f"[id='{one}']").inner_text().startswith("＊") for one in described_by)


def test_a_planner_makes_an_annual_report_and_publishes_it(sign_in: SignIn) -> None:
    page = sign_in("planner@nagato.example.jp")
    page.goto("/nagato/office/plans/second/reports/")
    page.get_by_label("年度").select_option("2020")
    page.get_by_role("button", name="年次報告書を作る").click()
    page.wait_for_url("**/office/jobs/*/")
    expect(page.locator("main")).to_contain_text("完了", timeout=60_000)
    page.goto("/nagato/office/plans/second/reports/")
    assert page.request.get("/nagato/plans/second/reports/2020/").status == 404, "not public yet"

    page.get_by_role("row", name=re.compile("令和2年度")).get_by_role("link", name="公開する").click()
    page.get_by_role("button", name="公開する").click()
    expect(page.get_by_role("row", name=re.compile("令和2年度"))).to_contain_text("公開")
    published = page.request.get("/nagato/plans/second/reports/2020.pdf")
    assert published.status == 200
    text = "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(published.body())).pages)
    assert "令和2年度（2020年度）" in text.replace("\n", "")


def test_the_four_reports_are_there_from_the_start(page: Page) -> None:
    for address in (
        "/shimonoseki/plans/5th/reports/2026",
        "/shimonoseki/plans/3rd/reports/2020",
        "/yamaguchi/plans/first/reports/2012",
        "/nagato/plans/second/reports/2021",
    ):
        assert page.request.get(f"{address}/").status == 200
        pdf = page.request.get(f"{address}.pdf")
        assert (pdf.status, pdf.headers["content-type"]) == (200, "application/pdf")
        assert len(PdfReader(BytesIO(pdf.body())).pages) > 5


def test_an_unknown_address_leads_somewhere(page: Page) -> None:
    for address in ("/atlantis/", "/nagato/groups/999999999999999999999/", "/nagato/plans/none/"):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 404
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.locator("main a").count() > 0


def test_bad_input_is_answered_in_the_400s(page: Page) -> None:
    for address in (
        "/nagato/groups/?page=99999999999999999999",
        "/nagato/groups/?page=abc",
        "/nagato/groups/?q=%00",
        "/nagato/groups/?field=999999999999999999999",
        "/nagato/groups/?district=x&kind=y",
        "/nagato/plans/second/reports/99999999999/",
        f"/nagato/groups/?q={'あ' * 400}",
    ):
        status = page.request.get(address).status
        assert 400 <= status < 500, f"{address} answered {status}"


def test_the_account_menu_stays_on_a_phone_s_page(sign_in: SignIn) -> None:
    page = sign_in("staff@nagato.example.jp")
    page.set_viewport_size({"width": 375, "height": 800})
    for address in ("/nagato/office/", "/shimonoseki/"):
        page.goto(address)
        page.locator("details.account > summary").click()
        expect(page.get_by_role("button", name="ログアウト")).to_be_in_viewport()
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_a_plan_is_printed_with_every_sheet_open(page: Page) -> None:
    """On A4, without what is only for the screen; each sheet's words are there though it is folded on the screen."""
    page.goto("/yamaguchi/plans/first/")
    folded = page.locator(".plan-sheet").first
    purpose = folded.locator("dd p").first.text_content() or ""
    assert not folded.locator("dd p").first.is_visible()
    printed = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    width, height = (float(side) / 72 * 25.4 for side in printed.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (210, 297)
    text = "".join("".join(sheet.extract_text().split()) for sheet in printed.pages)
    for words in ("どこまで進んだか", "成果指標ごとの達成率", "".join(purpose.split())):
        assert words in text, words
    for words in ("項目をさがす", "ログイン"):
        assert words not in text, words
