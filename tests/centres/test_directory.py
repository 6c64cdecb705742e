"""The directory, as a citizen meets it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from centres.models import ActivityField, CouncilProfile, District, GroupKind
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.centres.conftest import MakeGroup

URL = "/shimonoseki/groups/"


@pytest.fixture
def districts(shimonoseki: Municipality, nagato: Municipality) -> dict[str, District]:
    """Two districts of Shimonoseki, and one of Nagato that must not show."""
    made = {}
    for municipality, name in ((shimonoseki, "北"), (shimonoseki, "南"), (nagato, "油谷")):
        with acting_as(municipality):
            made[name] = District.objects.create(name=name)
    return made


@pytest.fixture
def groups(
    districts: dict[str, District], shimonoseki: Municipality, nagato: Municipality, make_group: MakeGroup
) -> None:
    with acting_as(shimonoseki):
        make_group("花の会", ActivityField.ENVIRONMENT, ActivityField.COMMUNITY, district=districts["北"])
        make_group("ことり文庫", ActivityField.CHILDREN, district=districts["北"], kind=GroupKind.NPO)
        make_group("花さかじいさん", ActivityField.COMMUNITY, district=districts["南"], is_sample=True)
        make_group("花をかくす会", ActivityField.COMMUNITY, is_published=False)
    with acting_as(nagato):
        make_group("花の長門", ActivityField.COMMUNITY, district=districts["油谷"])


def names(page: str) -> list[str]:
    known = ["花の会", "ことり文庫", "花さかじいさん", "花をかくす会", "花の長門"]
    return [name for name in known if f">{name}</a>" in page]


def get(client: Client, query: str = "", status: int = 200) -> str:
    response = client.get(URL + query)
    assert response.status_code == status
    return response.content.decode()


@pytest.mark.usefixtures("groups")
def test_it_shows_the_published_groups_of_its_municipality(client: Client) -> None:
    page = get(client)
    assert names(page) == ["花の会", "ことり文庫", "花さかじいさん"]
    assert "3団体のうち" in page
    assert page.count("サンプル</span>") == 1


@pytest.mark.usefixtures("groups")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=花", ["花の会", "花さかじいさん"]),
        ("?q=コトリ", ["ことり文庫"]),
        (f"?field={ActivityField.COMMUNITY.value}", ["花の会", "花さかじいさん"]),
        ("?kind=npo", ["ことり文庫"]),
        (f"?q=花&field={ActivityField.ENVIRONMENT.value}&kind=civic", ["花の会"]),
        ("?q=&field=&district=&kind=&page=", ["花の会", "ことり文庫", "花さかじいさん"]),
    ],
)
def test_words_and_filters_narrow_it(client: Client, query: str, expected: list[str]) -> None:
    assert names(get(client, query)) == expected


@pytest.mark.usefixtures("groups")
def test_a_district_narrows_it_and_each_filter_tells_what_it_would_leave(
    client: Client, districts: dict[str, District]
) -> None:
    page = get(client, f"?district={districts['北'].pk}")
    assert names(page) == ["花の会", "ことり文庫"]
    assert f'<option value="{districts["北"].pk}" selected>北（2）</option>' in page
    assert f'<option value="{districts["南"].pk}">南（1）</option>' in page
    assert "まちづくり（1）</option>" in page
    assert "環境の保全（1）</option>" in page
    assert "国際協力" not in page
    assert "油谷" not in page


@pytest.mark.usefixtures("groups")
def test_another_municipalitys_district_is_not_there(client: Client, districts: dict[str, District]) -> None:
    get(client, f"?district={districts['油谷'].pk}", status=404)


@pytest.mark.usefixtures("groups")
@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("?field=99", "活動分野：一覧の中からえらんでください。"),
        ("?field=まち", "活動分野：一覧の中からえらんでください。"),
        ("?kind=club", "団体の種別：一覧の中からえらんでください。"),
        ("?q=" + "あ" * 101, "ことば：この値は 100 文字以下でなければなりません"),
        ("?q=a%01b", "ことば：使えない文字（制御文字）がまじっています。"),
    ],
)
def test_a_wrong_filter_is_named_and_left_out(client: Client, query: str, message: str) -> None:
    page = get(client, query, status=400)
    assert message in page
    assert 'aria-invalid="true"' in page
    assert names(page) == ["花の会", "ことり文庫", "花さかじいさん"]


@pytest.mark.usefixtures("groups")
@pytest.mark.parametrize("page", ["abc", "0", "-1", "2", "99999999999999999999999", "1.5"])
def test_a_page_that_is_not_there(client: Client, page: str) -> None:
    get(client, f"?page={page}", status=404)


def test_a_null_byte_is_refused(client: Client, db: None) -> None:
    get(client, "?q=%00", status=400)


@pytest.mark.usefixtures("groups")
def test_nothing_found_leads_on(client: Client) -> None:
    page = get(client, "?q=ないない")
    assert "あてはまる団体はありませんでした" in page
    assert f'href="{URL}">すべての団体を見る' in page


def test_the_next_page_keeps_the_filters(client: Client, shimonoseki: Municipality, make_group: MakeGroup) -> None:
    with acting_as(shimonoseki):
        for number in range(1, 32):
            make_group(f"第{number}の会", ActivityField.HEALTH, number=number)
    page = get(client, "?q=の会&field=1")
    assert "?q=%E3%81%AE%E4%BC%9A&amp;field=1&amp;page=2" in page
    assert "31番目から31番目" in get(client, "?q=の会&field=1&page=2")


def test_it_takes_the_same_number_of_queries_however_long_it_is(
    client: Client, shimonoseki: Municipality, make_group: MakeGroup
) -> None:
    with acting_as(shimonoseki):
        district = District.objects.create(name="北")
    counts = []
    for more in (1, 29):
        with acting_as(shimonoseki):
            for _ in range(more):
                make_group("花の会", 1, 3, district=district)
        with CaptureQueriesContext(connection) as queries:
            page = get(client)
        counts.append(len(queries))
    assert page.count(">花の会</a>") == 30
    assert counts[0] == counts[1] <= 11


def test_a_group_shows_what_it_lets_everybody_know(
    client: Client, shimonoseki: Municipality, make_group: MakeGroup
) -> None:
    with acting_as(shimonoseki):
        make_group(
            "花の会",
            ActivityField.ENVIRONMENT,
            number=7,
            purpose="花を植えます。",
            phone="000-0000-0007",
            phone_is_public=True,
            email="hana@example.jp",
            contact_name="サンプル花子",
            website="https://hana.example.jp/",
            is_sample=True,
        )
    page = client.get(f"{URL}7/").content.decode()
    assert "環境の保全を図る活動" in page
    assert 'href="tel:000-0000-0007"' in page
    assert 'href="https://hana.example.jp/"' in page
    assert "hana@example.jp" not in page
    assert "サンプル花子" not in page
    assert page.count("サンプル</span>") == 1


def test_a_council_shows_the_people_of_its_area(
    client: Client, shimonoseki: Municipality, make_group: MakeGroup
) -> None:
    with acting_as(shimonoseki):
        council = make_group("みなと協議会", number=3, kind=GroupKind.COUNCIL)
        CouncilProfile.objects.create(
            group=council,
            population=1489,
            elderly=521,
            elderly_rate="34.99",
            households=688,
            as_of="平成29年3月時点",
            source={"file": "002.txt", "place": "第4章"},
        )
    page = client.get(f"{URL}3/").content.decode()
    assert "1,489<" in page
    assert "34.99<" in page
    assert "平成29年3月時点" in page
    assert "第4章" in page


@pytest.mark.usefixtures("groups")
@pytest.mark.parametrize("number", ["4", "99", "0", "99999999999999999999999"])
def test_an_unpublished_or_unknown_group_is_not_there(client: Client, number: str) -> None:
    assert client.get(f"{URL}{number}/").status_code == 404
