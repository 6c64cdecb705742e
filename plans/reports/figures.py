"""The centre's figures of a year, as a report prints them: what measures count, small counts hidden."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from civic.measures.registry import Measure, offered
from indicators.models import Indicator
from indicators.small_counts import is_small, small_label, tells_of_few

Counts = dict[Measure, Decimal]
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
    left to the KPI. Of the others a small one is hidden, and with it what would let it be computed
    (docs/architecture/small-counts.md).
    """
    counts = {
        measure: count
        for measure in offered()
        if not measure.is_share and ((count := measure.count(fiscal_year).value) or _kept(measure, fiscal_year))
    }
    promised = _told_by_kpis(counts)
    hidden = hidden_among(counts, promised)
    return [
        _figure(measure, count, is_hidden=measure in hidden)
        for measure, count in counts.items()
        if measure.name not in promised or not is_small(count)
    ]


def hidden_among(counts: Counts, promised: Collection[str] = ()) -> set[Measure]:
    """Return the measures whose counts are not published.

    These are the small ones, and beside a small part of a whole the next larger parts, until what is hidden of the
    whole is no small count either; at last the whole. `promised` names those that are told elsewhere.
    """
    hidden = {measure for measure, count in counts.items() if is_small(count) and measure.name not in promised}
    for total in counts:
        parts = sorted((part for part in counts if part.part_of == total.name), key=lambda part: counts[part])
        kept_back = [part for part in parts if part in hidden]
        others = [part for part in parts if part not in hidden and part.name not in promised]
        if not kept_back or len(parts) == 1:
            continue
        while others and (len(kept_back) < 2 or is_small(sum((counts[part] for part in kept_back), Decimal(0)))):
            kept_back.append(others.pop(0))
        hidden.update(kept_back)
        if not others:
            hidden.add(total)
    return hidden


def _kept(measure: Measure, fiscal_year: int) -> bool:
    """Whether records were kept before a year that has none: only then is none 0, and not missing."""
    return any(measure.count(year).value for year in range(fiscal_year - YEARS_BEFORE, fiscal_year))


def _told_by_kpis(counts: Counts) -> set[str]:
    """The measures whose counts KPIs print in full."""
    count_of = {measure.name: count for measure, count in counts.items()}
    return {
        measure
        for measure, unit in Indicator.objects.filter(measure__in=count_of).values_list("measure", "unit")
        if not tells_of_few(unit, count_of[measure])
    }


def _figure(measure: Measure, count: Decimal, *, is_hidden: bool) -> CentreFigure:
    unit = str(measure.unit)
    if not is_hidden:
        value, printed = str(count), f"{count:,}{unit}"
    else:
        value, printed = None, small_label(unit) if is_small(count) else _("公表しません")
    return CentreFigure(measure.name, str(measure.title), unit, value, printed)
