"""What every page has: the strict policy, a language, a way on; and pages for when something is wrong."""

from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from civic.accounts.models import Role
from civic.tenancy.models import Municipality
from tests.conftest import SignIn


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a fault of the portal")


urlpatterns = [
    path("broken/", broken),
    path("<slug:municipality>/broken/", broken),
    path("", include("civic.urls")),
]
handler400 = "civic.site.errors.bad_request"
handler404 = "civic.site.errors.page_not_found"
handler500 = "civic.site.errors.server_error"

PAGES = ["/", "/shimonoseki/", "/shimonoseki/groups/", "/accounts/login/", "/atlantis/", "/shimonoseki/?q=%00"]
POLICY = {
    "default-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}


@pytest.fixture
def browser_that_meets_errors() -> Iterator[Client]:
    """A client to which the portal answers as it does in production."""
    with override_settings(ROOT_URLCONF="tests.look.test_pages", DEBUG=False):
        yield Client(raise_request_exception=False)


@pytest.mark.parametrize("address", PAGES)
def test_the_policy_is_strict_on_every_page(client: Client, db: None, address: str) -> None:
    answer = client.get(address)
    assert {part.strip() for part in answer["Content-Security-Policy"].split(";")} == POLICY
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert b'<html lang="ja"' in answer.content


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/atlantis/", 404),
        ("/shimonoseki/nowhere/", 404),
        ("/shimonoseki/groups/987654321/", 404),
        ("/broken/", 500),
        ("/shimonoseki/broken/", 500),
        ("/shimonoseki/?q=%00", 400),
    ],
)
def test_an_error_page_says_so_and_leads_on(
    browser_that_meets_errors: Client, db: None, address: str, status: int
) -> None:
    answer = browser_that_meets_errors.get(address)
    assert answer.status_code == status
    page = answer.content.decode()
    assert "<h1>" in page
    assert 'href="/"' in page
    assert "Traceback" not in page
    assert "RuntimeError" not in page


def test_a_refusal_says_so_and_leads_on(signed_in: SignIn, shimonoseki: Municipality) -> None:
    answer = signed_in(shimonoseki, Role.SUPPORTER).get("/shimonoseki/office/members/")
    assert answer.status_code == 403
    assert 'href="/shimonoseki/"' in answer.content.decode()


def test_an_error_keeps_the_municipality_in_sight(browser_that_meets_errors: Client, db: None) -> None:
    for address in ("/shimonoseki/nowhere/", "/shimonoseki/broken/"):
        assert 'href="/shimonoseki/"' in browser_that_meets_errors.get(address).content.decode()


def test_a_form_sent_without_its_token_is_a_page_that_leads_on(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a@example.jp"})
    assert answer.status_code == 403
    assert "<h1>" in answer.content.decode()


@pytest.mark.parametrize("page", ["accessibility", "privacy"])
def test_the_footer_leads_to_what_a_citizen_may_ask(client: Client, db: None, page: str) -> None:
    assert f'href="/nagato/{page}/"' in client.get("/nagato/").content.decode()
    assert client.get(f"/nagato/{page}/").status_code == 200
