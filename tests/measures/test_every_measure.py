"""The rows behind a figure add up to it, whatever is measured."""

from collections.abc import Iterator
from decimal import Decimal
from random import Random

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

import centres.demo
import centres.events.demo
import centres.information.demo
import centres.rooms.demo
import matching.afterwards.demo
import matching.demo
from centres.loading import load
from civic.measures.registry import Measure, mean, offered
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.centres.test_loading import NAGATO_DISTRICTS

DEMOS = (
    centres.demo,
    centres.rooms.demo,
    centres.information.demo,
    centres.events.demo,
    matching.demo,
    matching.afterwards.demo,
)
YEARS = range(2015, 2028)
PAGE = 30
# The one city of which the people of its councils' areas are known.
IN_NAGATO = "centres.council_population"


@pytest.fixture(scope="module")
def _cities(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Two cities with their sample records, and the councils of a third, loaded once for every measure."""
    with django_db_blocker.unblock(), transaction.atomic():
        for slug in ("yamaguchi", "shimonoseki"):
            with acting_as(Municipality.objects.get(slug=slug)):
                load(settings.BASE_DIR / "fixtures" / slug, [])
                for demo in DEMOS:
                    demo.load_demo(Random(slug))
        with acting_as(Municipality.objects.get(slug="nagato")):
            load(settings.BASE_DIR / "fixtures" / "nagato", NAGATO_DISTRICTS)
        yield
        transaction.set_rollback(True)


@pytest.mark.usefixtures("_cities")
@pytest.mark.parametrize("measure", offered(), ids=lambda measure: measure.name)
def test_the_rows_add_up_to_the_figure(measure: Measure, shimonoseki: Municipality, nagato: Municipality) -> None:
    nagato.population = 35_439
    with acting_as(nagato if measure.name == IN_NAGATO else shimonoseki):
        counted = {year: measure.count(year) for year in YEARS}
        figures = {year: found.value for year, found in counted.items() if found.answers != 0}
        assert any(figures.values()), "the demonstration has no record that this measure counts"
        for year, figure in figures.items():
            rows = measure.rows(year)
            total = sum((row.value for row in rows), Decimal(0))
            assert figure == (mean(total, len(rows)) if measure.is_share else total)
            assert counted[year].answers in (None, len(rows))
            pages = [rows[start : start + PAGE] for start in range(0, len(rows), PAGE)]
            assert sorted(row.key for page in pages for row in page) == sorted({row.key for row in rows})


# A rate of use asks for the rooms and their closures besides: their days are counted by Japan's holidays.
QUERIES = {"centres.room_use_rate": 3}


@pytest.mark.parametrize("measure", offered(), ids=lambda measure: measure.name)
def test_a_figure_is_one_query(measure: Measure, in_shimonoseki: Municipality) -> None:
    with CaptureQueriesContext(connection) as queries:
        measure.count(2026)
    assert len(queries) == QUERIES.get(measure.name, 1)
