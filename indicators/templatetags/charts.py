"""Charts in templates."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from indicators.bars import bar
from indicators.charts import chart as draw
from indicators.numbers import NumberLine, number_lines
from indicators.series import Series

register = template.Library()
register.simple_tag(bar)


@register.simple_tag
def chart(series: Series | dict[str, Any], ident: str = "") -> SafeString:
    """A series as SVG, live or as a report's snapshot holds it: `{% chart kpi.history %}`.

    `ident` tells it from another drawing of the same series on the page. Nothing where nothing is known of the series.
    """
    known = _series(series)
    return draw(known, ident) if known.years() or known.undated() else SafeString()


@register.simple_tag
def numbers(series: Series | dict[str, Any]) -> list[NumberLine]:
    """What a chart draws, year by year, for the table beside it: `{% numbers kpi.history as lines %}`."""
    return list(number_lines(_series(series)))


def _series(series: Series | dict[str, Any]) -> Series:
    return series if isinstance(series, Series) else Series.from_json(series)
