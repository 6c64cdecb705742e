"""The portal's first page, and each municipality's."""

from datetime import UTC, date, datetime, time

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from centres.models import Centre, CentreFunction, Consultation, Group
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from plans.models import Plan


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    caches["pages"].clear()


def test_the_first_page_leads_to_every_municipality(client: Client, db: None) -> None:
    page = client.get("/").content.decode()
    for slug, name in (("shimonoseki", "下関市"), ("yamaguchi", "山口市"), ("nagato", "長門市")):
        assert f'href="/{slug}/">{name}</a>' in page


@pytest.mark.parametrize(
    ("day", "words"), [(date(2026, 11, 24), "きょうは開館日です"), (date(2026, 11, 25), "きょうは休館日です")]
)
def test_a_home_tells_whether_the_centre_is_open(
    client: Client, yamaguchi: Municipality, monkeypatch: pytest.MonkeyPatch, day: date, words: str
) -> None:
    with acting_as(yamaguchi):
        centre = Centre.objects.create(
            name="支援センター",
            nickname="さぽらんて",
            address="道場門前",
            phone="083-000-0000",
            opens=time(9, 30),
            closes=time(18),
            closed_weekdays=[2],
            rule="毎水曜日",
        )
        CentreFunction.objects.create(centre=centre, position=1, name="相談受付")
    monkeypatch.setattr(timezone, "now", lambda: datetime(day.year, day.month, day.day, 3, tzinfo=UTC))
    page = client.get("/yamaguchi/").content.decode()
    for shown in (words, "さぽらんて", "9:30〜18:00", "毎水曜日", "相談受付", 'href="tel:083-000-0000"'):
        assert shown in page


def test_where_hours_are_not_known_nothing_is_said(client: Client, shimonoseki: Municipality) -> None:
    with acting_as(shimonoseki):
        Centre.objects.create(name="センター", address="竹崎町")
    page = client.get("/shimonoseki/").content.decode()
    assert "きょうは" not in page
    assert "開館時間と休館日は、電話でおたずねください。" in page


def test_where_there_is_no_centre_the_office_answers(client: Client, nagato: Municipality) -> None:
    Municipality.objects.filter(pk=nagato.pk).update(office_phone="0837-00-0000")
    page = client.get("/nagato/").content.decode()
    assert "相談とお問い合わせ" in page
    assert 'href="tel:0837-00-0000"' in page


def test_numbers_and_newest_groups(client: Client, shimonoseki: Municipality, nagato: Municipality) -> None:
    with acting_as(nagato):
        Group.objects.create(number=1, name="長門の会", kind="civic", is_published=True, registered_on=date(2026, 1, 1))
    with acting_as(shimonoseki):
        Group.objects.bulk_create(
            Group(
                number=number,
                name=f"第{number}の会",
                kind="civic",
                is_published=True,
                is_sample=True,
                registered_on=date(2020, 1, 1 + number),
            )
            for number in range(1, 6)
        )
        Consultation.objects.bulk_create(Consultation(summary="相談") for _ in range(1234))
    page = client.get("/shimonoseki/").content.decode()
    assert "5<span" in page
    assert "1,234<span" in page
    assert "長門の会" not in page
    newest = [page.index(f"第{number}の会") for number in (5, 4, 3)]
    assert newest == sorted(newest)
    assert "第2の会" not in page
    assert "をふくみます。" in page


def test_the_citys_plans(client: Client, shimonoseki: Municipality, nagato: Municipality) -> None:
    for municipality, slug, status in (
        (shimonoseki, "5th", Plan.Status.IN_FORCE),
        (shimonoseki, "6th", Plan.Status.DRAFT),
        (nagato, "second", Plan.Status.SUPERSEDED),
    ):
        with acting_as(municipality):
            Plan.objects.create(
                slug=slug, title=f"計画{slug}", status=status, first_fiscal_year=2026, last_fiscal_year=2030
            )
    page = client.get("/shimonoseki/").content.decode()
    assert 'href="/shimonoseki/plans/5th/">計画5th</a>' in page
    assert "計画6th" not in page
    assert "計画second" not in page
