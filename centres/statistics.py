"""Consultations counted: cases, people and minutes, by whatever one may ask for.

A case counts once, on the day on which it was received, and so do its people. Minutes count on the day on which they
were spent, by the method and the staff of that very contact: a later contact adds minutes and no case.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from centres.models import (
    ActivityField,
    AskerKind,
    Consultation,
    ConsultationCategory,
    ConsultationEntry,
    ConsultationInCategory,
    Method,
)
from centres.periods import MONTHS, Period, during
from civic.accounts.models import User
from civic.bars import bars

WEEKDAYS = "月火水木金土日"


class Figure(NamedTuple):
    """How much there was of one thing, as a page and a spreadsheet show it."""

    title: str
    number: int | Decimal
    unit: str

    @property
    def heading(self) -> str:
        """What heads a column of such numbers."""
        return _("%(title)s（%(unit)s）") % {"title": self.title, "unit": self.unit}


class _Contact(NamedTuple):
    """One contact about a case; `cases` and `people` are 0 where it is a later one."""

    at: datetime
    method: str
    staff: int | None
    minutes: int
    cases: int
    people: int
    asker_kind: str
    field: int | None
    categories: list[int]


@dataclass
class Tally:
    """How much there was of something."""

    cases: int = 0
    people: int = 0
    minutes: int = 0
    contacts: int = 0

    def add(self, contact: _Contact) -> None:
        self.cases += contact.cases
        self.people += contact.people
        self.minutes += contact.minutes
        self.contacts += 1

    def figures(self) -> list[Figure]:
        return [
            Figure(_("件数"), self.cases, _("件")),
            Figure(_("人数"), self.people, _("人")),
            Figure(_("所要時間"), self.minutes, _("分")),
            Figure(_("やりとり"), self.contacts, _("回")),
        ]


@dataclass(frozen=True)
class Table:
    """Tallies by one question. In a table that is `several` a case may count in more than one row (複数回答)."""

    name: str
    title: str
    rows: list[tuple[str, Tally]]
    several: bool = False

    def chart(self) -> str:
        """Return the cases as bars."""
        return bars(
            f"chart-{self.name}",
            _("%(title)sの件数") % {"title": self.title},
            [(label, tally.cases) for label, tally in self.rows],
            _("件"),
        )


@dataclass(frozen=True)
class Statistics:
    """A period's consultations."""

    period: Period
    total: Tally
    tables: list[Table]
    has_samples: bool


@dataclass
class _By:
    """Tallies by the answers to one question, as they come."""

    answers_of: Callable[[_Contact], Iterable[Any]]
    tallies: dict[Any, Tally] = field(default_factory=lambda: defaultdict(Tally))

    def add(self, contact: _Contact) -> None:
        for answer in self.answers_of(contact):
            self.tallies[answer].add(contact)

    def rows(self, labels: Mapping[Any, Any], *, all_of_them: bool = True) -> list[tuple[str, Tally]]:
        """Return the tallies in the order of `labels`; without `all_of_them` only what occurred."""
        return [
            (str(label), self.tallies.get(answer, Tally()))
            for answer, label in labels.items()
            if all_of_them or answer in self.tallies
        ]


def statistics(period: Period) -> Statistics:
    """Count a period's consultations, in a fixed number of queries."""
    together = Tally()
    by = {
        "category": _By(lambda contact: contact.categories or [None]),
        "field": _By(lambda contact: [contact.field]),
        "method": _By(lambda contact: [contact.method]),
        "asker": _By(lambda contact: [contact.asker_kind]),
        "staff": _By(lambda contact: [contact.staff]),
        "month": _By(lambda contact: [contact.at.month]),
        "weekday": _By(lambda contact: [contact.at.weekday()]),
        "hour": _By(lambda contact: [contact.at.hour]),
    }
    for contact in _contacts(*period.days):
        together.add(contact)
        for counting in by.values():
            counting.add(contact)

    categories = dict(ConsultationCategory.objects.values_list("pk", "name"))
    staff = {person.pk: str(person) for person in User.objects.filter(pk__in=by["staff"].tallies.keys() - {None})}
    hours = list(by["hour"].tallies)
    unknown: dict[int | None, str] = {None: _("記録なし")}
    tables = [
        Table(
            "category",
            _("相談の種類"),
            by["category"].rows(categories) + by["category"].rows(unknown, all_of_them=False),
            several=True,
        ),
        Table(
            "field",
            _("活動分野"),
            by["field"].rows({**dict(ActivityField.choices), None: _("分野なし")}, all_of_them=False),
        ),
        Table("method", _("相談方法"), by["method"].rows(dict(Method.choices))),
        Table("asker", _("相談者"), by["asker"].rows(dict(AskerKind.choices))),
        Table("staff", _("担当した職員"), by["staff"].rows({**staff, **unknown}, all_of_them=False)),
        Table("weekday", _("曜日"), by["weekday"].rows(dict(enumerate(WEEKDAYS)))),
        Table(
            "hour",
            _("時間帯"),
            by["hour"].rows({hour: _("%(hour)s時台") % {"hour": hour} for hour in _span(hours)}),
        ),
    ]
    if period.month is None:
        months = by["month"].rows({month: _("%(month)s月") % {"month": month} for month in MONTHS})
        tables.insert(0, Table("month", _("月"), months))
    samples = Consultation.objects.filter(during("received_at", *period.days), is_sample=True)
    return Statistics(period, together, tables, samples.exists())


def total(first: date, last: date) -> Tally:
    """Count the consultations of some days, the last included, together."""
    tally = Tally()
    for contact in _contacts(first, last):
        tally.add(contact)
    return tally


def _span(hours: list[int]) -> range:
    """The hours from the first to the last in which anything was."""
    return range(min(hours), max(hours) + 1) if hours else range(0)


def _contacts(first: date, last: date) -> Iterable[_Contact]:
    """First contacts, then later ones, each with what is known of its case."""
    of_case = ArraySubquery(_categories("pk"))
    received = Consultation.objects.filter(during("received_at", first, last)).values_list(
        "received_at", "method", "staff", "minutes", Value(1), "people", "asker_kind", "field", of_case
    )
    of_entry = ArraySubquery(_categories("consultation"))
    later = ConsultationEntry.objects.filter(during("made_at", first, last)).values_list(
        "made_at",
        "method",
        "staff",
        "minutes",
        Value(0),
        Value(0),
        "consultation__asker_kind",
        "consultation__field",
        of_entry,
    )
    for row in chain(received.order_by(), later.order_by()):
        contact = _Contact(*row)
        yield contact._replace(at=timezone.localtime(contact.at))


def _categories(case: str) -> QuerySet:
    return ConsultationInCategory.objects.filter(consultation=OuterRef(case)).values("category")
