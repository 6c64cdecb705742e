"""A series as plain values: what a chart draws and the table beside it says, live or from a report's snapshot.

Every field is text, a number, a list or one of these classes, so that `asdict` gives JSON and `from_json` reads it
back. Values are decimals as text, in the series' unit.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

FINAL, PROVISIONAL, LIVE = "final", "provisional", "live"
"""How firm a figure is: final, provisional, or counted today from records of a year that is not closed."""


@dataclass(frozen=True)
class Point:
    """A value at a fiscal year, which is None where no document tells it; `label` is how the year is named."""

    fiscal_year: int | None
    label: str
    value: str
    printed: str
    standing: str = FINAL

    @property
    def number(self) -> Decimal:
        return Decimal(self.value)


@dataclass(frozen=True)
class Promise:
    """What one plan promises: where it starts from, None where it is new with the plan, and where it is to get.

    `begins` is the plan's first fiscal year.
    """

    plan: str
    begins: int
    baseline: Point | None
    targets: list[Point]


@dataclass(frozen=True)
class Change:
    """From this fiscal year on the figure is measured in another way."""

    fiscal_year: int
    label: str
    note: str


@dataclass(frozen=True)
class Series:
    """One figure over the years, with what plans promise for it."""

    key: str
    name: str
    answer: str
    unit: str
    decimals: int
    actuals: list[Point]
    promises: list[Promise]
    breaks: list[Change]

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Series":
        """Return a series from its JSON, as a snapshot holds it."""
        return cls(
            **{name: value[name] for name in ("key", "name", "answer", "unit", "decimals")},
            actuals=[Point(**point) for point in value["actuals"]],
            promises=[
                Promise(
                    promise["plan"],
                    promise["begins"],
                    Point(**promise["baseline"]) if promise["baseline"] else None,
                    [Point(**target) for target in promise["targets"]],
                )
                for promise in value["promises"]
            ],
            breaks=[Change(**change) for change in value["breaks"]],
        )

    def is_broken_between(self, first: int, last: int) -> bool:
        """Whether the definition changed after the first year, up to and including the last."""
        return any(first < change.fiscal_year <= last for change in self.breaks)

    def pace(self, promise: Promise) -> list[tuple[int, Decimal]]:
        """Return the corners of the way on which a plan is expected, from the eve of its first year to its last target.

        Nothing where it has no baseline, and nothing across a change of definition.
        """
        start = promise.baseline
        targets = sorted((t.fiscal_year, t.number) for t in promise.targets if t.fiscal_year is not None)
        if start is None or not targets or self.is_broken_between(start.fiscal_year or 0, targets[-1][0]):
            return []
        corners = [(promise.begins - 1, start.number), *(t for t in targets if t[0] >= promise.begins)]
        return corners if len(corners) > 1 else []

    def years(self) -> list[int]:
        """Return every fiscal year from the first to the last that anything is known or promised of, gaps included."""
        known = [point.fiscal_year for point in self._points() if point.fiscal_year is not None]
        known += [promise.begins for promise in self.promises if promise.targets]
        known += [change.fiscal_year for change in self.breaks]
        return list(range(min(known), max(known) + 1)) if known else []

    def undated(self) -> list[tuple[Promise, Point]]:
        """Return the baselines whose year no document tells, with their promises."""
        return [(p, p.baseline) for p in self.promises if p.baseline and p.baseline.fiscal_year is None]

    def _points(self) -> list[Point]:
        points = list(self.actuals)
        for promise in self.promises:
            points += [*promise.targets, *([promise.baseline] if promise.baseline else [])]
        return points
