"""Reading series: where a commitment stands in a year."""

from dataclasses import dataclass

from indicators.achievement import Achievement, achievement
from indicators.models import Actual, Commitment, Formula, Target

WITH_SERIES = ("commitment__targets", "commitment__indicator__actuals", "commitment__indicator__breaks")
"""What to prefetch on rows that hold a `commitment`, so that `standing` asks nothing more."""


@dataclass(frozen=True)
class Standing:
    """A commitment in one fiscal year: the figure, the target it is held against, and how far that is reached."""

    actual: Actual | None
    target: Target | None
    achievement: Achievement


def latest_actual_year(commitment: Commitment, first: int, last: int) -> int | None:
    """Return the last fiscal year from `first` to `last` that has a figure; None where none has."""
    years = [a.fiscal_year for a in commitment.indicator.actuals.all() if first <= a.fiscal_year <= last]
    return max(years, default=None)


def standing(commitment: Commitment, fiscal_year: int | None) -> Standing:
    """Return where a commitment stands in a year, against the next target from that year on, or else the last.

    A break counts where it lies after the baseline's year, or anywhere before the figure where that year is unknown.
    """
    actual = next((a for a in commitment.indicator.actuals.all() if a.fiscal_year == fiscal_year), None)
    targets = sorted(commitment.targets.all(), key=lambda target: target.fiscal_year)
    target = next((t for t in targets if fiscal_year is not None and t.fiscal_year >= fiscal_year), None)
    if target is None and targets:
        target = targets[-1]
    measured_from = commitment.baseline_fiscal_year or 0
    return Standing(
        actual,
        target,
        achievement(
            Formula(commitment.formula),
            baseline=commitment.baseline_value,
            target=target.value if target else None,
            actual=actual.value if actual else None,
            across_break=actual is not None
            and any(measured_from < b.fiscal_year <= actual.fiscal_year for b in commitment.indicator.breaks.all()),
        ),
    )
