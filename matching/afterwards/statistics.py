"""Introductions and activity counted, by whatever one may ask for. For the office: small numbers are not hidden."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from centres.models import ActivityField, District
from centres.periods import MONTHS, Period, during
from civic.bars import bars
from matching.models import AgeBand, MatchState, MatchStep, Participation


class _Event(NamedTuple):
    """Something that happened on a day, about a match."""

    day: date
    field: int | None
    district: int | None
    age_band: int | None
    introduced: int = 0
    completed: int = 0
    hours: Decimal = Decimal(0)


@dataclass
class Tally:
    """How much there was of something: introductions, completed ones, hours of activity."""

    introduced: int = 0
    completed: int = 0
    hours: Decimal = Decimal(0)

    def add(self, event: _Event) -> None:
        self.introduced += event.introduced
        self.completed += event.completed
        self.hours += event.hours


@dataclass(frozen=True)
class Table:
    """Tallies by the answers to one question."""

    name: str
    title: str
    rows: list[tuple[str, Tally]]

    def chart(self) -> str:
        """Return the completed introductions as bars."""
        return bars(
            f"chart-{self.name}",
            _("%(title)sの完了した件数") % {"title": self.title},
            [(label, tally.completed) for label, tally in self.rows],
            _("件"),
        )


@dataclass(frozen=True)
class Statistics:
    """A period's introductions and activity."""

    period: Period
    total: Tally
    tables: list[Table]
    has_samples: bool


def statistics(period: Period) -> Statistics:
    """Count a period's introductions, and the hours that were confirmed, in a fixed number of queries."""
    together, has_samples = Tally(), False
    by: dict[str, dict[Any, Tally]] = {name: defaultdict(Tally) for name in ("month", "field", "district", "age_band")}
    for event, is_sample in _events(period):
        together.add(event)
        has_samples |= is_sample
        by["month"][event.day.month].add(event)
        by["field"][event.field].add(event)
        by["district"][event.district].add(event)
        by["age_band"][event.age_band].add(event)
    unknown = {None: _("記録なし")}
    tables = [
        Table("field", _("活動分野"), _rows(by["field"], dict(ActivityField.choices) | unknown)),
        Table("district", _("地区"), _rows(by["district"], dict(District.objects.values_list("pk", "name")) | unknown)),
        Table("age", _("手伝った方の年齢"), _rows(by["age_band"], dict(AgeBand.choices) | unknown)),
    ]
    if period.month is None:
        months = {month: _("%(month)s月") % {"month": month} for month in MONTHS}
        tables.insert(0, Table("month", _("月"), [(label, by["month"][month]) for month, label in months.items()]))
    return Statistics(period, together, tables, has_samples)


def _rows(tallies: Mapping[Any, Tally], labels: Mapping[Any, Any]) -> list[tuple[str, Tally]]:
    """What occurred, in the order of `labels`."""
    return [(str(label), tallies[answer]) for answer, label in labels.items() if answer in tallies]


def _events(period: Period) -> Iterable[tuple[_Event, bool]]:
    """The introductions and completions of the period, then its confirmed days, each with whether it is a sample's."""
    about = ("match__request__field", "match__request__district", "match__age_band")
    said_again = MatchStep.objects.filter(match=OuterRef("match"), state=OuterRef("state"), pk__gt=OuterRef("pk"))
    steps = MatchStep.objects.filter(
        Q(state=MatchState.INTRODUCED) | Q(state=MatchState.COMPLETED, match__state=MatchState.COMPLETED),
        ~Exists(said_again),
        during("at", *period.days),
    )
    for at, field, district, age_band, state, is_sample in steps.order_by().values_list(
        "at", *about, "state", "match__is_sample"
    ):
        introduced = state == MatchState.INTRODUCED
        yield (
            _Event(timezone.localdate(at), field, district, age_band, int(introduced), int(not introduced)),
            is_sample,
        )
    days = Participation.objects.filter(confirmed_at__isnull=False, day__range=period.days)
    hours = F("hours") * F("match__people")
    for day, field, district, age_band, total, is_sample in days.order_by().values_list(
        "day", *about, hours, "is_sample"
    ):
        yield _Event(day, field, district, age_band, hours=total), is_sample
