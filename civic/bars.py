"""Numbers beneath one another as bars: one SVG, the same on a page and in a PDF."""

from collections.abc import Iterator, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from civic.drawing import BLACK, BLUE, FONTS, GREY, SIZE, line, rect, text, text_width

WIDTH, ROW, BAR = 480, 26, 16
MOST_FOR_LABELS = 220
GAP = 8
SLACK = 8
"""Fonts differ: words may be written wider than they are reckoned."""

Rows = Sequence[tuple[str, int]]
"""What is counted, in words, and how many."""


def bars(ident: str, title: str, rows: Rows, unit: str) -> SafeString:
    """Return a bar for each row, all from 0 on one scale, each with its number.

    `ident` tells the drawing from others on the page; the numbers are said in words to whoever does not see it.
    """
    height = ROW * len(rows)
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="bars" role="img" aria-labelledby="{0}-title {0}-desc" '
        'viewBox="0 0 {1} {2}" width="{1}" height="{2}" font-family="{3}" font-size="{4}" fill="{5}">'
        '<title id="{0}-title">{6}</title><desc id="{0}-desc">{7}</desc>{8}</svg>',
        ident,
        WIDTH,
        height,
        FONTS,
        SIZE,
        BLACK,
        title,
        "、".join(f"{label} {number:,}{unit}" for label, number in rows),
        format_html_join("", "{}", ((part,) for part in _parts(rows, height))),
    )


def _parts(rows: Rows, height: int) -> Iterator[SafeString]:
    most = max((number for _label, number in rows), default=0) or 1
    left = min(max((text_width(label) for label, _number in rows), default=0), MOST_FOR_LABELS) + GAP + SLACK
    room = WIDTH - left - GAP - text_width(f"{most:,}") - SLACK
    for position, (label, number) in enumerate(rows):
        top = ROW * position
        base = top + (ROW + SIZE) / 2 - 2
        length = room * number / most
        yield text(left - GAP, base, _shortened(label), "end")
        yield rect(left, top + (ROW - BAR) / 2, length, BAR, fill=BLUE)
        yield text(left + length + GAP / 2, base, f"{number:,}", "start")
    yield line((left, 0), (left, height), GREY, 1)


def _shortened(label: str) -> str:
    """As much of a label as there is room for."""
    if text_width(label) <= MOST_FOR_LABELS:
        return label
    while text_width(f"{label}…") > MOST_FOR_LABELS:
        label = label[:-1]
    return f"{label}…"
