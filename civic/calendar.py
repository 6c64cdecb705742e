"""Japanese years: eras, and the fiscal year that begins on 1 April.

A fiscal year is stored as the Gregorian year in which it begins (an `int`). Whatever a person reads shows the era
first: 令和8年度（2026年度）. The first year of an era is 元年, never 1年.
"""

from calendar import monthrange
from datetime import date

# First day of each era, Gregorian. Meiji was proclaimed for the whole of its first year, from 25 January 1868.
_ERAS = (
    (date(2019, 5, 1), "令和"),
    (date(1989, 1, 8), "平成"),
    (date(1926, 12, 25), "昭和"),
    (date(1912, 7, 30), "大正"),
    (date(1868, 1, 25), "明治"),
)


def fiscal_year_of(day: date) -> int:
    """The Gregorian year in which the fiscal year of `day` begins: 31 March 2027 is still in 2026."""
    return day.year if day.month >= 4 else day.year - 1


def fiscal_year_days(year: int) -> tuple[date, date]:
    """The first and the last day of a fiscal year: 1 April and 31 March of the next."""
    return date(year, 4, 1), date(year + 1, 3, 31)


def era_year(day: date) -> str:
    """The year of `day` in its era, as in 令和8年.

    Raises ValueError for a day before the Meiji era.
    """
    for first_day, name in _ERAS:
        if day >= first_day:
            number = day.year - first_day.year + 1
            return f"{name}{'元' if number == 1 else number}年"
    raise ValueError(f"No era is known for {day.isoformat()}, which is before Meiji.")


def era_date(day: date) -> str:
    """`day` as in 令和8年4月1日. Raises ValueError for a day before the Meiji era."""
    return f"{era_year(day)}{day.month}月{day.day}日"


def era_years_of(year: int) -> str:
    """The era year or years of a Gregorian year, as in 平成31年・令和元年.

    Raises ValueError for a year that is not wholly after the beginning of the Meiji era, or after 9999.
    """
    first, last = era_year(date(year, 1, 1)), era_year(date(year, 12, 31))
    return first if first == last else f"{first}・{last}"


def era_fiscal_year(year: int) -> str:
    """A fiscal year by its era alone, as in 令和8年度.

    It is named after the era in which it begins. The one exception is 2019, which began in 平成31年 and is 令和元年度
    as a whole (改元に伴う元号による年表示の取扱いについて, agreed by the ministries on 1 April 2019).

    Raises ValueError for a year that begins before the Meiji era.
    """
    named_on = date(2019, 5, 1) if year == 2019 else date(year, 4, 1)
    return f"{era_year(named_on)}度"


def fiscal_year_label(year: int) -> str:
    """A fiscal year as people read it: 令和8年度（2026年度）. Raises ValueError before the Meiji era."""
    return f"{era_fiscal_year(year)}（{year}年度）"


def months_before(day: date, months: int) -> date:
    """The same day `months` earlier, or the last of that month where it is shorter: 31 May less one is 30 April."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def age_on(day: date, born: date) -> int:
    """The age in whole years, on a day, of somebody born on another; born on 29 February, one waits for 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
