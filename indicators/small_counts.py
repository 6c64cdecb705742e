"""Counts that are too small to be published: they may tell who is meant."""

from decimal import Decimal

from django.utils.translation import gettext as _

SMALL = Decimal(5)
"""A count below this is not published (docs/architecture/small-counts.md)."""
PEOPLE = ("人", "名", "世帯")
"""The units in which people are counted, as indicators name them."""


def is_small(count: Decimal) -> bool:
    """Return whether a count is too small to be published."""
    return count < SMALL


def tells_of_few(unit: str, value: Decimal, answers: int | None = None) -> bool:
    """Return whether an indicator's figure counts a few people only, or rests on the answers of a few."""
    return (unit in PEOPLE and is_small(value)) or (answers is not None and is_small(Decimal(answers)))


def small_label(unit: str) -> str:
    """Return what is printed in a small count's place."""
    return _("%(limit)s%(unit)s未満") % {"limit": SMALL, "unit": unit}
