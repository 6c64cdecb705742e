"""What is new, as programs read it."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from tests.centres.information.conftest import MakeCase, MakeGrant, MakeNews, in_days

ATOM = "{http://www.w3.org/2005/Atom}"


def entries(url: str) -> list[ElementTree.Element]:
    response = Client().get(url)
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content).findall(f"{ATOM}entry")  # noqa: S314  the portal's own


@pytest.fixture
def _everything(make_news: MakeNews, make_grant: MakeGrant, make_case: MakeCase) -> None:
    make_news("<新しい>お知らせ", body="a & b")
    make_news("あすから", shows_from=in_days(1))
    make_grant("助成", 5)
    make_grant("終わった助成", -5)
    make_case("事例")
    make_case("下書き", is_published=False)


@pytest.mark.usefixtures("_everything")
@pytest.mark.parametrize(
    ("url", "title", "page"),
    [
        ("/shimonoseki/news/feed/", "<新しい>お知らせ", "/shimonoseki/news/"),
        ("/shimonoseki/news/grants/feed/", "助成", "/shimonoseki/news/grants/"),
        ("/shimonoseki/cases/feed/", "事例", "/shimonoseki/cases/"),
    ],
)
def test_a_feed_holds_what_its_list_shows(url: str, title: str, page: str) -> None:
    (entry,) = entries(url)
    assert entry.findtext(f"{ATOM}title") == title
    link = entry.find(f"{ATOM}link")
    assert link is not None
    assert link.attrib["href"].startswith(f"http://testserver{page}")
    assert Client().get(link.attrib["href"]).status_code == 200
    assert f'href="{url}"' in Client().get(page).content.decode(), "the list leads to it"


def test_an_entry_is_updated_when_its_words_change(make_news: MakeNews) -> None:
    published, changed = timezone.now() - timedelta(days=9), timezone.now() - timedelta(days=2)
    make_news("前に書いた", published_at=published, changed_at=published - timedelta(days=3), shows_from=in_days(-9))
    make_news("直した", published_at=published, changed_at=changed, shows_from=in_days(-8))
    assert [entry.findtext(f"{ATOM}updated", "")[:10] for entry in entries("/shimonoseki/news/feed/")] == [
        changed.date().isoformat(),
        published.date().isoformat(),
    ]
