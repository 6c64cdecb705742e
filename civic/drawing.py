"""What charts are drawn with: parts of an SVG that looks the same on a page and in a PDF.

Nothing is styled by a stylesheet or a style attribute: a PDF has no stylesheet for it, and the portal's
Content-Security-Policy forbids the attribute.
"""

from collections.abc import Iterable
from unicodedata import east_asian_width

from django.utils.html import format_html
from django.utils.safestring import SafeString

SIZE = 14
"""Of letters, in the units of the drawing."""
FONTS = "BIZ UDPGothic, Noto Sans CJK JP, IPAexGothic, IPAPGothic, sans-serif"
BLUE, BLACK, GREY, FAINT, WHITE = "#0017c1", "#000000", "#4d4d4d", "#cccccc", "#ffffff"


def line(
    begin: tuple[float, float], end: tuple[float, float], colour: str, width: float, dashes: str = ""
) -> SafeString:
    """Return a straight line."""
    return format_html(
        '<polyline points="{}" fill="none" stroke="{}" stroke-width="{}" stroke-dasharray="{}"/>',
        points((begin, end)),
        colour,
        width,
        dashes or "none",
    )


def rect(x: float, y: float, width: float, height: float, *, fill: str) -> SafeString:
    """Return a filled rectangle without a border."""
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>', at(x), at(y), at(width), at(height), fill
    )


def text(x: float, y: float, words: str, anchor: str, fill: str = BLACK) -> SafeString:
    """Return words on their base line; `anchor` (start, middle, end) is what of them stands at x."""
    return format_html('<text x="{}" y="{}" text-anchor="{}" fill="{}">{}</text>', at(x), at(y), anchor, fill, words)


def text_width(words: str) -> float:
    """Return about how wide words are written: Japanese characters are as wide as high, others as the widest digits."""
    return sum(SIZE if east_asian_width(letter) in "WFA" else SIZE * 0.76 for letter in words)


def points(corners: Iterable[tuple[float, float]]) -> str:
    """Return corners as SVG lists them."""
    return " ".join(f"{at(x)},{at(y)}" for x, y in corners)


def at(place: float) -> str:
    """Return a place or a length as it is written: no finer than a tenth."""
    return f"{place:.1f}"
