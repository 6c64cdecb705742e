"""What the report's tables need of templates."""

from collections.abc import Iterable
from typing import Any

from django import template

register = template.Library()


@register.filter
def labelled(row: list[Any], headings: list[str]) -> Iterable[tuple[str, Any]]:
    """The cells of a row, each with the heading of its column: on a telephone they stand beside each other."""
    return zip(headings, row, strict=True)
