"""Where a commitment stands in a year: its figure, its target, its achievement."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.achievement import Achievement, Unjudged
from indicators.models import Actual, Commitment, Indicator, Target
from indicators.queries import Standing, figures_of, standing
from indicators.services import Entry, close_year, enter_figures, record_break
from indicators.wording import worked
from tests.indicators.conftest import Consult, Enter


def stands(commitment: Commitment, year: int) -> Standing:
    return standing(commitment, year, figures_of(commitment.indicator))


def test_a_falling_figure_rises_towards_its_target(commitment: Commitment, enter: Enter) -> None:
    enter(2026, "30")
    now = stands(commitment, 2026)
    assert now.achievement == Achievement(Decimal("87.5"))
    assert now.target is not None
    assert worked(commitment, now.target, Decimal(30), now.achievement) == "（30－100）÷（20－100）×100＝87.5％"


def test_worse_than_the_baseline_is_negative(commitment: Commitment, enter: Enter) -> None:
    enter(2026, "110")
    assert stands(commitment, 2026).achievement.percent == Decimal("-12.5")


def test_a_year_without_a_figure(commitment: Commitment, enter: Enter) -> None:
    enter(2026, "30")
    assert stands(commitment, 2027) == Standing(None, commitment.targets.get(), Achievement(None, Unjudged.NO_ACTUAL))


@pytest.mark.parametrize(
    ("formula", "value", "printed"),
    [
        ("level", "18", "18÷20×100＝90.0％"),
        ("inverse_level", "25", "20÷25×100＝80.0％"),
        ("complement_level", "25", "（2－25÷20）×100＝75.0％"),
        ("level", "-4", "（-4）÷20×100＝-20.0％"),
        ("baseline", "1250", "（1,250－100）÷（20－100）×100＝-1437.5％"),
    ],
)
def test_every_formula_is_printed_with_its_figures(
    commitment: Commitment, enter: Enter, formula: str, value: str, printed: str
) -> None:
    commitment.formula = formula
    enter(2026, value)
    now = stands(commitment, 2026)
    assert now.target is not None
    assert worked(commitment, now.target, Decimal(value), now.achievement) == printed


def test_people_become_cases_and_nothing_is_computed_across(
    commitment: Commitment, indicator: Indicator, enter: Enter
) -> None:
    for year, value in ((2024, "90"), (2025, "80"), (2026, "30"), (2027, "25")):
        enter(year, value)
    record_break(indicator, 2026, "人数（延べ）から件数に変えました。")
    assert [stands(commitment, year).achievement.percent for year in (2024, 2025)] == [Decimal("12.5"), Decimal("25.0")]
    assert {stands(commitment, year).achievement.unjudged for year in (2026, 2027)} == {Unjudged.ACROSS_BREAK}


def test_a_baseline_measured_in_the_new_way_is_judged(
    commitment: Commitment, indicator: Indicator, enter: Enter
) -> None:
    enter(2026, "30")
    record_break(indicator, 2023, "人数（延べ）から件数に変えました。")
    assert stands(commitment, 2026).achievement.percent == Decimal("87.5")


def test_a_baseline_of_no_known_year_may_lie_before_any_break(
    commitment: Commitment, indicator: Indicator, enter: Enter
) -> None:
    commitment.baseline_fiscal_year = None
    enter(2026, "30")
    assert stands(commitment, 2026).achievement.percent == Decimal("87.5")
    record_break(indicator, 2010, "人数（延べ）から件数に変えました。")
    assert stands(commitment, 2026).achievement.unjudged == Unjudged.ACROSS_BREAK


def test_an_interim_target_is_held_against_first(commitment: Commitment, enter: Enter) -> None:
    Target.objects.create(commitment=commitment, fiscal_year=2025, value=Decimal(60), label="", printed="60件")
    for year in (2025, 2026):
        enter(year, "60")
    assert [stands(commitment, year).achievement.percent for year in (2025, 2026)] == [100, 50]


def test_a_live_figure_is_counted_for_its_year(counted: Indicator, commitment: Commitment, consult: Consult) -> None:
    for year in (2024, 2025, 2025, 2026):
        consult(year)
    commitment.indicator.refresh_from_db()
    figures = figures_of(commitment.indicator)
    assert {year: (figure.value, figure.standing) for year, figure in figures.items()} == {
        2025: (Decimal(2), "live"),
        2026: (Decimal(1), "live"),
    }
    consult(2026)
    assert stands(commitment, 2026).achievement.percent == Decimal("122.5")


def test_entered_figures_stand_before_counting_begins(indicator: Indicator, counted: Indicator, enter: Enter) -> None:
    enter(2024, "7")
    assert figures_of(counted)[2024].standing == "provisional"


def test_a_survey_figure_keeps_its_answers(indicator: Indicator) -> None:
    enter_figures(2026, [Entry(indicator, Decimal(30), Actual.Status.FINAL, 1234, Decimal("41.1"), "郵送")])
    figure = figures_of(indicator)[2026]
    assert (figure.standing, figure.answers, figure.response_rate, figure.note) == (
        "final",
        1234,
        Decimal("41.1"),
        "郵送",
    )


def test_each_open_year_is_counted_once_and_a_closed_one_not_at_all(counted: Indicator, consult: Consult) -> None:
    for _record in range(5):
        consult(2025)
    close_year([counted], 2025, None)
    with CaptureQueriesContext(connection) as queries:
        assert figures_of(counted, since=2025, until=2026)[2026].value == 0
    assert len([query for query in queries if "centres_consultation" in query["sql"]]) == 1
