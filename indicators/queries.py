"""Reading series: the figures of each year, where they come from, and where a commitment stands."""

from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Prefetch
from django.utils import timezone

from civic.calendar import fiscal_year_of
from civic.measures.registry import find
from indicators.achievement import Achievement, Unjudged, achievement
from indicators.models import Actual, Closing, Commitment, Correction, Formula, Indicator, Target
from indicators.series import LIVE
from indicators.small_counts import tells_of_few

WITH_SERIES = (
    "commitment__targets",
    "commitment__indicator__actuals",
    "commitment__indicator__breaks",
    Prefetch("commitment__indicator__closings", Closing.objects.defer("rows")),
    "commitment__indicator__closings__corrections",
    "commitment__indicator__commitments__targets",
)
"""What to prefetch on rows that hold a `commitment`, so that the functions here ask for nothing but live counts."""


@dataclass(frozen=True)
class Figure:
    """The figure of one fiscal year, in the indicator's unit. `standing`: see indicators/series.py.

    `is_hidden`: it tells of a few people only. What is published says so in its place, and nothing made of it.
    """

    fiscal_year: int
    value: Decimal
    standing: str
    answers: int | None = None
    response_rate: Decimal | None = None
    note: str = ""
    is_sample: bool = False
    is_hidden: bool = False


Figures = dict[int, Figure]


@dataclass(frozen=True)
class Standing:
    """A commitment in one fiscal year: the figure, the target it is held against, and how far that is reached."""

    figure: Figure | None
    target: Target | None
    achievement: Achievement


def closing_of(indicator: Indicator, fiscal_year: int) -> Closing | None:
    """Return the closing by which a year's figure is frozen; None while it is open."""
    return next(
        (c for c in indicator.closings.all() if c.fiscal_year == fiscal_year and c.reopened_at is None),
        None,
    )


def corrections_of(indicator: Indicator) -> list[Correction]:
    """Return every correction of a series, oldest first, those of years that were opened again included."""
    made = [correction for closing in indicator.closings.all() for correction in closing.corrections.all()]
    return sorted(made, key=lambda correction: (correction.made_at, correction.pk))


def figures_of(indicator: Indicator, *, since: int = 0, until: int | None = None) -> Figures:
    """Return the figures of a series by fiscal year, from `since` to `until`: frozen, entered, or counted now.

    Counting costs one aggregate query for each year that is measured, has begun and is not closed.
    """
    figures = {
        actual.fiscal_year: _entered(actual)
        for actual in indicator.actuals.all()
        if since <= actual.fiscal_year and (until is None or actual.fiscal_year <= until)
    }
    if indicator.measured_from is not None:
        this_year = fiscal_year_of(timezone.localdate())
        last = this_year if until is None else min(this_year, until)
        for year in range(max(indicator.measured_from, since), last + 1):
            if closing_of(indicator, year) is None:
                counted = find(indicator.measure).count(year)
                if counted.answers != 0:
                    figures[year] = Figure(year, counted.value, LIVE, counted.answers, is_sample=counted.has_samples)
    return {
        year: replace(figure, is_hidden=tells_of_few(indicator.unit, figure.value, figure.answers))
        for year, figure in figures.items()
    }


def _entered(actual: Actual) -> Figure:
    return Figure(
        actual.fiscal_year,
        actual.value,
        actual.status,
        actual.answers,
        actual.response_rate,
        actual.note,
        actual.is_sample,
    )


def counted_now(indicator: Indicator, fiscal_year: int) -> Decimal | None:
    """Return what the records of a year count today, where its frozen figure was counted from them; else None."""
    closing = closing_of(indicator, fiscal_year)
    if closing is None or not closing.measure:
        return None
    counted = find(closing.measure).count(fiscal_year)
    return None if counted.answers == 0 else counted.value


def standing(commitment: Commitment, fiscal_year: int | None, figures: Figures) -> Standing:
    """Return where a commitment stands in a year, against the next target from that year on, or else the last.

    A break counts where it lies after the baseline's year, or anywhere before the figure where that year is unknown.
    """
    figure = figures.get(fiscal_year) if fiscal_year is not None else None
    targets = sorted(commitment.targets.all(), key=lambda target: target.fiscal_year)
    target = next((t for t in targets if fiscal_year is not None and t.fiscal_year >= fiscal_year), None)
    if target is None and targets:
        target = targets[-1]
    if figure and figure.is_hidden:
        return Standing(figure, target, Achievement(None, Unjudged.HIDDEN))
    measured_from = commitment.baseline_fiscal_year or 0
    return Standing(
        figure,
        target,
        achievement(
            Formula(commitment.formula),
            baseline=commitment.baseline_value,
            target=target.value if target else None,
            actual=figure.value if figure else None,
            across_break=figure is not None
            and any(measured_from < b.fiscal_year <= figure.fiscal_year for b in commitment.indicator.breaks.all()),
        ),
    )
