"""What KPIs count of a centre's records, and the rows behind the figure."""

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from centres.models import (
    Consultation,
    ConsultationCategory,
    ConsultationInCategory,
    CouncilProfile,
    District,
    GroupKind,
)
from civic.measures.registry import Counted, find
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.centres.conftest import MakeGroup


def test_active_groups(shimonoseki: Municipality, nagato: Municipality, make_group: MakeGroup) -> None:
    measure = find("centres.active_groups")
    with acting_as(nagato):
        make_group("長門の会", registered_on=date(2020, 1, 1))
    with acting_as(shimonoseki):
        make_group("ふるい会", registered_on=date(2020, 1, 1))
        make_group("年度末の会", registered_on=date(2026, 3, 31))
        make_group("新年度の会", registered_on=date(2026, 4, 1))
        make_group("日のわからない会")
        make_group("公開しない会", registered_on=date(2020, 1, 1), is_published=False)
        assert [measure.count(year) for year in (2025, 2026)] == [
            Counted(Decimal(3), False),
            Counted(Decimal(4), False),
        ]
        rows = measure.rows(2025)
        assert {row.label for row in rows} == {"ふるい会", "年度末の会", "日のわからない会"}
        assert {(row.day, row.url) for row in rows if row.label == "年度末の会"} == {
            (date(2026, 3, 31), "/shimonoseki/groups/2/")
        }


def test_a_consultation_counts_once_in_the_year_of_its_day_in_japan(shimonoseki: Municipality) -> None:
    measure = find("centres.consultations")
    with acting_as(shimonoseki):
        moments = (
            datetime(2026, 3, 31, 23, 59),  # noqa: DTZ001  made aware below
            datetime(2026, 4, 1, 0, 0),  # noqa: DTZ001  made aware below
            datetime(2027, 3, 31, 23, 59),  # noqa: DTZ001  made aware below
        )
        consultations = [
            Consultation.objects.create(summary="ひみつの相談", received_at=timezone.make_aware(moment))
            for moment in moments
        ]
        for name in ("設立", "会計"):
            ConsultationInCategory.objects.create(
                consultation=consultations[1], category=ConsultationCategory.objects.create(name=name)
            )
        assert [measure.count(year).value for year in (2025, 2026, 2027)] == [1, 2, 0]
        rows = measure.rows(2026)
        assert {row.day for row in rows} == {date(2026, 4, 1), date(2027, 3, 31)}
        assert all("ひみつ" not in row.label for row in rows)


def test_a_sample_among_the_records_is_told(shimonoseki: Municipality, make_group: MakeGroup) -> None:
    with acting_as(shimonoseki):
        make_group("ふるい会", registered_on=date(2020, 1, 1))
        make_group("サンプルの会", registered_on=date(2026, 4, 1), is_sample=True)
        measure = find("centres.active_groups")
        assert not measure.count(2025).has_samples
        assert measure.count(2026).has_samples
        assert [row.is_sample for row in measure.rows(2026)] == [False, True]


def test_coverage_by_councils_is_a_share_of_the_districts(shimonoseki: Municipality, make_group: MakeGroup) -> None:
    measure = find("centres.council_coverage")
    with acting_as(shimonoseki):
        assert measure.count(2026).value == 0, "no district is known"
        first, second, third = (District.objects.create(name=name, position=1) for name in ("東", "西", "南"))
        for name, district, joined in (("東の会", first, 2025), ("東の二の会", first, 2025), ("西の会", second, 2026)):
            make_group(name, kind=GroupKind.COUNCIL, district=district, registered_on=date(joined, 5, 1))
        make_group("花の会", district=third, registered_on=date(2025, 5, 1))
        assert [measure.count(year).value for year in (2024, 2025, 2026)] == [0, Decimal("33.33"), Decimal("66.67")]
        rows = measure.rows(2026)
        assert [(row.label, row.value) for row in rows] == [("東", Decimal("33.33")), ("西", Decimal("33.34"))]


def test_coverage_by_councils_is_a_share_of_the_people(shimonoseki: Municipality, make_group: MakeGroup) -> None:
    measure = find("centres.council_population")
    shimonoseki.population = 3000
    with acting_as(shimonoseki):
        for name, joined, population in (("東の会", 2025, 1000), ("西の会", 2026, 1500)):
            council = make_group(name, kind=GroupKind.COUNCIL, registered_on=date(joined, 5, 1))
            CouncilProfile.objects.create(
                group=council, population=population, elderly=1, elderly_rate=1, households=1, as_of="令和8年"
            )
        make_group("花の会", registered_on=date(2025, 5, 1))
        assert [measure.count(year) for year in (2024, 2025, 2026)] == [
            Counted(Decimal(0), False),
            Counted(Decimal("33.33"), False),
            Counted(Decimal("83.33"), False),
        ]
        rows = measure.rows(2026)
        assert [(row.label, row.value) for row in rows] == [("東の会", Decimal("33.33")), ("西の会", Decimal("50.00"))]

        make_group("人口のわからない会", kind=GroupKind.COUNCIL, registered_on=date(2026, 6, 1))
        assert measure.count(2026).answers == 0, "a share of what is not known is none"
        assert measure.count(2025).answers is None
    shimonoseki.population = None
    with acting_as(shimonoseki):
        assert measure.count(2025).answers == 0
