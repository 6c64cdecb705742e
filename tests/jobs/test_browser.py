"""The progress of a job in a browser: it moves without the page being loaded again, and without scripts too."""

from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from civic.accounts.models import Role
from civic.jobs.models import Job
from tests.jobs.conftest import Office, Workers

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def portal(office: Office) -> Iterator[str]:
    server = LiveServer("localhost")
    yield server.url
    server.stop()


def page_of(job: Job, office: Office, portal: str, browser: Browser, *, scripts: bool = True) -> Page:
    """The job's page, open in the browser of whoever asked for it."""
    client = Client()
    client.force_login(office.member(Role.PLANNER).user)
    context = browser.new_context(java_script_enabled=scripts)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": portal}])
    page = context.new_page()
    page.goto(f"{portal}/shimonoseki/office/jobs/{job.pk}/")
    return page


def test_progress_moves_on_the_page_as_it_is(office: Office, workers: Workers, portal: str, browser: Browser) -> None:
    job = office.ask("tests.steps", seconds=4, department="A課")
    page = page_of(job, office, portal, browser)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.evaluate("window.isTheSamePage = true")
    bar = page.locator("progress")
    expect(bar).not_to_have_attribute("value", "0", timeout=60_000)
    expect(page.locator("#situation")).to_have_text(office.job(job).words)
    expect(page.locator("#job")).to_contain_text("できました", timeout=60_000)
    expect(page.locator("#situation")).to_have_text("できました。")
    expect(bar).to_have_count(0)
    assert page.evaluate("window.isTheSamePage")
    assert said == [], "nothing was refused by the Content-Security-Policy"
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(1500)
    assert asked == [], "a finished job is not asked for again"


def test_without_scripts_the_page_loads_itself_again(
    office: Office, workers: Workers, portal: str, browser: Browser
) -> None:
    job = office.ask("tests.steps", seconds=6, department="A課")
    page = page_of(job, office, portal, browser, scripts=False)
    expect(page.locator("progress")).to_be_visible()
    expect(page.locator("#job")).to_contain_text("できました", timeout=60_000)
