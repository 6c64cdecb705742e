"""The guild's figures of a fiscal year equal their rows: at its edges, taken back, beside another municipality's."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from operator import attrgetter

import pytest
from django.utils import timezone

from centres.models import Group, GroupKind
from centres.periods import MONTHS, Period
from civic.measures.registry import MeasuredRow, find
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from matching.afterwards.statistics import Tally, statistics
from matching.models import HelpRequest, Match, MatchState, MatchStep, Participation, Supporter

State = MatchState
ZONE = timezone.get_default_timezone()
LAST = datetime(2026, 3, 31, 23, 59, 59, 999999, ZONE)
FIRST = datetime(2026, 4, 1, tzinfo=ZONE)
MEASURES = ("completed_matches", "partner_matches", "active_supporters", "hours", "days_to_introduction")

MakeMatch = Callable[..., Match]


def come_to(match: Match, *steps: tuple[MatchState, datetime]) -> None:
    """Bring a match to states at moments of the past."""
    MatchStep.objects.bulk_create(
        MatchStep(match=match, state=state, actor=MatchStep.Actor.STAFF, at=at) for state, at in steps
    )
    Match.objects.filter(pk=match.pk).update(state=steps[-1][0])


@pytest.fixture
def make_match() -> MakeMatch:
    """Make a match of a new supporter, or of a new group, in the municipality acted as."""

    def make(*steps: tuple[MatchState, datetime], is_partner: bool = False, **fields: object) -> Match:
        request = HelpRequest.objects.create(
            title="海岸の清掃",
            what="ごみを拾います。",
            when="土曜日",
            where="海岸",
            people_needed=1,
            posted_on=date(2026, 3, 30),
        )
        if is_partner:
            number = Group.objects.count() + 1
            fields["partner"] = Group.objects.create(number=number, name=f"会{number}", kind=GroupKind.CIVIC)
        else:
            fields["supporter"] = Supporter.objects.create(nickname="かもめ")
        match = Match.objects.create(request=request, **fields)
        if steps:
            come_to(match, *steps)
        return match

    return make


def active_on(match: Match, day: date, *, is_confirmed: bool = True) -> None:
    Participation.objects.create(
        match=match, day=day, hours=Decimal("1.5"), confirmed_at=timezone.now() if is_confirmed else None
    )


def rows_of(name: str, fiscal_year: int) -> list[MeasuredRow]:
    """The rows of a year, which have its figure as their sum, or as their mean."""
    measure = find(f"matching.{name}")
    rows, counted = list(measure.rows(fiscal_year)), measure.count(fiscal_year)
    values = [row.value for row in rows]
    if measure.is_share:
        assert (counted.answers, counted.value) == (len(rows), sum(values) / max(len(rows), 1))
    else:
        assert counted.value == sum(values)
    return rows


@pytest.mark.usefixtures("in_shimonoseki")
@pytest.mark.parametrize(
    ("name", "state", "is_partner"),
    [
        ("completed_matches", State.COMPLETED, False),
        ("partner_matches", State.INTRODUCED, True),
        ("days_to_introduction", State.INTRODUCED, False),
    ],
)
def test_a_match_counts_in_the_year_of_its_moment_in_japan(
    name: str, state: MatchState, is_partner: bool, make_match: MakeMatch
) -> None:
    before, after = (make_match((state, at), is_partner=is_partner) for at in (LAST, FIRST))
    assert [[(row.key, row.day) for row in rows_of(name, year)] for year in (2024, 2025, 2026, 2027)] == [
        [],
        [(before.pk, LAST.date())],
        [(after.pk, FIRST.date())],
        [],
    ]


@pytest.mark.usefixtures("in_shimonoseki")
def test_an_introduction_waits_for_whole_days_in_japan(make_match: MakeMatch) -> None:
    make_match((State.INTRODUCED, LAST))
    make_match((State.INTRODUCED, FIRST))
    make_match((State.INTRODUCED, FIRST + timedelta(hours=30)), is_partner=True)
    assert [[row.value for row in rows_of("days_to_introduction", year)] for year in (2025, 2026)] == [[1], [2, 3]]


@pytest.mark.usefixtures("in_shimonoseki")
def test_a_day_counts_in_its_year_once_it_is_confirmed(make_match: MakeMatch) -> None:
    several, other, waiting = make_match(people=4), make_match(), make_match()
    for match, day in ((several, LAST), (several, FIRST), (other, FIRST), (other, FIRST + timedelta(days=1))):
        active_on(match, day.date())
    active_on(waiting, FIRST.date(), is_confirmed=False)
    assert [[row.value for row in rows_of("hours", year)] for year in (2025, 2026)] == [
        [Decimal(6)],
        [Decimal(6), Decimal("1.5"), Decimal("1.5")],
    ]
    both = {several.supporter_id, other.supporter_id}
    assert [{row.key for row in rows_of("active_supporters", year)} for year in (2025, 2026)] == [
        {several.supporter_id},
        both,
    ]


@pytest.mark.usefixtures("in_shimonoseki")
def test_what_is_taken_back_counts_no_more_and_what_is_said_again_counts_then(make_match: MakeMatch) -> None:
    taken_back = make_match((State.COMPLETED, LAST), (State.ACTIVE, FIRST))
    again = make_match((State.COMPLETED, LAST), (State.ACTIVE, FIRST), (State.COMPLETED, FIRST))
    assert [[row.key for row in rows_of("completed_matches", year)] for year in (2025, 2026)] == [[], [again.pk]]
    assert [statistics(Period(year)).total.completed for year in (2025, 2026)] == [0, 1]
    come_to(taken_back, (State.COMPLETED, FIRST))
    assert len(rows_of("completed_matches", 2026)) == 2

    for ended in (State.CANCELLED, State.NO_SHOW):
        make_match((State.INTRODUCED, LAST), (ended, FIRST), is_partner=True)
    done = make_match((State.INTRODUCED, LAST), (State.COMPLETED, FIRST), is_partner=True)
    assert [row.key for row in rows_of("partner_matches", 2025)] == [done.pk]
    assert rows_of("partner_matches", 2026) == [], "it counts once, in the year of the introduction"


def test_each_municipality_counts_its_own(
    shimonoseki: Municipality, yamaguchi: Municipality, make_match: MakeMatch
) -> None:
    for municipality, times in ((shimonoseki, 1), (yamaguchi, 2)):
        with acting_as(municipality):
            for _number in range(times):
                match = make_match((State.INTRODUCED, FIRST), (State.COMPLETED, FIRST))
                active_on(match, FIRST.date())
                make_match((State.INTRODUCED, FIRST), is_partner=True)
    for municipality, times in ((shimonoseki, 1), (yamaguchi, 2)):
        with acting_as(municipality):
            assert [len(rows_of(name, 2026)) for name in MEASURES] == [times, times, times, times, 2 * times]
            urls = {row.url for name in MEASURES for row in rows_of(name, 2026)}
            assert all(url.startswith(f"/{municipality.slug}/") for url in urls)
            total = statistics(Period(2026)).total
            assert (total.introduced, total.completed, total.hours) == (2 * times, times, Decimal("1.5") * times)


@pytest.mark.usefixtures("in_shimonoseki")
def test_every_table_of_the_statistics_and_its_records_add_up_to_the_total(make_match: MakeMatch) -> None:
    for month in (4, 12, 3):
        at = datetime(2026 if month > 3 else 2027, month, 28, tzinfo=ZONE)
        match = make_match((State.INTRODUCED, at), (State.COMPLETED, at), age_band=70 if month == 4 else None)
        active_on(match, at.date())
    HelpRequest.objects.filter(pk=match.request_id).update(field=7)
    year = statistics(Period(2026))
    assert year.total == Tally(introduced=3, completed=3, hours=Decimal("4.5"))
    assert [table.name for table in year.tables] == ["month", "field", "district", "age"]
    months = [statistics(Period(2026, month)).total for month in MONTHS]
    for tallies in (months, year.events, *([tally for _label, tally in table.rows] for table in year.tables)):
        for figure in ("introduced", "completed", "hours"):
            assert sum(map(attrgetter(figure), tallies)) == getattr(year.total, figure)
