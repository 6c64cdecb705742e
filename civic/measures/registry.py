"""Facts that can be counted for a fiscal year, offered by the apps that keep the records.

A KPI names a measure and so becomes a live query over those records, without its app knowing theirs. An app declares
its measures in its `measures.py`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise


@dataclass(frozen=True)
class MeasuredRow:
    """One of the records behind a figure, with nothing of what is personal in it."""

    label: str
    day: date | None
    url: str


@dataclass(frozen=True)
class Measure:
    """A countable fact. Both functions take the Gregorian year in which the fiscal year begins; run in `acting_as`.

    `name` is `app.fact` and stays for ever: indicators keep it.
    """

    name: str
    title: str | Promise
    unit: str | Promise
    count: Callable[[int], Decimal]
    rows: Callable[[int], Sequence[MeasuredRow]]


_measures: dict[str, Measure] = {}


def register(measure: Measure) -> None:
    """Offer a measure. Raises ValueError where its name is taken."""
    if measure.name in _measures:
        raise ValueError(f"There is a measure {measure.name} already.")
    _measures[measure.name] = measure


def find(name: str) -> Measure:
    """Return the measure of a name. Raises KeyError where no app offers it."""
    return _measures[name]


def offered() -> list[Measure]:
    """Return every measure, by name."""
    return [_measures[name] for name in sorted(_measures)]
