"""When rooms are open, and from when they may be booked."""

from datetime import date, datetime, timedelta

import jpholiday
from django.utils import timezone
from django.utils.translation import gettext as _

from centres.models import Centre
from centres.opening import SATURDAY, is_open
from centres.rooms.models import Closure, Room
from civic.calendar import months_before

# Offices rest on these days besides weekends and holidays (行政機関の休日に関する法律 第1条).
NEW_YEAR = ("12-29", "01-03")
DAYS_OF_A_MONTH = 31


def opens_by_rule(centre: Centre | None, day: date) -> bool:
    """Return whether a centre opens on a day by its own rule.

    Where there is no centre, or nothing published says its rule, the days on which offices work.
    """
    if centre is not None and centre.rule:
        return is_open(centre, day)
    is_new_year = f"{day:%m-%d}" >= NEW_YEAR[0] or f"{day:%m-%d}" <= NEW_YEAR[1]
    return day.weekday() < SATURDAY and not jpholiday.is_holiday(day) and not is_new_year


def booking_opens(room: Room, day: date) -> datetime:
    """Return from when a room can be booked for a day: a whole month opens at once, on an open day of the centre."""
    first = months_before(day.replace(day=1), room.opens_months_before)
    days = (first + timedelta(days=later) for later in range(DAYS_OF_A_MONTH))
    opening = next((day for day in days if opens_by_rule(room.centre, day)), first)
    return timezone.make_aware(datetime.combine(opening, room.opens_at))


class Opening:
    """On which days of a span rooms are open. Reads the closures once, then asks nothing."""

    def __init__(self, first: date, last: date) -> None:
        self._closures = list(Closure.objects.filter(first_day__lte=last, last_day__gte=first))

    def closed_because(self, room: Room, day: date) -> str:
        """Return why a room is closed on a day, or nothing where it is open. `room` has its centre."""
        for closure in self._closures:
            if closure.room_id in (None, room.pk) and closure.first_day <= day <= closure.last_day:
                return closure.reason
        return "" if opens_by_rule(room.centre, day) else _("休館日")
