"""A portal as `make run` starts it, with its demo records, and a browser to walk it with."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.portal import Portal

PASSWORD = "asagao-himawari-2026"
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 375, "height": 800}
# What a page of 1280 pixels has left when it is shown twice as large.
ZOOMED = {"width": 640, "height": 450}

Visit = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """One portal for all walks; it starts in the time that its demo records take."""
    folder = tmp_path_factory.mktemp("portal")
    for parent in (folder, *folder.parents[:2]):
        parent.chmod(0o711)  # PostgreSQL may run as another user, who passes through here
    portal = Portal(folder / "var", DEMO_PASSWORD=PASSWORD)
    try:
        portal.wait_until_ready()
        yield portal
    finally:
        portal.end()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for a module's walks, closed after them: while it runs, this thread has an event loop."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser, portal: Portal) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        base_url=f"http://127.0.0.1:{portal.port}", locale="ja-JP", viewport=WIDE, accept_downloads=True
    )
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def sign_in(page: Page) -> Callable[[str], Page]:
    """Sign in as a demo account, by the form, as a person does."""

    def by_the_form(email: str) -> Page:
        page.goto("/accounts/login/")
        page.get_by_label("メールアドレス").fill(email)
        page.get_by_label("パスワード").fill(PASSWORD)
        page.get_by_role("button", name="ログインする", exact=True).click()
        page.wait_for_url(lambda url: "/accounts/login/" not in url)
        return page

    return by_the_form
