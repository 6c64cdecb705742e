"""The numbers of a chart, in words, for the table that stands beside it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from civic.calendar import fiscal_year_label
from indicators.achievement import rounded, value_on_the_way
from indicators.series import LIVE, PROVISIONAL, Point, Promise, Series


@dataclass(frozen=True)
class PlanValue:
    """A value as it is printed, with the title of the plan that says it."""

    plan: str
    printed: str


@dataclass(frozen=True)
class NumberLine:
    """What a chart draws at one year. `is_year_known` is False where no document tells a baseline's year.

    `change` says how the definition changed with this year; a plan that expects nothing of the year is not in `paces`.
    """

    label: str
    is_year_known: bool = True
    actual: Point | None = None
    baselines: list[PlanValue] = field(default_factory=list)
    targets: list[PlanValue] = field(default_factory=list)
    paces: list[PlanValue] = field(default_factory=list)
    change: str = ""

    @property
    def is_provisional(self) -> bool:
        return self.actual is not None and self.actual.standing == PROVISIONAL

    @property
    def is_live(self) -> bool:
        return self.actual is not None and self.actual.standing == LIVE


def number_lines(series: Series) -> Iterator[NumberLine]:
    """Yield the baselines whose year is not known, then every year that the series knows of, gaps included."""
    for promise, point in series.undated():
        yield NumberLine(point.label, is_year_known=False, baselines=[PlanValue(promise.plan, point.printed)])
    for year in series.years():
        yield _line(series, year)


def _line(series: Series, year: int) -> NumberLine:
    starts = [(promise, promise.baseline) for promise in series.promises if promise.baseline]
    goals = [(promise, target) for promise in series.promises for target in promise.targets]
    paces = ((promise, value_on_the_way(series.pace(promise), year)) for promise in series.promises)
    return NumberLine(
        label=fiscal_year_label(year),
        actual=next((point for point in series.actuals if point.fiscal_year == year), None),
        baselines=_of_year(year, starts),
        targets=_of_year(year, goals),
        paces=[PlanValue(promise.plan, _printed(value, series)) for promise, value in paces if value is not None],
        change=next((change.note for change in series.breaks if change.fiscal_year == year), ""),
    )


def _of_year(year: int, points: list[tuple[Promise, Point]]) -> list[PlanValue]:
    return [PlanValue(promise.plan, point.printed) for promise, point in points if point.fiscal_year == year]


def _printed(value: Decimal, series: Series) -> str:
    return f"{rounded(value, series.decimals):,}{series.unit}"
