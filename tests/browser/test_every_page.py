"""Every page that a visitor can reach by following links, as they see it."""

import re
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import NARROW, WIDE, ZOOMED

# Pages of one kind differ in their record only: a few of each kind are enough.
OF_A_KIND = 3
AT_MOST = 150


def kind_of(path: str) -> str:
    """The address with its numbers and keys taken out."""
    return re.sub(
        r"/(groups|requests|items|indicators|reports|grants|cases|events(?=/\d)|news(?!/grants))/[^/]+", r"/\1/…", path
    )


def walk(page: Page, begin: str) -> list[str]:
    """Follow the links of one's own site from an address; return the addresses, a few of each kind."""
    seen: dict[str, int] = {}
    found: list[str] = []
    waiting = [begin]
    known = {begin}
    while waiting and len(found) < AT_MOST:
        address = waiting.pop(0)
        kind = kind_of(urlsplit(address).path)
        if seen.get(kind, 0) >= OF_A_KIND:
            continue
        answer = page.request.get(address)
        assert answer.status == 200, f"{address} answered {answer.status}"
        seen[kind] = seen.get(kind, 0) + 1
        if "text/html" not in answer.headers["content-type"]:
            continue
        found.append(address)
        for href in re.findall(r'<a[^>]* href="([^"#]+)', answer.text()):
            target = href.replace("&amp;", "&")
            if target.startswith("?"):
                target = urlsplit(address).path + target
            if target.startswith("/") and "/logout" not in target and target not in known:
                known.add(target)
                waiting.append(target)
    return found


@pytest.fixture(scope="module")
def public_pages(chromium, portal) -> list[str]:  # type: ignore[no-untyped-def]
    context = chromium.new_context(base_url=f"http://127.0.0.1:{portal.port}")
    try:
        return walk(context.new_page(), "/")
    finally:
        context.close()


def test_the_walk_reaches_what_the_portal_is_for(public_pages: list[str]) -> None:
    for slug, plan in (("shimonoseki", "5th"), ("shimonoseki", "3rd"), ("yamaguchi", "first"), ("nagato", "second")):
        assert f"/{slug}/" in public_pages
        assert f"/{slug}/groups/" in public_pages
        assert f"/{slug}/guild/" in public_pages
        assert f"/{slug}/plans/{plan}/" in public_pages


@pytest.mark.parametrize("viewport", [WIDE, ZOOMED, NARROW], ids=["1280", "200%", "375"])
def test_no_page_scrolls_sideways_or_complains(
    context: BrowserContext, public_pages: list[str], viewport: dict[str, int]
) -> None:
    page = context.new_page()
    page.set_viewport_size(viewport)  # type: ignore[arg-type]
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    wrong: dict[str, object] = {}
    for address in public_pages:
        page.goto(address)
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if overflow > 0 or complaints:
            wrong[address] = [overflow, *complaints]
            complaints.clear()
    assert wrong == {}


def test_axe_finds_nothing(context: BrowserContext, public_pages: list[str]) -> None:
    page = context.new_page()
    kinds: set[str] = set()
    found: dict[str, list[str]] = {}
    for address in public_pages:
        kind = kind_of(urlsplit(address).path)
        if kind in kinds:
            continue
        kinds.add(kind)
        page.goto(address)
        violations = Axe().run(page).response["violations"]
        if violations:
            found[address] = [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in violations]
    assert found == {}
