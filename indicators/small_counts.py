"""Counts that are too small to be published: they may tell who is meant."""

from decimal import Decimal

from django.utils.translation import gettext as _

SMALL = Decimal(5)
"""A count below this is not published (docs/architecture/small-counts.md)."""
PEOPLE = ("人", "名", "世帯")
"""The units in which people are counted, as indicators name them."""
SHARES = ("％", "%")
"""The units of shares, which are no counts however small they are."""


def is_small(value: Decimal, unit: str) -> bool:
    """Return whether a figure is a count that is too small to be published."""
    return unit not in SHARES and value < SMALL


def tells_of_few(unit: str, value: Decimal, answers: int | None = None) -> bool:
    """Return whether an indicator's figure counts a few people only, or rests on the answers of a few."""
    return (unit in PEOPLE and is_small(value, unit)) or (answers is not None and answers < SMALL)


def small_label(unit: str) -> str:
    """Return what is printed in a small count's place."""
    return _("%(limit)s%(unit)s未満") % {"limit": SMALL, "unit": unit}
