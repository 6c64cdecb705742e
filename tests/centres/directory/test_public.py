"""What citizens have of the directory besides its list: districts, groups near in kind, what is new, data."""

import csv
import io
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from centres.models import ActivityField, District, Group
from centres.queries import similar_groups
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.centres.conftest import MakeGroup

URL = "/shimonoseki/groups/"


@pytest.fixture
def north(shimonoseki: Municipality) -> District:
    with acting_as(shimonoseki):
        return District.objects.create(name="北", position=1)


@pytest.fixture
def south(shimonoseki: Municipality) -> District:
    with acting_as(shimonoseki):
        return District.objects.create(name="南", position=2)


@pytest.fixture
def groups(
    shimonoseki: Municipality, nagato: Municipality, north: District, south: District, make_group: MakeGroup
) -> None:
    with acting_as(nagato):
        make_group("長門の会", ActivityField.ENVIRONMENT)
    with acting_as(shimonoseki):
        make_group("花の会", ActivityField.ENVIRONMENT, district=north, tags=["花"], number=1)
        make_group("木の会", ActivityField.ENVIRONMENT, district=south, number=2, seeks_members=True)
        make_group("苗の会", ActivityField.ENVIRONMENT, tags=["花"], number=3).in_districts.create(district=north)
        make_group("朝市の会", ActivityField.ECONOMY, district=north, tags=["花"], number=4)
        make_group("歌の会", ActivityField.CULTURE, district=north, number=5)
        make_group("かくれ会", ActivityField.ENVIRONMENT, district=north, tags=["花"], number=6, is_published=False)


def sections(page: str) -> dict[str, str]:
    """The parts of the page of districts, by heading."""
    parts = page.split('<h2 id="district-')[1:]
    return {part.split(">")[1].split("<")[0]: part for part in parts}


@pytest.mark.usefixtures("groups")
def test_groups_stand_in_each_of_their_districts(client: Client) -> None:
    found = sections(client.get(f"{URL}districts/").content.decode())
    assert list(found) == ["北", "南"]
    assert [name for name in ("花の会", "木の会", "苗の会", "朝市の会", "歌の会") if f">{name}<" in found["北"]] == [
        "花の会",
        "苗の会",
        "朝市の会",
        "歌の会",
    ]
    assert ">木の会<" in found["南"]
    assert "かくれ会" not in str(found)
    assert "長門の会" not in str(found)


def test_a_group_without_a_district_is_not_forgotten(
    client: Client, shimonoseki: Municipality, make_group: MakeGroup
) -> None:
    with acting_as(shimonoseki):
        make_group("どこでもの会")
    assert ">どこでもの会<" in sections(client.get(f"{URL}districts/").content.decode())["地区を決めていない団体"]


def test_districts_take_the_same_number_of_queries_however_many_groups(
    client: Client, shimonoseki: Municipality, north: District, make_group: MakeGroup
) -> None:
    counts = []
    for more in (1, 20):
        with acting_as(shimonoseki):
            for _ in range(more):
                make_group("花の会", district=north).in_districts.create(district=north)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{URL}districts/?{more}")
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.usefixtures("groups")
def test_groups_near_in_kind_come_nearest_first(shimonoseki: Municipality) -> None:
    with acting_as(shimonoseki):
        ours = Group.objects.get(number=1)
        # Field, tag and district; field alone; tag and district. A district alone makes no group near in kind.
        assert [group.name for group in similar_groups(ours)] == ["苗の会", "木の会", "朝市の会"]
        assert [group.name for group in similar_groups(ours, count=1)] == ["苗の会"]


@pytest.mark.usefixtures("groups")
def test_a_groups_page_leads_to_those(client: Client) -> None:
    page = client.get(f"{URL}1/").content.decode()
    near = page.split("活動の近い団体")[1]
    assert f'href="{URL}3/"' in near
    assert "かくれ会" not in near
    assert "活動の近い団体" not in client.get(f"{URL}5/").content.decode()


def test_the_newest_groups_are_a_feed(client: Client, shimonoseki: Municipality, make_group: MakeGroup) -> None:
    with acting_as(shimonoseki):
        make_group("ふるい会", number=1, registered_on=date(2020, 4, 1))
        make_group("あたらしい会 & 友", number=2, registered_on=date(2026, 4, 1), purpose="<植える>")
        make_group("日のない会", number=3)
    answer = client.get(f"{URL}feed/")
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = answer.content.decode()
    assert feed.index(escape("あたらしい会 & 友")) < feed.index("ふるい会")
    assert "&lt;植える&gt;" in feed
    assert "<published>2026-04-01T00:00:00+09:00</published>" in feed
    assert f"http://testserver{URL}2/" in feed
    assert "日のない会" not in feed


@pytest.mark.usefixtures("groups")
def test_what_the_filters_leave_is_there_as_data(client: Client) -> None:
    address = "/shimonoseki/open-data/groups"
    rows = csv.DictReader(io.StringIO(client.get(f"{address}.csv?seeking=members").content.decode("utf-8-sig")))
    assert [(row["団体名"], row["募集"]) for row in rows] == [("木の会", "会員")]
    answer = client.get(f"{address}.json", {"q": "の会", "field": ActivityField.ECONOMY.value}).json()
    assert [(group["name"], group["tags"]) for group in answer["groups"]] == [("朝市の会", ["花"])]
    page = client.get(f"{URL}?q=木").content.decode()
    assert f'href="{address}.csv?q=%E6%9C%A8"' in page


@pytest.mark.usefixtures("groups")
def test_the_list_is_narrowed_to_those_who_look_for_somebody(client: Client) -> None:
    page = client.get(f"{URL}?seeking=members").content.decode()
    assert "1団体のうち" in page
    assert "会員を募集" in page
    assert "会員（1）</option>" in page
