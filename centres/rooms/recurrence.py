"""Days that come again."""

from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Every(TextChoices):
    """How often a booking is repeated, always on the weekday of its first day."""

    WEEK = "week", _("毎週")
    TWO_WEEKS = "two_weeks", _("1週間おき")
    MONTH = "month", _("毎月（第何週かが同じ日）")

    def days(self, first: date, until: date) -> list[date]:
        """Return the days from the first to `until`, last included.

        Of a month it is the same of its weekdays, as in the third Saturday; a month that has no fifth is left out.
        """
        weeks = 2 if self is Every.TWO_WEEKS else 1
        days = [first + timedelta(weeks=later) for later in range(0, (until - first).days // 7 + 1, weeks)]
        if self is Every.MONTH:
            return [day for day in days if _which_of_its_month(day) == _which_of_its_month(first)]
        return days


def _which_of_its_month(day: date) -> int:
    return (day.day - 1) // 7
