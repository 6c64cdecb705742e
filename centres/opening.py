"""When a centre is open."""

from datetime import date

import jpholiday

from centres.models import Centre, HolidayRule

SATURDAY = 5


def is_open(centre: Centre, day: date) -> bool:
    """Return whether the centre opens on a day, by its own rule and Japan's national holidays (国民の祝日に関する法律).

    Asks nothing but its arguments. What it returns means nothing for a centre whose hours are not known.
    """
    if day.weekday() in centre.closed_weekdays:
        return False
    if any(_falls_within(day, period) for period in centre.closed_periods):
        return False
    if centre.closed_on_holidays == HolidayRule.NEVER or not jpholiday.is_holiday(day):
        return True
    return centre.closed_on_holidays == HolidayRule.EXCEPT_WEEKENDS and day.weekday() >= SATURDAY


def _falls_within(day: date, period: dict[str, str]) -> bool:
    """Whether a day is in a yearly period; one that ends before it begins runs over New Year."""
    first, last, month_and_day = period["from"], period["to"], f"{day:%m-%d}"
    if first <= last:
        return first <= month_and_day <= last
    return month_and_day >= first or month_and_day <= last
