from datetime import date

import pytest

from civic import calendar


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 4, 1), 2026),
        (date(2027, 3, 31), 2026),
        (date(2026, 12, 31), 2026),
        (date(2027, 1, 1), 2026),
    ],
)
def test_a_fiscal_year_runs_from_april_to_march(day: date, expected: int) -> None:
    assert calendar.fiscal_year_of(day) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(1868, 1, 25), "明治元年"),
        (date(1912, 7, 29), "明治45年"),
        (date(1912, 7, 30), "大正元年"),
        (date(1926, 12, 24), "大正15年"),
        (date(1926, 12, 25), "昭和元年"),
        (date(1989, 1, 7), "昭和64年"),
        (date(1989, 1, 8), "平成元年"),
        (date(2019, 4, 30), "平成31年"),
        (date(2019, 5, 1), "令和元年"),
        (date(2020, 1, 1), "令和2年"),
    ],
)
def test_each_era_begins_and_ends_on_its_day(day: date, expected: str) -> None:
    assert calendar.era_year(day) == expected


def test_a_day_before_meiji_has_no_era() -> None:
    with pytest.raises(ValueError, match="1868-01-24"):
        calendar.era_year(date(1868, 1, 24))


def test_a_date_is_written_with_its_era() -> None:
    assert calendar.era_date(date(2026, 4, 1)) == "令和8年4月1日"


@pytest.mark.parametrize(
    ("year", "expected"), [(2026, "令和8年"), (2019, "平成31年・令和元年"), (1989, "昭和64年・平成元年")]
)
def test_a_gregorian_year_names_both_eras_when_it_has_two(year: int, expected: str) -> None:
    assert calendar.era_years_of(year) == expected


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2026, "令和8年度（2026年度）"),
        (2019, "令和元年度（2019年度）"),
        (2018, "平成30年度（2018年度）"),
        (1989, "平成元年度（1989年度）"),
        (1988, "昭和63年度（1988年度）"),
        (1926, "大正15年度（1926年度）"),
    ],
)
def test_a_fiscal_year_shows_era_and_gregorian_year(year: int, expected: str) -> None:
    assert calendar.fiscal_year_label(year) == expected
