"""A municipality's files become its centre's records, once."""

import json
from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from centres.loading import load
from centres.models import (
    Centre,
    ConsultationCategory,
    CouncilProfile,
    District,
    Group,
    PublishedFigure,
)
from centres.opening import is_open
from civic.audit.models import Change
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality

FIXTURES: Path = settings.BASE_DIR / "fixtures"
NAGATO_DISTRICTS = ["長門", "三隅", "日置", "油谷"]


def test_the_centre_of_shimonoseki(shimonoseki: Municipality) -> None:
    with acting_as(shimonoseki):
        load(FIXTURES / "shimonoseki", [])
        centre = Centre.objects.get()
        assert (centre.name, centre.postal_code, centre.address, centre.building, centre.phone) == (
            "しものせき市民活動センター",
            "750-0025",
            "下関市竹崎町四丁目4番2号",
            "ヴェルタワー下関2階",
            "083-231-1826",
        )
        assert [str(function) for function in centre.functions.all()] == [
            "相談受付",
            "市民活動団体の登録",
            "活動の場の提供",
            "情報収集と提供",
            "講座・研修の開催",
            "ネットワーク化の促進",
        ]
        assert (centre.opens, centre.rule) == (None, "")
        assert centre.source["file"] == "000_85cbd4c12db5f2f9.txt"


def test_the_centre_of_yamaguchi_keeps_its_printed_rule(yamaguchi: Municipality) -> None:
    with acting_as(yamaguchi):
        load(FIXTURES / "yamaguchi", [])
        centre = Centre.objects.get()
        assert (str(centre), centre.opens, centre.closes) == ("さぽらんて", time(9, 30), time(18, 0))
        assert centre.rule == "毎水曜日、土・日以外の祝日 年末年始（12/29～1/3）"
        assert not is_open(centre, date(2026, 12, 29))
        assert "さぼらんて" in centre.source["note"]
        figures = PublishedFigure.objects.filter(topic="registered-groups")
        assert [(figure.value, figure.as_of) for figure in figures] == [
            (269, "平成２０年１２月末現在"),
            (342, "令和6年12月末現在"),
        ]


def test_nagato_has_no_centre_but_councils_and_figures(nagato: Municipality) -> None:
    with acting_as(nagato):
        load(FIXTURES / "nagato", NAGATO_DISTRICTS)
        assert not Centre.objects.exists()
        assert [district.name for district in District.objects.all()] == NAGATO_DISTRICTS
        councils = CouncilProfile.objects.select_related("group__district").order_by("group__number")
        assert [council.group.number for council in councils] == list(range(1, 11))
        assert all(council.group.is_published and not council.group.is_sample for council in councils)
        tawarayama = councils.get(group__name="俵山景観づくり委員会")
        assert (tawarayama.population, tawarayama.elderly, tawarayama.elderly_rate, tawarayama.households) == (
            1064,
            532,
            Decimal("50.00"),
            467,
        )
        assert tawarayama.group.district.name == "長門"
        assert sum(council.population for council in councils) == 17882
        npos = PublishedFigure.objects.filter(topic="npo-by-field")
        assert (npos.count(), sum(npo.value for npo in npos)) == (19, 112)
        assert list(
            PublishedFigure.objects.filter(topic="civic-grant-total").values_list(
                "fiscal_year", "value", "unit", "is_foreseen"
            )
        ) == [(2015, 2210451, "円", False), (2016, 1870000, "円", True)]


@pytest.mark.parametrize("slug", ["shimonoseki", "yamaguchi", "nagato"])
def test_loading_again_leaves_no_trace(slug: str, db: None) -> None:
    with acting_as(Municipality.objects.get(slug=slug)):
        load(FIXTURES / slug, NAGATO_DISTRICTS)
        last = Change.objects.latest("id").pk
        load(FIXTURES / slug, NAGATO_DISTRICTS)
        assert Change.objects.latest("id").pk == last


def test_what_the_office_has_corrected_stays(nagato: Municipality) -> None:
    with acting_as(nagato):
        load(FIXTURES / "nagato", NAGATO_DISTRICTS)
        Group.objects.filter(number=1).update(phone="0837-00-0000")
        ConsultationCategory.objects.filter(name="その他").delete()
        load(FIXTURES / "nagato", NAGATO_DISTRICTS)
        assert Group.objects.get(number=1).phone == "0837-00-0000"
        assert not ConsultationCategory.objects.filter(name="その他").exists()


@pytest.mark.parametrize("slug", ["shimonoseki", "yamaguchi", "nagato"])
def test_every_figure_of_the_file_is_there(slug: str, db: None) -> None:
    path = FIXTURES / slug / "statistics.json"
    statistics = json.loads(path.read_text()) if path.exists() else {"tables": [], "series": []}
    expected = {table["key"]: len(table["rows"]) + ("total" in table) for table in statistics["tables"]}
    expected |= {series["key"]: len(series["points"]) + len(series["targets"]) for series in statistics["series"]}
    with acting_as(Municipality.objects.get(slug=slug)):
        load(FIXTURES / slug, NAGATO_DISTRICTS)
        for topic, count in expected.items():
            figures = PublishedFigure.objects.filter(topic=topic)
            assert figures.count() == count
            assert all(figure.source["file"] for figure in figures)
