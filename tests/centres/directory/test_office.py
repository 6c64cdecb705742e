"""Keeping the directory: the list of all groups, one of them, adding and correcting."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from centres.models import District, Group, GroupStanding
from civic.audit.models import PersonalRecordView
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.centres.conftest import MakeGroup

URL = "/shimonoseki/office/groups/"
NAMES = ("花の会", "ことり文庫", "かくれ会")
ENTERED = {
    "name": "髙田の会",
    "name_kana": "たかだのかい",
    "kind": "civic",
    "activity_fields": ["3", "13"],
    "tags": "子育て、居場所 子育て",
    "phone": "083-000-0001",
    "seeks_volunteers": "on",
    "last_confirmed_on_year": "2026",
    "last_confirmed_on_month": "4",
    "last_confirmed_on_day": "1",
    "is_published": "on",
}


@pytest.fixture
def district(shimonoseki: Municipality) -> District:
    with acting_as(shimonoseki):
        return District.objects.create(name="北")


@pytest.fixture
def groups(shimonoseki: Municipality, nagato: Municipality, district: District, make_group: MakeGroup) -> None:
    with acting_as(nagato):
        make_group("長門の会")
    with acting_as(shimonoseki):
        make_group(
            "花の会", 7, name_kana="はなのかい", last_confirmed_on=date(2026, 1, 1), registered_on=date(2020, 4, 1)
        )
        flock = make_group("ことり文庫", 13, name_kana="ことりぶんこ", kind="npo")
        flock.in_districts.create(district=district)
        make_group("かくれ会", name_kana="かくれかい", is_published=False, standing=GroupStanding.EXPIRED)


def shown(client: Client, query: str = "", status: int = 200) -> list[str]:
    answer = client.get(URL + query)
    assert answer.status_code == status
    page = answer.content.decode()
    return sorted((name for name in NAMES if f">{name}</a>" in page), key=page.index)


@pytest.mark.usefixtures("groups")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["かくれ会", "ことり文庫", "花の会"]),
        ("?order=number", ["花の会", "ことり文庫", "かくれ会"]),
        ("?order=registered", ["花の会", "かくれ会", "ことり文庫"]),
        ("?order=confirmed", ["ことり文庫", "かくれ会", "花の会"]),
        ("?q=コトリ", ["ことり文庫"]),
        ("?kind=npo", ["ことり文庫"]),
        ("?is_published=no", ["かくれ会"]),
        ("?standing=expired", ["かくれ会"]),
    ],
)
def test_all_groups_are_searched_and_sorted(staff: Client, query: str, expected: list[str]) -> None:
    assert shown(staff, query) == expected


@pytest.mark.usefixtures("groups")
def test_a_district_is_where_a_group_is_at_home_or_works(staff: Client, district: District) -> None:
    assert shown(staff, f"?district={district.pk}") == ["ことり文庫"]


@pytest.mark.usefixtures("groups")
def test_a_wrong_filter_is_named_and_left_out(staff: Client) -> None:
    assert shown(staff, "?kind=club&order=size", status=400) == ["かくれ会", "ことり文庫", "花の会"]


def test_the_list_takes_the_same_number_of_queries_however_long_it_is(
    staff: Client, shimonoseki: Municipality, district: District, make_group: MakeGroup
) -> None:
    counts = []
    for more in (1, 29):
        with acting_as(shimonoseki):
            for _ in range(more):
                make_group("花の会", 1, 3, district=district)
        with CaptureQueriesContext(connection) as queries:
            page = staff.get(URL).content.decode()
        counts.append(len(queries))
    assert page.count(">花の会</a>") == 30
    assert counts[0] == counts[1]


def entered(district: District, **changes: Any) -> dict[str, Any]:
    return {**ENTERED, "district": district.pk, "active_districts": [district.pk], **changes}


def test_a_group_is_added_with_the_next_number(
    staff: Client, shimonoseki: Municipality, district: District, make_group: MakeGroup
) -> None:
    with acting_as(shimonoseki):
        make_group("さきの会", number=41)
    answer = staff.post(f"{URL}new/", entered(district))
    assert answer.headers["Location"] == f"{URL}42/"
    with acting_as(shimonoseki):
        group = Group.objects.get(number=42)
        assert (group.name, group.tags, group.phone) == ("髙田の会", ["子育て", "居場所"], "083-000-0001")
        assert (group.seeks_volunteers, group.seeks_members) == (True, False)
        assert (group.last_confirmed_on, group.is_published) == (date(2026, 4, 1), True)
        assert [row.field for row in group.fields.all()] == [3, 13]
        assert list(group.active_districts.all()) == [district]


def test_a_group_is_corrected_and_what_is_taken_away_goes(
    staff: Client, shimonoseki: Municipality, district: District, make_group: MakeGroup
) -> None:
    with acting_as(shimonoseki):
        make_group("もとの会", 1, 3, number=5, registered_on=date(2020, 4, 1)).in_districts.create(district=district)
    page = staff.get(f"{URL}5/edit/").content.decode()
    assert 'value="もとの会"' in page
    assert f'name="active_districts" value="{district.pk}"' in page
    assert staff.post(f"{URL}5/edit/", entered(district, active_districts=[])).status_code == 302
    with acting_as(shimonoseki):
        group = Group.objects.get(number=5)
        assert (group.name, group.registered_on) == ("髙田の会", date(2020, 4, 1))
        assert [row.field for row in group.fields.all()] == [3, 13]
        assert not group.active_districts.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "団体名：入力してください。"),
        ({"tags": "あ" * 21}, "タグはひとつ20文字までにしてください"),
        ({"tags": "、".join(map(str, range(11)))}, "タグは10個までにしてください"),
        ({"website": "javascript:alert(1)"}, "ウェブサイト："),
        ({"activity_fields": ["21"]}, "一覧の中からえらんでください"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    staff: Client, shimonoseki: Municipality, district: District, changes: dict[str, Any], words: str
) -> None:
    answer = staff.post(f"{URL}new/", entered(district, **changes))
    assert answer.status_code == 400
    assert words in answer.content.decode()
    with acting_as(shimonoseki):
        assert not Group.objects.exists()


def test_a_group_whose_registration_has_ended_is_not_published(
    staff: Client, shimonoseki: Municipality, district: District, make_group: MakeGroup
) -> None:
    with acting_as(shimonoseki):
        make_group("おわった会", number=5, is_published=False, standing=GroupStanding.EXPIRED)
    answer = staff.post(f"{URL}5/edit/", entered(district))
    assert answer.status_code == 400
    assert "「期限切れ」の団体は、公開できません" in answer.content.decode()


@pytest.mark.usefixtures("groups")
def test_opening_a_group_shows_contacts_that_are_not_public_and_leaves_a_trace(
    staff: Client, shimonoseki: Municipality
) -> None:
    with acting_as(shimonoseki):
        group = Group.objects.get(name="花の会")
        group.contact_name = "サンプル花子"
        group.save()
    assert "サンプル花子（公開しない）" in staff.get(f"{URL}{group.number}/").content.decode()
    with acting_as(shimonoseki):
        viewing = PersonalRecordView.objects.get()
        assert (viewing.table_name, viewing.row_id) == ("centres_group", group.pk)


def test_the_people_of_a_councils_area_are_entered_and_shown(
    staff: Client, client: Client, shimonoseki: Municipality, make_group: MakeGroup
) -> None:
    with acting_as(shimonoseki):
        make_group("東の会", number=5, kind="council")
        make_group("花の会", number=6)
    assert staff.get(f"{URL}6/area/").status_code == 404, "no council"
    assert "地域の人口は、まだ入力されていません" in staff.get(f"{URL}5/").content.decode()
    entered = {
        "population": 1500,
        "elderly": 1600,
        "households": 700,
        "as_of": "令和8年3月末",
        "origin": "住民基本台帳",
    }
    wrong = staff.post(f"{URL}5/area/", entered)
    assert (wrong.status_code, "人口より多くなっています" in wrong.content.decode()) == (400, True)
    assert staff.post(f"{URL}5/area/", entered | {"population": 0}).status_code == 400
    assert staff.post(f"{URL}5/area/", entered | {"elderly": 500}).status_code == 302
    page = client.get("/shimonoseki/groups/5/").content.decode()
    for words in ("1,500", "33.33", "700", "令和8年3月末", "住民基本台帳"):
        assert words in page
    assert 'value="住民基本台帳"' in staff.get(f"{URL}5/area/").content.decode()
