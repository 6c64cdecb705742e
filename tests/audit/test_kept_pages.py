"""Public pages are made once and kept until a record changes, and never show anybody what is another's."""

import pytest
from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from centres.models import Group
from civic.accounts.models import Role
from civic.accounts.rules import SIGNED_IN, allow
from civic.audit.kept_pages import kept_until_a_change
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.conftest import SignIn

URL = "/shimonoseki/groups/"


@pytest.fixture
def group(shimonoseki: Municipality) -> Group:
    caches["pages"].clear()
    with acting_as(shimonoseki):
        return Group.objects.create(number=1, name="花の会", kind="civic", is_published=True)


def queries_of(client: Client, url: str = URL) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_a_kept_page_costs_one_query(client: Client, group: Group) -> None:
    made, kept = client.get(URL), client.get(URL)
    assert made.content == kept.content
    assert made.headers["Vary"] == kept.headers["Vary"] == "Cookie"
    assert made.headers["Content-Security-Policy"] == kept.headers["Content-Security-Policy"]
    assert queries_of(client) == 1
    assert queries_of(client, f"{URL}?q=花") > 1


def test_a_change_shows_at_once_however_it_was_made(client: Client, shimonoseki: Municipality, group: Group) -> None:
    client.get(URL)
    with acting_as(shimonoseki):
        Group.objects.bulk_create([Group(number=2, name="月の会", kind="civic", is_published=True)])
    assert "月の会" in client.get(URL).content.decode()
    with acting_as(shimonoseki), connection.cursor() as cursor:
        cursor.execute("UPDATE centres_group SET name = '鳥の会' WHERE number = 1")
    assert "鳥の会" in client.get(URL).content.decode()
    with acting_as(shimonoseki):
        Group.objects.filter(number=1).delete()
    assert "鳥の会" not in client.get(URL).content.decode()


def test_municipalities_keep_their_own(client: Client, nagato: Municipality, group: Group) -> None:
    assert "花の会" in client.get(URL).content.decode()
    assert "花の会" not in client.get("/nagato/groups/").content.decode()
    with acting_as(nagato):
        Group.objects.create(number=1, name="海の会", kind="civic", is_published=True)
    assert queries_of(client) == 1


def test_what_somebody_sees_is_not_kept_for_others(
    client: Client, signed_in: SignIn, shimonoseki: Municipality, group: Group
) -> None:
    staff = signed_in(shimonoseki, Role.STAFF)
    assert "ログアウト" in staff.get(URL).content.decode()
    assert "ログアウト" not in client.get(URL).content.decode()
    assert "ログアウト" in staff.get(URL).content.decode()


def test_pages_that_are_not_there_are_not_kept(client: Client, shimonoseki: Municipality, group: Group) -> None:
    assert client.get(f"{URL}?field=99").status_code == 400
    assert client.get(f"{URL}?field=99").status_code == 400
    assert client.get("/nowhere/groups/").status_code == 404
    assert client.get("/nowhere/groups/").status_code == 404
    assert client.post(URL).status_code == 405


def test_only_pages_for_everybody_are_kept() -> None:
    @allow(SIGNED_IN)
    def personal(request: object) -> HttpResponse:
        return HttpResponse()

    with pytest.raises(ValueError, match="everybody"):
        kept_until_a_change(personal)
