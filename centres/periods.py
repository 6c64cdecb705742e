"""Fiscal years and months, in which a centre's records are counted."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.calendar import era_year, fiscal_year_days, fiscal_year_label

MONTHS = (4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3)
"""The months of a fiscal year, in order."""


def days_of_month(fiscal_year: int, month: int) -> tuple[date, date]:
    """Return the first and the last day of a month (1 to 12) of a fiscal year: January to March are in the next."""
    year = fiscal_year if month >= MONTHS[0] else fiscal_year + 1
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def during(field: str, first: date, last: date) -> Q:
    """Return the condition that the moment in a field lies on one of the days, last included.

    By moments, not by days, which no index answers.
    """
    begins, ends = (timezone.make_aware(datetime.combine(day, time.min)) for day in (first, last + timedelta(days=1)))
    return Q(**{f"{field}__gte": begins, f"{field}__lt": ends})


@dataclass(frozen=True)
class Period:
    """A fiscal year, or one month of it."""

    fiscal_year: int
    month: int | None = None

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day."""
        return fiscal_year_days(self.fiscal_year) if self.month is None else days_of_month(self.fiscal_year, self.month)

    def __str__(self) -> str:
        if self.month is None:
            return fiscal_year_label(self.fiscal_year)
        first, _last = self.days
        return _("%(year)s%(month)s月（%(western)s年）") % {
            "year": era_year(first),
            "month": first.month,
            "western": first.year,
        }
