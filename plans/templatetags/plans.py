"""Words of a plan, laid out for a page."""

from django import template

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
