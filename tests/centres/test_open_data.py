"""The directory as data: what its pages show, in a form that spreadsheets and programs read."""

import csv
import io
from datetime import date

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from centres.loading import load
from centres.models import District
from civic.tenancy.context import acting_as
from civic.tenancy.models import Licence, Municipality
from tests.centres.conftest import MakeGroup

URL = "/shimonoseki/open-data/"


def test_the_terms_of_use_are_the_municipalitys_own(client: Client, shimonoseki: Municipality) -> None:
    assert "CC BY 4.0" in client.get(URL).content.decode()
    Municipality.objects.filter(pk=shimonoseki.pk).update(licence=Licence.CC0)
    page = client.get(f"{URL}?other=address, not kept").content.decode()
    assert "CC BY" not in page
    terms = "https://creativecommons.org/publicdomain/zero/1.0/deed.ja"
    assert f'href="{terms}"' in page
    for file in ("groups.csv", "groups.json", "events.csv"):
        assert client.get(f"{URL}{file}").headers["Link"] == f'<{terms}>; rel="license"'
    told = client.get(f"{URL}groups.json").json()
    assert (told["publisher"], told["licence_url"]) == ("下関市", terms)
    assert f"CC0 1.0（権利の放棄） {terms}</rights>" in client.get("/shimonoseki/groups/feed/").content.decode()


@pytest.fixture
def groups(shimonoseki: Municipality, nagato: Municipality, make_group: MakeGroup) -> None:
    with acting_as(nagato):
        make_group("長門の会")
    with acting_as(shimonoseki):
        make_group(
            "髙﨑の会",
            3,
            7,
            district=District.objects.create(name="北"),
            purpose="=1+1 はしない",
            description="1行目\n2行目",
            phone="083-000-0001",
            phone_is_public=True,
            email="himitsu@example.jp",
            contact_name="サンプル花子",
            registered_on=date(2020, 4, 1),
        )
        make_group("もう一つの会", is_sample=True)
        make_group("公開しない会", is_published=False)


@pytest.mark.usefixtures("groups")
def test_the_page_offers_both(client: Client) -> None:
    page = client.get(URL).content.decode()
    assert "公開している2団体" in page
    assert f'href="{URL}groups.csv"' in page
    assert f'href="{URL}groups.json"' in page


def test_what_the_city_published_is_shown_as_printed(client: Client, nagato: Municipality) -> None:
    with acting_as(nagato):
        load(settings.BASE_DIR / "fixtures" / "nagato", ["長門", "三隅", "日置", "油谷"])
    page = client.get("/nagato/open-data/").content.decode()
    for words in ("活動分野別市内NPO法人数", "15法人", "2,210,451円", "見込み", "002_0b4ac2dc90b9ad97.txt"):
        assert words in page


@pytest.mark.usefixtures("groups")
def test_csv(client: Client) -> None:
    response = client.get(f"{URL}groups.csv")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="shimonoseki-groups.csv"'
    assert response.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))
    assert [row["団体名"] for row in rows] == ["髙﨑の会", "もう一つの会"]
    first = rows[0]
    assert first["活動分野（特定非営利活動促進法別表の号）"] == "3;7"
    assert first["活動の目的"] == "'=1+1 はしない"
    assert first["活動の内容"] == "1行目\n2行目"
    assert (first["地区"], first["電話番号"], first["登録日"]) == ("北", "083-000-0001", "2020-04-01")
    assert (first["メール"], first["担当者"], first["会員数（人）"]) == ("", "", "")
    assert [row["サンプル"] for row in rows] == ["0", "1"]


@pytest.mark.usefixtures("groups")
def test_json(client: Client) -> None:
    response = client.get(f"{URL}groups.json")
    first, second = response.json()["groups"]
    assert (first["name"], first["fields"], first["purpose"]) == ("髙﨑の会", [3, 7], "=1+1 はしない")
    assert (first["phone"], first["email"], first["contact_name"]) == ("083-000-0001", None, None)
    assert (second["is_sample"], second["district"]) == (True, None)
    assert "himitsu" not in response.content.decode()


def test_it_takes_the_same_number_of_queries_however_long_it_is(
    client: Client, shimonoseki: Municipality, make_group: MakeGroup
) -> None:
    counts = []
    for more in (1, 29):
        with acting_as(shimonoseki):
            for _ in range(more):
                make_group("花の会", 1, 3)
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get(f"{URL}groups.json").json()["groups"]) == (1 if more == 1 else 30)
        counts.append(len(queries))
    assert counts[0] == counts[1]
