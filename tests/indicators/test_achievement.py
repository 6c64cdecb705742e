"""The percentages that a report prints, and the cases in which it must not print one."""

from decimal import Decimal

import pytest

from indicators.achievement import Achievement, Unjudged, achievement, expected_pace, rounded, value_on_the_way
from indicators.models import Formula


def judged(formula: Formula, baseline: str | None, target: str | None, actual: str | None) -> Achievement:
    return achievement(
        formula,
        baseline=None if baseline is None else Decimal(baseline),
        target=None if target is None else Decimal(target),
        actual=None if actual is None else Decimal(actual),
    )


@pytest.mark.parametrize(
    ("baseline", "target", "actual", "percent"),
    [
        ("100", "20", "30", "87.5"),  # a decreasing figure
        ("39.5", "45.0", "42.25", "50.0"),
        ("39.5", "45.0", "45.0", "100.0"),
        ("39.5", "45.0", "39.5", "0.0"),
        ("39.5", "45.0", "38.4", "-20.0"),  # worse than the baseline
        ("100", "20", "110", "-12.5"),
        ("10", "20", "35", "250.0"),  # nothing is clamped
        ("0", "8", "3", "37.5"),
        ("0", "3", "1", "33.3"),
    ],
)
def test_from_the_baseline_in_either_direction(baseline: str, target: str, actual: str, percent: str) -> None:
    assert judged(Formula.BASELINE, baseline, target, actual) == Achievement(Decimal(percent))


@pytest.mark.parametrize(
    ("formula", "target", "actual", "percent"),
    [
        (Formula.LEVEL, "50", "36", "72.0"),
        (Formula.LEVEL, "50", "-5", "-10.0"),
        (Formula.INVERSE_LEVEL, "20", "25", "80.0"),
        (Formula.INVERSE_LEVEL, "20", "10", "200.0"),
        (Formula.COMPLEMENT_LEVEL, "20", "25", "75.0"),
        (Formula.COMPLEMENT_LEVEL, "20", "20", "100.0"),
        (Formula.COMPLEMENT_LEVEL, "20", "50", "-50.0"),
    ],
)
def test_by_level_without_a_baseline(formula: Formula, target: str, actual: str, percent: str) -> None:
    assert judged(formula, None, target, actual) == Achievement(Decimal(percent))


@pytest.mark.parametrize(
    ("formula", "baseline", "target", "actual", "reason"),
    [
        (Formula.BASELINE, "39.5", "45.0", None, Unjudged.NO_ACTUAL),
        (Formula.LEVEL, None, "50", None, Unjudged.NO_ACTUAL),
        (Formula.LEVEL, None, None, "36", Unjudged.NO_TARGET),
        (Formula.BASELINE, None, "5", "3", Unjudged.NO_BASELINE),
        (Formula.BASELINE, "5", "5.0", "3", Unjudged.TARGET_IS_BASELINE),
        (Formula.LEVEL, None, "0", "3", Unjudged.TARGET_IS_ZERO),
        (Formula.COMPLEMENT_LEVEL, None, "0", "3", Unjudged.TARGET_IS_ZERO),
        (Formula.INVERSE_LEVEL, None, "5", "0", Unjudged.ACTUAL_IS_ZERO),
    ],
)
def test_no_percentage_where_none_can_be(
    formula: Formula, baseline: str | None, target: str | None, actual: str | None, reason: Unjudged
) -> None:
    assert judged(formula, baseline, target, actual) == Achievement(None, reason)


def test_a_target_of_zero_is_reached_from_a_baseline() -> None:
    assert judged(Formula.BASELINE, "10", "0", "4").percent == Decimal("60.0")


def test_nothing_is_computed_across_a_break() -> None:
    across = achievement(
        Formula.BASELINE, baseline=Decimal(10), target=Decimal(20), actual=Decimal(15), across_break=True
    )
    assert across == Achievement(None, Unjudged.ACROSS_BREAK)


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        ("0.05", 1, "0.1"),
        ("0.25", 1, "0.3"),
        ("-0.25", 1, "-0.3"),
        ("2.5", 0, "3"),
        ("39.5", 1, "39.5"),
        ("94", 0, "94"),
    ],
)
def test_rounds_half_up(value: str, decimals: int, shown: str) -> None:
    assert str(rounded(Decimal(value), decimals)) == shown


def test_expected_pace_of_a_five_year_plan() -> None:
    assert [expected_pace(2026, 2030, year) for year in range(2026, 2031)] == [20, 40, 60, 80, 100]
    assert expected_pace(2009, 2017, 2012) == Decimal("44.4")
    with pytest.raises(ValueError, match="outside"):
        expected_pace(2026, 2030, 2031)


def test_the_way_leads_from_target_to_target_in_equal_steps() -> None:
    corners = [(2008, Decimal(100)), (2012, Decimal(60)), (2017, Decimal(10))]
    assert [value_on_the_way(corners, year) for year in (2008, 2009, 2012, 2013, 2017)] == [100, 90, 60, 50, 10]
    assert value_on_the_way(corners, 2018) is None
    assert value_on_the_way([], 2012) is None
