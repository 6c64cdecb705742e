"""Years, dates and missing values as people here read them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from civic import calendar

register = template.Library()


@register.simple_tag
def fiscal_year(year: int) -> str:
    """A fiscal year by the Gregorian year in which it begins: `{% fiscal_year 2026 %}` → 令和8年度（2026年度）."""
    return calendar.fiscal_year_label(year)


@register.filter
def era_date(value: date | None) -> str:
    """A date with its era, 令和8年4月1日; a moment is taken in the portal's time zone; nothing for None."""
    if value is None:
        return ""
    return calendar.era_date(timezone.localdate(value) if isinstance(value, datetime) else value)


@register.simple_tag
def today() -> str:
    """The day on which the page is made, with its era."""
    return calendar.era_date(timezone.localdate())


@register.filter
def thousands(value: float | Decimal) -> str:
    """A number with its thousands parted, as in 1,295; decimals stay as they are."""
    return f"{value:,}"


@register.simple_tag
def missing(value: Any) -> Any:
    """The value, or − where there is none; 0 is a value. Screen readers hear words instead of the sign."""
    if value is None or value == "":
        return _no_value()
    return value


def _no_value() -> SafeString:
    return format_html('<span aria-hidden="true">−</span><span class="visually-hidden">{}</span>', _("データなし"))
