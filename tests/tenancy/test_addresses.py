"""The municipality comes from the address and from nowhere else."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import resolve

from civic.accounts.models import Role
from civic.tenancy.models import RESERVED_SLUGS, Municipality
from tests.conftest import SignIn


def test_an_unknown_municipality_is_a_page_that_leads_on(client: Client, db: None) -> None:
    answer = client.get("/atlantis/")
    assert answer.status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_municipality_is_never_taken_from_what_is_sent(
    signed_in: SignIn, shimonoseki: Municipality, yamaguchi: Municipality, method: str
) -> None:
    browser = signed_in(shimonoseki, Role.MANAGER)
    sent = {"municipality": yamaguchi.slug, "municipality_id": yamaguchi.pk}
    answer = getattr(browser, method)("/shimonoseki/", sent)
    assert answer.wsgi_request.municipality == shimonoseki


@pytest.mark.parametrize("address", ["/?q=%00", "/shimonoseki/?q=a%00b", "/shimonoseki%00/"])
def test_a_nul_byte_is_answered_400(client: Client, db: None, address: str) -> None:
    assert client.get(address).status_code == 400


@pytest.mark.parametrize("slug", sorted(RESERVED_SLUGS))
def test_no_municipality_can_hide_an_address_of_the_portal(slug: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Municipality(code="999999", slug=slug, name="市").full_clean(validate_unique=False)
    assert "slug" in caught.value.message_dict


def test_an_ordinary_slug_resolves_to_a_home() -> None:
    assert resolve("/nagato/").kwargs == {"municipality": "nagato"}
