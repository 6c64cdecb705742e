"""What everybody reads: notices, grants and cases."""

import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from centres.information.models import CaseGroup
from centres.models import ActivityField, Group, GroupStanding
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.centres.conftest import MakeGroup
from tests.centres.information.conftest import MakeCase, MakeGrant, MakeNews, in_days

NEWS = "/shimonoseki/news/"
GRANTS = "/shimonoseki/news/grants/"
CASES = "/shimonoseki/cases/"


def text(url: str, status: int = 200) -> str:
    response = Client().get(url)
    assert response.status_code == status
    return html.unescape(response.content.decode())


def titles(page: str) -> list[str]:
    """The titles of the entries of a list, in order."""
    return re.findall(r"<h3><a [^>]*>([^<]+)</a></h3>", page)


def test_notices_are_there_from_their_first_day_to_their_last(make_news: MakeNews) -> None:
    shown = [
        make_news("きのうから", shows_from=in_days(-1)),
        make_news("最後の日", shows_from=in_days(-9), shows_until=in_days(0)),
        make_news("留めた", shows_from=in_days(-30), is_pinned=True),
    ]
    hidden = [
        make_news("あすから", shows_from=in_days(1)),
        make_news("きのうまで", shows_from=in_days(-9), shows_until=in_days(-1)),
        make_news("下書き", is_published=False),
    ]
    assert titles(text(NEWS)) == ["留めた", "きのうから", "最後の日"]
    assert {Client().get(f"{NEWS}{news.pk}/").status_code for news in shown} == {200}
    assert {Client().get(f"{NEWS}{news.pk}/").status_code for news in hidden} == {404}


def test_words_are_found_in_any_form(make_news: MakeNews) -> None:
    make_news("ボランティア保険", body="受付")
    make_news("休館日")
    assert titles(text(f"{NEWS}?q=ﾎﾞﾗﾝﾃｨｱ")) == ["ボランティア保険"]
    assert "あてはまるお知らせはありませんでした" in text(f"{NEWS}?q=どこにもない")


def test_what_is_typed_is_never_markup(make_news: MakeNews) -> None:
    news = make_news(
        "題",
        body="<b>太字</b>\n\nくわしくは（https://example.jp/a?b=1&c=(2)）を見てください。https://example.jp/end.",
    )
    page = Client().get(f"{NEWS}{news.pk}/").content.decode()
    assert "<p>&lt;b&gt;太字&lt;/b&gt;</p>" in page
    assert '<a href="https://example.jp/a?b=1&amp;c=(2)">' in page
    assert '<a href="https://example.jp/end">https://example.jp/end</a>.</p>' in page


def test_no_address_but_the_webs_becomes_a_link(make_news: MakeNews) -> None:
    news = make_news("題", body="javascript:alert(1) data:text/html,x")
    body = text(f"{NEWS}{news.pk}/").split("<h1>")[1].split("</main>")[0]
    assert "<a " not in body


def test_grants_that_close_soonest_come_first_and_past_ones_are_apart(make_grant: MakeGrant) -> None:
    make_grant("締切なし")
    make_grant("来月", 30)
    make_grant("きょう", 0)
    make_grant("きのう", -1)
    make_grant("去年", -300)
    make_grant("下書き", 5, is_published=False)
    assert titles(text(GRANTS)) == ["きょう", "来月", "締切なし"]
    assert titles(text(f"{GRANTS}?over=on")) == ["きのう", "去年"]
    page = text(GRANTS)
    for words in ("きょうが締切", "締切の日は書かれていません"):
        assert words in page


def test_grants_are_filtered_by_who_gives_them(make_grant: MakeGrant) -> None:
    make_grant("市の", 5)
    make_grant("財団の", 5, giver="foundation")
    assert titles(text(f"{GRANTS}?giver=foundation")) == ["財団の"]
    assert "一覧の中からえらんでください" in text(f"{GRANTS}?giver=nobody", 400)


def test_a_grant_from_a_document_says_that_it_may_be_over(make_grant: MakeGrant) -> None:
    read = make_grant("交付金", source={"file": "a.txt", "place": "第4章"})
    page = text(f"{GRANTS}{read.pk}/")
    assert "いま受けつけているか" in page
    assert "出典：第4章（a.txt）" in page


