"""The page of all components, in a real browser: nothing for axe to find, nothing that scrolls sideways."""

from collections.abc import Iterator
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test import override_settings
from django.urls import include, path
from playwright.sync_api import Browser

from civic.site.components import components

urlpatterns = [path("components/", components), path("", include("civic.urls"))]

pytestmark = pytest.mark.browser


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the library's name
        """Say nothing."""


class _WithoutLeftovers:
    """Closes the request's database connection, so that nothing of it outlives the test."""

    def __init__(self) -> None:
        self.application = StaticFilesHandler(get_wsgi_application())

    def __call__(self, environ: dict[str, object], start_response: object) -> object:
        try:
            return self.application(environ, start_response)
        finally:
            connections.close_all()


@pytest.fixture
def address(db: None) -> Iterator[str]:
    with override_settings(ROOT_URLCONF="tests.look.test_components", DEBUG=True):
        server = make_server("127.0.0.1", 0, _WithoutLeftovers(), handler_class=_Quiet)
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/components/"
        server.shutdown()
        thread.join()
        server.server_close()


def test_axe_finds_nothing(browser: Browser, address: str) -> None:
    page = browser.new_page(locale="ja-JP")
    page.goto(address)
    violations = Axe().run(page).response["violations"]
    assert [f"{v['id']}: {v['nodes'][0]['html'][:150]}" for v in violations] == []


@pytest.mark.parametrize("width", [375, 640, 1280])
def test_nothing_scrolls_sideways(browser: Browser, address: str, width: int) -> None:
    """640 pixels are what 200% zoom leaves of 1280."""
    page = browser.new_page(locale="ja-JP", viewport={"width": width, "height": 800})
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_an_error_stands_by_its_field_and_keeps_what_was_typed(browser: Browser, address: str) -> None:
    page = browser.new_page(locale="ja-JP")
    page.goto(address)
    email = page.locator("input[name=email]")
    assert email.input_value() == "midori-no-kai"
    assert email.get_attribute("aria-invalid") == "true"
    described_by = (email.get_attribute("aria-describedby") or "").split()
    assert any(page.locator(f"[id='{one}']").inner_text().startswith("＊") for one in described_by)


def test_the_keyboard_s_place_is_seen(browser: Browser, address: str) -> None:
    page = browser.new_page(locale="ja-JP")
    page.goto(address)
    for _ in range(12):
        page.keyboard.press("Tab")
        outline = page.evaluate(
            "(() => { const s = getComputedStyle(document.activeElement);"
            " return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 3 })()"
        )
        assert outline, page.evaluate("document.activeElement.outerHTML")
