"""Charts in templates."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from indicators.bars import bar
from indicators.charts import chart as draw
from indicators.series import Series

register = template.Library()
register.simple_tag(bar)


@register.simple_tag
def chart(series: Series | dict[str, Any], ident: str = "") -> SafeString:
    """A series as SVG, live or as a report's snapshot holds it: `{% chart kpi.history %}`.

    `ident` tells it from another drawing of the same series on the page. Nothing where nothing is known of the series.
    """
    series = series if isinstance(series, Series) else Series.from_json(series)
    return draw(series, ident) if series.years() or series.undated() else SafeString()
