"""Words of a plan, laid out for a page."""

from dataclasses import asdict

from django import template

from plans.tree import ShareView

register = template.Library()


@register.filter
def paragraphs(text: str) -> list[str]:
    """The paragraphs of a field, between which a line feed stands."""
    return text.split("\n") if text else []


@register.filter
def cells(row: str) -> list[str]:
    """The cells of a table's row, between which a tab stands."""
    return row.split("\t")


@register.filter
def document(source: dict[str, str]) -> str:
    """Where words come from, as a reader would look it up: the place in the document."""
    return source.get("place", "")


@register.filter
def completed(shares: list[ShareView | dict[str, str]]) -> str:
    """How much of the weight is completed, in per cent, as a number; `shares` are a tree's or a snapshot's."""
    plain = [share if isinstance(share, dict) else asdict(share) for share in shares]
    return next((share["percent"].removesuffix("％") for share in plain if share["status"] == "completed"), "0")
