"""The guild's public pages show what is public, of their own municipality, and lead on."""

import html

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from centres.models import Centre
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from matching.models import Guild, HelpRequest, RequestStatus
from tests.matching.conftest import AskForHelp

GUILD = "/shimonoseki/guild/"


def text(url: str, status: int = 200) -> str:
    response = Client().get(url)
    assert response.status_code == status
    return html.unescape(response.content.decode())


def address(help_request: HelpRequest) -> str:
    return f"{GUILD}requests/{help_request.pk}/"


def test_the_guild_goes_by_its_own_name_and_words(shimonoseki: Municipality, yamaguchi: Municipality) -> None:
    Municipality.objects.filter(pk=shimonoseki.pk).update(guild_name="ボランティアギルド")
    with acting_as(shimonoseki):
        Guild.objects.create(introduction="参加したい人と受け入れたい団体との架け橋を行う制度。")
    page = text(GUILD)
    assert "<h1>ボランティアギルド</h1>" in page
    assert "架け橋" in page
    assert "架け橋" not in text("/yamaguchi/guild/")


def test_open_requests_are_listed_and_nothing_else(
    shimonoseki: Municipality, yamaguchi: Municipality, ask_for_help: AskForHelp
) -> None:
    with acting_as(shimonoseki):
        ask_for_help("海岸の清掃", is_sample=True)
        ask_for_help("終わった募集", status=RequestStatus.CLOSED)
        ask_for_help("下書きの募集", status=RequestStatus.DRAFT)
        ask_for_help("載っていない団体の募集", group_is_published=False)
    with acting_as(yamaguchi):
        ask_for_help("山口の募集")
    page = text(GUILD)
    assert "海岸の清掃" in page
    assert "サンプル" in page
    for other in ("終わった募集", "下書きの募集", "載っていない団体の募集", "山口の募集"):
        assert other not in page


def test_a_request_has_a_page(shimonoseki: Municipality, ask_for_help: AskForHelp) -> None:
    with acting_as(shimonoseki):
        help_request = ask_for_help()
    page = text(address(help_request))
    for words in ("海岸の清掃", "ごみを拾います。", "土曜日", "5人", "海岸の清掃の会", "参加したい方へ"):
        assert words in page


def test_a_closed_request_says_so_and_leads_to_the_open_ones(
    shimonoseki: Municipality, ask_for_help: AskForHelp
) -> None:
    with acting_as(shimonoseki):
        help_request = ask_for_help(status=RequestStatus.CLOSED)
    page = text(address(help_request))
    assert "この募集は終わりました" in page
    assert "参加したい方へ" not in page


def test_nobody_is_asked_to_call_about_a_sample(shimonoseki: Municipality, ask_for_help: AskForHelp) -> None:
    with acting_as(shimonoseki):
        help_request = ask_for_help(is_sample=True)
    page = text(address(help_request))
    assert "実際には募集していません" in page
    assert "参加したい方へ" not in page


@pytest.mark.parametrize("hidden", [{"status": RequestStatus.DRAFT}, {"group_is_published": False}])
def test_what_is_not_public_is_not_there(
    shimonoseki: Municipality, ask_for_help: AskForHelp, hidden: dict[str, bool]
) -> None:
    with acting_as(shimonoseki):
        help_request = ask_for_help(**hidden)
    text(address(help_request), status=404)


def test_another_municipalitys_request_is_not_there(yamaguchi: Municipality, ask_for_help: AskForHelp) -> None:
    with acting_as(yamaguchi):
        help_request = ask_for_help()
    text(address(help_request), status=404)
    text(address(help_request).replace("shimonoseki", "yamaguchi"))


def test_one_asks_at_the_centre_or_where_there_is_none_at_the_office(shimonoseki: Municipality) -> None:
    Municipality.objects.filter(pk=shimonoseki.pk).update(office_phone="083-000-0001")
    assert "083-000-0001" in text(GUILD).split('id="join"')[1].split("</section>")[0]
    with acting_as(shimonoseki):
        Centre.objects.create(name="市民活動センター", address="駅前", phone="083-000-0002")
    contact = text(GUILD).split('id="join"')[1].split("</section>")[0]
    assert "083-000-0002" in contact
    assert "083-000-0001" not in contact


def test_the_list_asks_the_database_the_same_however_long_it_is(
    shimonoseki: Municipality, ask_for_help: AskForHelp
) -> None:
    counts = []
    for _ in range(2):
        with acting_as(shimonoseki):
            for number in range(3):
                ask_for_help(f"募集{number}")
        with CaptureQueriesContext(connection) as queries:
            text(GUILD)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_long_list_has_pages(shimonoseki: Municipality, ask_for_help: AskForHelp) -> None:
    with acting_as(shimonoseki):
        for number in range(35):
            ask_for_help(f"募集{number}")
    assert "35件の募集があります" in text(GUILD)
    assert text(GUILD).count(f"{GUILD}requests/") == 30
    assert text(f"{GUILD}?page=2").count(f"{GUILD}requests/") == 5


@pytest.mark.parametrize("page", ["0", "-1", "x", "2", "9" * 50])
def test_a_page_that_is_not_there(db: None, page: str) -> None:
    text(f"{GUILD}?page={page}", status=404)


def test_numbers_no_request_can_have(db: None) -> None:
    text(f"{GUILD}requests/0/", status=404)
    text(f"{GUILD}requests/{'9' * 50}/", status=404)
