"""Introductions and activity counted, by whatever one may ask for. For the office: small numbers are not hidden."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from centres.models import ActivityField, District
from centres.periods import MONTHS, Period, during
from centres.statistics import Figure
from civic.bars import bars
from matching.models import AgeBand, MatchState, MatchStep, Participation


class Event(NamedTuple):
    """Something that happened on a day, about a match: its number and what was asked for."""

    day: date
    match: int
    title: str
    is_sample: bool
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

    def add(self, event: Event) -> None:
        self.introduced += event.introduced
        self.completed += event.completed
        self.hours += event.hours

    def figures(self) -> list[Figure]:
        return [
            Figure(_("紹介"), self.introduced, _("件")),
            Figure(_("完了"), self.completed, _("件")),
            Figure(_("活動時間"), self.hours, _("時間")),
        ]


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
    """A period's introductions and activity, and the `events` that all of it adds up, the earliest first."""

    period: Period
    total: Tally
    tables: list[Table]
    events: list[Event]

    @property
    def has_samples(self) -> bool:
        return any(event.is_sample for event in self.events)


def statistics(period: Period) -> Statistics:
    """Count a period's introductions, and the hours that were confirmed, in a fixed number of queries."""
    together = Tally()
    by: dict[str, dict[Any, Tally]] = {name: defaultdict(Tally) for name in ("month", "field", "district", "age_band")}
    events = sorted(_events(period), key=attrgetter("day", "match"))
    for event in events:
        together.add(event)
        by["month"][event.day.month].add(event)
        by["field"][event.field].add(event)
        by["district"][event.district].add(event)
        by["age_band"][event.age_band].add(event)
    unknown = {None: _("記録なし")}
    nobodys_age = {None: _("団体・企業、記録なし")}
    tables = [
        Table("field", _("活動分野"), _rows(by["field"], dict(ActivityField.choices) | unknown)),
        Table("district", _("地区"), _rows(by["district"], dict(District.objects.values_list("pk", "name")) | unknown)),
        Table("age", _("手伝った方の年齢"), _rows(by["age_band"], dict(AgeBand.choices) | nobodys_age)),
    ]
    if period.month is None:
        months = {month: _("%(month)s月") % {"month": month} for month in MONTHS}
        tables.insert(0, Table("month", _("月"), [(label, by["month"][month]) for month, label in months.items()]))
    return Statistics(period, together, tables, events)


def _rows(tallies: Mapping[Any, Tally], labels: Mapping[Any, Any]) -> list[tuple[str, Tally]]:
    """What occurred, in the order of `labels`."""
    return [(str(label), tallies[answer]) for answer, label in labels.items() if answer in tallies]


def _events(period: Period) -> Iterator[Event]:
    """Yield the introductions and completions of the period, then its confirmed days."""
    about = ("match", "match__request__title", "match__is_sample")
    by = ("match__request__field", "match__request__district", "match__age_band")
    said_again = MatchStep.objects.filter(match=OuterRef("match"), state=OuterRef("state"), pk__gt=OuterRef("pk"))
    steps = MatchStep.objects.filter(
        Q(state=MatchState.INTRODUCED) | Q(state=MatchState.COMPLETED, match__state=MatchState.COMPLETED),
        ~Exists(said_again),
        during("at", *period.days),
    ).annotate(is_introduction=_one_if(MatchState.INTRODUCED), is_completion=_one_if(MatchState.COMPLETED))
    for at, *of_match in steps.order_by().values_list("at", *about, *by, "is_introduction", "is_completion"):
        yield Event(timezone.localdate(at), *of_match)
    days = Participation.objects.filter(confirmed_at__isnull=False, day__range=period.days)
    hours = F("hours") * F("match__people")
    for row in days.order_by().values_list("day", *about, *by, Value(0), Value(0), hours):
        yield Event(*row)


def _one_if(state: MatchState) -> Case:
    return Case(When(state=state, then=1), default=0)
