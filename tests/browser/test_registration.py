"""A group registers on a phone: applied, sent back, corrected, approved, in the directory, and handed on."""

import re
import time
from email.header import decode_header, make_header

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import NARROW, PASSWORD
from tests.portal import Portal
from tests.uploads.files import a_pdf

NAME = "波止場あじさいの会"
HANAKO, TSUKIKO = "hanako@example.org", "tsukiko@example.org"


def link_in_mail(portal: Portal, to: str, subject: str) -> str:
    """The address in the last letter with a subject that went to somebody; the worker writes letters to the log."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        # Each line begins with the name of the process that wrote it.
        written = re.sub(r"(?m)^[\w-]+ *\| ", "", portal.output)
        letters = re.split(r"(?=Content-Type: text/plain)", written)
        for letter in reversed(letters):
            link = re.search(r"https?://[^/\s]+(/shimonoseki/\S+|/accounts/\S+)", letter)
            if f"To: {to}" in letter and subject in decoded(letter) and link:
                return link[1]
        time.sleep(0.2)
    raise AssertionError(f"No letter to {to} about {subject}")


def decoded(letter: str) -> str:
    found = re.search(r"^Subject: (.*(?:\n[ \t].*)*)", letter, re.MULTILINE)
    return str(make_header(decode_header(found[1]))) if found else ""


def phone_of(chromium: Browser, portal: Portal) -> Page:
    context = chromium.new_context(base_url=f"http://127.0.0.1:{portal.port}", locale="ja-JP", viewport=NARROW)
    context.set_default_timeout(15_000)
    return context.new_page()


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("メールアドレス").fill(email)
    page.get_by_label("パスワード").fill(password)
    page.get_by_role("button", name="ログインする", exact=True).click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def take_up(page: Page, invitation: str, name: str) -> None:
    """Accept an invitation and sign in with the account that it makes."""
    page.goto(invitation)
    page.get_by_label("お名前").fill(name)
    page.get_by_label("パスワード", exact=False).first.fill(PASSWORD)
    page.get_by_label("もう一度", exact=False).fill(PASSWORD)
    page.get_by_role("button").last.click()


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_from_the_first_form_to_the_next_representative(
    chromium: Browser, context: BrowserContext, portal: Portal
) -> None:
    phone, desk = phone_of(chromium, portal), context.new_page()
    paper = {"name": "規約.pdf", "mimeType": "application/pdf", "buffer": a_pdf()}

    phone.goto("/shimonoseki/registration/")
    fits(phone)
    phone.get_by_role("link", name="登録を申し込む").click()
    fits(phone)
    phone.get_by_label("代表者の氏名").fill("花子")
    phone.get_by_label("代表者のメールアドレス").fill(HANAKO)
    phone.get_by_label("団体名", exact=False).first.fill(NAME)
    phone.get_by_role("radio", name="市民活動団体").check()
    phone.get_by_role("checkbox", name="環境の保全").check()
    phone.get_by_label("活動の目的").fill("波止場にあじさいを植えます。")
    phone.get_by_label("会員数").fill("3")
    for field in phone.locator("input[type=file]").all():
        field.set_input_files(paper)
    phone.get_by_role("button", name="この内容で申し込む").click()
    expect(phone.locator(".error-summary")).to_contain_text("会員が5人以上必要です")
    phone.get_by_label("会員数").fill("8")
    for field in phone.locator("input[type=file]").all():
        field.set_input_files(paper)
    phone.get_by_role("button", name="この内容で申し込む").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("メールを送りました")

    link = link_in_mail(portal, HANAKO, "確かめてください")
    phone.goto(link)
    phone.get_by_role("button", name="この内容で申し込みます").click()
    expect(phone.get_by_text("受付済み").first).to_be_visible()

    sign_in(desk, "staff@shimonoseki.example.jp", PASSWORD)
    desk.goto("/shimonoseki/office/registration/")
    desk.get_by_role("link", name=NAME).click()
    desk.get_by_role("button", name="審査をはじめる").click()
    desk.get_by_role("link", name="差し戻す").click()
    desk.get_by_label("直してほしいところ").fill("活動の目的を、もう少しくわしく書いてください。")
    desk.get_by_role("button", name="差し戻す").click()
    expect(desk.get_by_text("差し戻しました。")).to_be_visible()

    phone.goto(link_in_mail(portal, HANAKO, "直していただきたい"))
    expect(phone.get_by_text("もう少しくわしく")).to_be_visible()
    phone.get_by_role("link", name="申込みを直す").click()
    fits(phone)
    expect(phone.get_by_label("会員数")).to_have_value("8")
    phone.get_by_label("活動の目的").fill("波止場にあじさいを植え、手入れをします。")
    phone.get_by_role("button", name="直した内容で出す").click()

    desk.reload()
    desk.get_by_role("button", name="審査をはじめる").click()
    desk.get_by_role("button", name="承認する", exact=True).click()
    expect(desk.get_by_text("承認しました。")).to_be_visible()
    began = time.monotonic()
    phone.goto(f"/shimonoseki/groups/?q={NAME}")
    expect(phone.get_by_role("link", name=NAME)).to_be_visible()
    assert time.monotonic() - began < 60

    take_up(phone, link_in_mail(portal, HANAKO, "招待"), "花子")
    sign_in(phone, HANAKO, PASSWORD)
    phone.goto("/shimonoseki/office/group/")
    phone.get_by_role("link", name=NAME).click()
    fits(phone)
    own_page = phone.url

    # The next year's registration, brought to the counter by the next representative.
    desk.get_by_role("link", name=re.compile(rf"\d+ {NAME}")).click()
    desk.get_by_role("link", name="更新を受け付ける").click()
    desk.get_by_label("代表者の氏名").fill("月子")
    desk.get_by_label("代表者のメールアドレス").fill(TSUKIKO)
    desk.get_by_role("button", name="申込みを受け付ける").click()
    desk.get_by_role("button", name="審査をはじめる").click()
    desk.get_by_role("button", name="承認する", exact=True).click()
    expect(desk.get_by_text("承認しました。")).to_be_visible()
    assert phone.goto(own_page).status == 404  # type: ignore[union-attr]

    next_phone = phone_of(chromium, portal)
    take_up(next_phone, link_in_mail(portal, TSUKIKO, "招待"), "月子")
    sign_in(next_phone, TSUKIKO, PASSWORD)
    assert next_phone.goto(own_page).status == 200  # type: ignore[union-attr]
    for page in (phone, next_phone):
        page.context.close()
