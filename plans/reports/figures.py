"""The centre's figures of a year, as a report prints them: what measures count, small counts hidden."""

from dataclasses import dataclass
from decimal import Decimal

from civic.measures.registry import Measure, offered
from indicators.achievement import rounded
from indicators.models import Indicator
from indicators.small_counts import SHARES, is_small, small_label, tells_of_few

YEARS_BEFORE = 5
"""A year without a record counts as 0 where one of so many years before it has some; else none were kept yet."""


@dataclass(frozen=True)
class CentreFigure:
    """A measured fact. `value` is None where the count is not published; `printed` says so then."""

    measure: str
    title: str
    unit: str
    value: str | None
    printed: str


def centre_figures(fiscal_year: int) -> list[CentreFigure]:
    """Return every measure's figure of a fiscal year. Run in `acting_as`.

    Shares are left to the KPIs, which print on how many answers they rest. A small count that a KPI prints in full is
    left to the KPI; any other is hidden (docs/architecture/small-counts.md).
    """
    counts = {
        measure: count
        for measure in offered()
        if not measure.is_share and ((count := measure.count(fiscal_year).value) or _kept(measure, fiscal_year))
    }
    promised = _told_by_kpis(counts)
    return [
        _figure(measure, count)
        for measure, count in counts.items()
        if measure.name not in promised or not is_small(count, str(measure.unit))
    ]


def _kept(measure: Measure, fiscal_year: int) -> bool:
    """Whether records were kept before a year that has none: only then is none 0, and not missing."""
    return any(measure.count(year).value for year in range(fiscal_year - YEARS_BEFORE, fiscal_year))


def _told_by_kpis(counts: dict[Measure, Decimal]) -> set[str]:
    """The measures whose counts KPIs print in full."""
    count_of = {measure.name: count for measure, count in counts.items()}
    return {
        measure
        for measure, unit in Indicator.objects.filter(measure__in=count_of).values_list("measure", "unit")
        if not tells_of_few(unit, count_of[measure])
    }


def _figure(measure: Measure, count: Decimal) -> CentreFigure:
    unit = str(measure.unit)
    if is_small(count, unit):
        return CentreFigure(measure.name, str(measure.title), unit, None, small_label(unit))
    exact = rounded(count, 1 if unit in SHARES or count % 1 else 0)
    return CentreFigure(measure.name, str(measure.title), unit, str(exact), f"{exact:,}{unit}")
