"""A centre's opening days follow its printed rule."""

from datetime import date

import pytest

from centres.models import Centre, HolidayRule
from centres.opening import is_open


@pytest.fixture
def saporante() -> Centre:
    """Closed on Wednesdays, on holidays other than at weekends, and from 29 December to 3 January."""
    return Centre(
        closed_weekdays=[2],
        closed_on_holidays=HolidayRule.EXCEPT_WEEKENDS,
        closed_periods=[{"from": "12-29", "to": "01-03"}],
    )


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 17), True),  # a Tuesday
        (date(2026, 11, 18), False),  # Wednesday
        (date(2026, 11, 23), False),  # Labour Thanksgiving Day, a Monday
        (date(2026, 5, 3), True),  # Constitution Day, a Sunday
        (date(2026, 5, 5), False),  # Children's Day, a Tuesday
        (date(2026, 5, 6), False),  # a substitute holiday, and a Wednesday
        (date(2025, 2, 23), True),  # the Emperor's Birthday, a Sunday
        (date(2025, 2, 24), False),  # its substitute, a Monday
        (date(2026, 12, 28), True),
        (date(2026, 12, 29), False),
        (date(2027, 1, 3), False),
        (date(2027, 1, 4), True),
    ],
)
def test_days_of_saporante(saporante: Centre, day: date, expected: bool) -> None:
    assert is_open(saporante, day) is expected


def test_a_centre_may_stay_open_or_close_on_every_holiday() -> None:
    sunday_holiday = date(2026, 5, 3)
    assert is_open(Centre(closed_on_holidays=HolidayRule.NEVER), sunday_holiday)
    assert not is_open(Centre(closed_on_holidays=HolidayRule.ALWAYS), sunday_holiday)


def test_a_period_within_one_year() -> None:
    centre = Centre(closed_periods=[{"from": "08-13", "to": "08-15"}])
    assert [is_open(centre, date(2026, 8, day)) for day in (12, 13, 15, 16)] == [True, False, False, True]
