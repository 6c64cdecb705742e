"""Facts that can be counted for a fiscal year, offered by the apps that keep the records.

A KPI names a measure and so becomes a live query over those records, without its app knowing theirs. An app declares
its measures in its `measures.py`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Count, QuerySet
from django.utils.functional import Promise


@dataclass(frozen=True)
class MeasuredRow:
    """One of the records behind a figure, with nothing of what is personal in it.

    `key` is the record's own number, which stays; `value` is what the record adds to the figure.
    """

    key: int
    label: str
    day: date | None
    url: str
    is_sample: bool = False
    value: Decimal = Decimal(1)


class Rows:
    """The records behind a figure, read as they are asked for: all by iterating, a page by slicing."""

    def __init__(self, records: QuerySet, row_of: Callable[[Any], MeasuredRow]) -> None:
        self._records = records
        self._row_of = row_of

    def __len__(self) -> int:
        return self._records.count()

    def __iter__(self) -> Iterator[MeasuredRow]:
        return map(self._row_of, self._records.iterator(chunk_size=2000))

    def __getitem__(self, part: slice) -> list[MeasuredRow]:
        return [self._row_of(record) for record in self._records[part]]


@dataclass(frozen=True)
class Counted:
    """A figure counted from records, and whether records made up for the demonstration are among them.

    `answers` is on how many answers a share rests; of none there is no share, and the value means nothing.
    """

    value: Decimal
    has_samples: bool
    answers: int | None = None


@dataclass(frozen=True)
class Measure:
    """A countable fact. Both functions take the Gregorian year in which the fiscal year begins; run in `acting_as`.

    `name` is `app.fact` and stays for ever: indicators keep it. The values of a year's rows add up to its count; those
    of a share, in per cent, have it as their mean (`mean`).
    No measure counts a part of another's records, or their difference would tell a small count.
    """

    name: str
    title: str | Promise
    unit: str | Promise
    count: Callable[[int], Counted]
    rows: Callable[[int], Rows]
    is_share: bool = False


def mean(total: Decimal, count: int) -> Decimal:
    """Return a share: the mean to one decimal, rounded half up. Raises ZeroDivisionError where nothing was counted."""
    return (total / count).quantize(Decimal("0.1"), ROUND_HALF_UP)


_measures: dict[str, Measure] = {}


def register(measure: Measure) -> None:
    """Offer a measure. Raises ValueError where its name is taken."""
    if measure.name in _measures:
        raise ValueError(f"There is a measure {measure.name} already.")
    _measures[measure.name] = measure


def number_of(
    records: Callable[[int], QuerySet],
    row_of: Callable[[Any], MeasuredRow],
    *,
    name: str,
    title: str | Promise,
    unit: str | Promise,
) -> Measure:
    """Return the measure that counts the records of a fiscal year, each as one; their model has `is_sample`."""

    def count(fiscal_year: int) -> Counted:
        found = records(fiscal_year).aggregate(value=Count("*"), has_samples=BoolOr("is_sample", default=False))
        return Counted(Decimal(found["value"]), found["has_samples"])

    return Measure(name, title, unit, count, lambda fiscal_year: Rows(records(fiscal_year), row_of))


def find(name: str) -> Measure:
    """Return the measure of a name. Raises KeyError where no app offers it."""
    return _measures[name]


def offered() -> list[Measure]:
    """Return every measure, by name."""
    return [_measures[name] for name in sorted(_measures)]