def test_the_home_page_shows_the_latest_notices_and_what_closes_next(
    make_news: MakeNews, make_grant: MakeGrant
) -> None:
    for day in range(5):
        make_news(f"お知らせ{day}", shows_from=in_days(-day))
        make_grant(f"助成{day}", day)
    make_grant("きのう締切", -1)
    page = text("/shimonoseki/")
    assert titles(page) == ["お知らせ0", "お知らせ1", "お知らせ2", "助成0", "助成1", "助成2"]


@pytest.fixture
def groups(shimonoseki: Municipality, make_group: MakeGroup) -> list[Group]:
    with acting_as(shimonoseki):
        return [make_group("花の会"), make_group("海の会"), make_group("かくれた会", is_published=False)]


def took_part(case: object, *groups: Group) -> None:
    with acting_as(Municipality.objects.get(slug="shimonoseki")):
        CaseGroup.objects.bulk_create(CaseGroup(case=case, group=group) for group in groups)  # type: ignore[misc]


def test_cases_are_found_by_words_groups_field_and_year(make_case: MakeCase, groups: list[Group]) -> None:
    flowers = make_case("花だん", field=ActivityField.ENVIRONMENT, fiscal_year=2025, partners="高校")
    took_part(flowers, groups[0])
    make_case("朝市", field=ActivityField.COMMUNITY, fiscal_year=2024, outcome="店が増えた")
    make_case("下書き", is_published=False, fiscal_year=2020)
    assert titles(text(CASES)) == ["花だん", "朝市"]
    assert titles(text(f"{CASES}?q=花の会")) == ["花だん"]
    assert titles(text(f"{CASES}?q=花の会 高校")) == ["花だん"]
    assert titles(text(f"{CASES}?q=店")) == ["朝市"]
    assert titles(text(f"{CASES}?field={ActivityField.ENVIRONMENT}")) == ["花だん"]
    assert titles(text(f"{CASES}?year=2024")) == ["朝市"]
    assert "一覧の中からえらんでください" in text(f"{CASES}?year=2020", 400)


def test_a_case_names_its_groups_and_leads_to_those_of_the_directory(make_case: MakeCase, groups: list[Group]) -> None:
    case = make_case("花だん", partners="高校の園芸部", outcome="咲いた")
    took_part(case, groups[0], groups[2])
    page = text(f"{CASES}{case.pk}/")
    assert f'<a href="/shimonoseki/groups/{groups[0].number}/">花の会</a>' in page
    assert "<li>かくれた会</li>" in page
    for words in ("高校の園芸部", "したこと", "その結果", "咲いた"):
        assert words in page


def test_a_groups_page_shows_the_cases_it_was_part_of(
    make_case: MakeCase, groups: list[Group], shimonoseki: Municipality
) -> None:
    flowers, draft, others = make_case("花だん"), make_case("下書きの事例", is_published=False), make_case("朝市")
    merged = make_case("前の名前のころ")
    took_part(flowers, groups[0], groups[1])
    took_part(draft, groups[0])
    took_part(others, groups[1])
    took_part(merged, groups[2])
    with acting_as(shimonoseki):
        Group.objects.filter(pk=groups[2].pk).update(merged_into=groups[0], standing=GroupStanding.MERGED)
    page = text(f"/shimonoseki/groups/{groups[0].number}/")
    assert titles(page) == ["前の名前のころ", "花だん"]
    assert titles(text(f"/shimonoseki/groups/{groups[1].number}/")) == ["朝市", "花だん"]


def test_another_municipality_has_its_own(make_news: MakeNews, make_grant: MakeGrant, make_case: MakeCase) -> None:
    make_news("下関の")
    make_grant("下関の", 5)
    make_case("下関の")
    for page in ("news/", "news/grants/", "cases/", "news/feed/", "news/grants/feed/", "cases/feed/", ""):
        assert "下関の" not in text(f"/nagato/{page}")


@pytest.mark.parametrize(
    "page", ["", "news/", "news/grants/", "cases/", "news/feed/", "news/grants/feed/", "cases/feed/"]
)
def test_a_page_is_a_fixed_number_of_queries(
    page: str, make_news: MakeNews, make_grant: MakeGrant, make_case: MakeCase, groups: list[Group]
) -> None:
    counted = []
    for made in (1, 3):
        for number in range(made):
            make_news(f"お知らせ{number}")
            make_grant(f"助成{number}", 5)
            took_part(make_case(f"事例{number}", fiscal_year=2024), *groups)
        with CaptureQueriesContext(connection) as queries:
            text(f"/shimonoseki/{page}")
        counted.append(len(queries))
    assert counted[0] == counted[1]
