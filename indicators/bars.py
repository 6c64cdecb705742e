"""How far a figure has come from its baseline to its target, as one bar: the same on a page and in a PDF.

As with charts, nothing is styled by a stylesheet, and whoever sees no colour tells the parts by shape and place.
"""

from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from civic.drawing import BLACK, BLUE, GREY, WHITE, at, line, points

WIDTH, HEIGHT, MARGIN = 240, 32, 8
TOP, THICK = 13, 12
START, GOAL = Decimal(0), Decimal(100)


def bar(*, ident: str, name: str, goal: str, reached: str | None, pace: str | None) -> SafeString:
    """Return the drawing of an achievement (達成率).

    `goal` is the target as printed; `reached` and `pace`, what is expected by the end of the year, are percentages as
    printed (40.0％), None where there is none. Both may lie before the start or beyond the target: the scale follows.
    """
    here, expected = (_number(percent) for percent in (reached, pace))
    places = [place for place in (START, GOAL, here, expected) if place is not None]
    low, high = min(places), max(places)

    def x(place: Decimal) -> float:
        return MARGIN + float((place - low) / (high - low)) * (WIDTH - 2 * MARGIN)

    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="reach" role="img" aria-labelledby="{0}-title {0}-desc" '
        'viewBox="0 0 {1} {2}" width="{1}" height="{2}"><title id="{0}-title">{3}</title><desc id="{0}-desc">{4}</desc>'
        "{5}{6}{7}{8}{9}</svg>",
        f"reach-{ident}",
        WIDTH,
        HEIGHT,
        _("%(name)sの達成率") % {"name": name},
        describe(goal, reached, pace),
        _block(x(START), x(GOAL), WHITE),
        SafeString() if here is None else _block(x(START), x(here), BLUE if here >= START else GREY),
        _post(x(START), 1.5),
        _post(x(GOAL), 4),
        SafeString() if expected is None else _pointer(x(expected)),
    )


def describe(goal: str, reached: str | None, pace: str | None) -> str:
    """Return in words what the bar shows, for those who do not see it."""
    sentences = [
        _("目標値%(goal)sに対する達成率は%(reached)s。") % {"goal": goal, "reached": reached}
        if reached
        else _("目標値は%(goal)s。達成率はまだありません。") % {"goal": goal}
    ]
    if pace:
        sentences.append(_("年度末の目安は%(pace)s。") % {"pace": pace})
    return "".join(sentences)


def _number(percent: str | None) -> Decimal | None:
    return Decimal(percent.removesuffix("％")) if percent else None


def _block(begin: float, end: float, fill: str) -> SafeString:
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}" stroke-width="1"/>',
        at(min(begin, end)),
        TOP,
        at(abs(end - begin)),
        THICK,
        fill,
        GREY,
    )


def _post(x: float, width: float) -> SafeString:
    return line((x, TOP - 2), (x, TOP + THICK + 4), BLACK, width)


def _pointer(x: float) -> SafeString:
    corners = ((x - 6, 1), (x + 6, 1), (x, TOP - 1))
    return format_html('<polygon points="{}" fill="{}"/>', points(corners), BLACK)
