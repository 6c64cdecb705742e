"""The centre's figures of a year, as a report prints them: what measures count, small counts hidden."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from civic.measures.registry import offered

SMALL = Decimal(5)
"""A count below this is not published: it may tell who is meant."""


@dataclass(frozen=True)
class CentreFigure:
    """A measured fact. `value` is None where the count is small; `printed` says so then."""

    measure: str
    title: str
    unit: str
    value: str | None
    printed: str


def centre_figures(fiscal_year: int) -> list[CentreFigure]:
    """Return every measure's figure of a fiscal year. Run in `acting_as`.

    A measure that counts nothing is left out: nothing tells whether nothing happened or no records were kept yet.
    No figure here is the sum of others, so a hidden one cannot be had from those that are shown.
    """
    figures = []
    for measure in offered():
        count, unit = measure.count(fiscal_year).value, str(measure.unit)
        if not count:
            continue
        hidden = is_small(count)
        figures.append(
            CentreFigure(
                measure=measure.name,
                title=str(measure.title),
                unit=unit,
                value=None if hidden else str(count),
                printed=small_label(unit) if hidden else f"{count:,}{unit}",
            )
        )
    return figures


def is_small(count: Decimal) -> bool:
    """Return whether a count is too small to be published."""
    return count < SMALL


def small_label(unit: str) -> str:
    """Return what is printed in a small count's place."""
    return _("%(limit)s%(unit)s未満") % {"limit": SMALL, "unit": unit}
