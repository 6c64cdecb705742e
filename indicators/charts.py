"""A series as a chart: one SVG, the same on a page and in a PDF.

Whoever sees no colour tells things apart by shape and dash. Nothing is styled by a stylesheet or a style attribute: a
PDF has no stylesheet for it, and the portal's Content-Security-Policy forbids the attribute.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from civic.calendar import era_fiscal_year
from civic.drawing import BLACK, BLUE, FAINT, FONTS, GREY, SIZE, WHITE, at, line, points, rect, text, text_width
from indicators.achievement import rounded
from indicators.series import FINAL, Change, Point, Promise, Series

WIDTH, HEIGHT = 720, 364
LEFT, RIGHT, TOP, BOTTOM = 68, 696, 70, 300
ERA, BENEATH = BOTTOM + 25, BOTTOM + 41
"""The lines of a year's two labels, clear of a mark that stands on the axis."""
WAY, CHANGE = "7 5", "2 4"
"""The dashes of the expected pace, and of a change of definition."""

Draw = Callable[[float, float], SafeString]


def chart(series: Series, ident: str = "") -> SafeString:
    """Return the drawing. `ident` tells it from other drawings of the same series on the page."""
    return _Chart(series, f"chart-{ident or series.key}").svg()


@dataclass(frozen=True)
class _Label:
    """A value to be written at a mark."""

    x: float
    y: float
    words: str


@dataclass(frozen=True)
class _Box:
    """A place on the drawing that is taken; y grows downwards."""

    x: float
    y: float
    width: float
    height: float

    def meets(self, other: "_Box") -> bool:
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )


class _Chart:
    def __init__(self, series: Series, ident: str) -> None:
        self.series = series
        self.ident = ident
        drawn = series.years() + [year for promise in series.promises for year, _value in series.pace(promise)]
        self.years = range(min(drawn), max(drawn) + 1) if drawn else range(0)
        self.undated = series.undated()
        self.low, self.high, self.step = _scale(self._values(), series.decimals)
        # A baseline without a year stands to the left of the years, in a place twice as wide, for its long label.
        self.slot = (RIGHT - LEFT) / (len(self.years) + 2 * len(self.undated) or 1)

    def svg(self) -> SafeString:
        return format_html(
            '<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-labelledby="{0}-title {0}-desc" '
            'viewBox="0 0 {1} {2}" width="{1}" height="{2}" font-family="{3}" font-size="{4}" fill="{5}">'
            '<title id="{0}-title">{6}</title><desc id="{0}-desc">{7}</desc>{8}</svg>',
            self.ident,
            WIDTH,
            HEIGHT,
            FONTS,
            SIZE,
            BLACK,
            _("%(name)sの推移（単位：%(unit)s）") % {"name": self.series.name, "unit": self.series.unit},
            describe(self.series),
            format_html_join("", "{}", ((part,) for part in self._parts())),
        )

    def _parts(self) -> Iterator[SafeString]:
        yield text(LEFT - 8, 18, _("（%(unit)s）") % {"unit": self.series.unit}, "end")
        yield from self._legend()
        yield from self._grid()
        yield from self._year_labels()
        for change in self.series.breaks:
            yield self._break(change)
        for promise in self.series.promises:
            yield from self._pace(promise)
        yield from self._course()
        marks = [(draw, x, self._y(point.number), point) for draw, x, point in self._marks()]
        yield from _written(
            [_Label(x, y, f"{rounded(point.number, self.series.decimals):,}") for _draw, x, y, point in marks]
        )
        for draw, x, y, _point in marks:
            yield draw(x, y)

    # ---- where things stand ----

    def _values(self) -> list[Decimal]:
        promised = [p for promise in self.series.promises for p in (promise.baseline, *promise.targets) if p]
        return [point.number for point in (*self.series.actuals, *promised)] or [Decimal(0)]

    def _x(self, year: int) -> float:
        return LEFT + self.slot * (2 * len(self.undated) + year - self.years[0] + 0.5)

    def _x_undated(self, position: int) -> float:
        return LEFT + self.slot * (2 * position + 1)

    def _y(self, value: Decimal) -> float:
        return BOTTOM - float((value - self.low) / (self.high - self.low)) * (BOTTOM - TOP)

    # ---- the frame ----

    def _grid(self) -> Iterator[SafeString]:
        value = self.low
        while value <= self.high:
            y = self._y(value)
            yield line((LEFT, y), (RIGHT, y), BLACK if value == self.low else FAINT, 1)
            yield text(LEFT - 8, y + 5, f"{value:,f}", "end")
            value += self.step
        if self.low != 0:
            yield text(RIGHT, HEIGHT - 4, _("縦の軸は%(low)sからです。") % {"low": f"{self.low:,f}"}, "end", GREY)

    def _year_labels(self) -> Iterator[SafeString]:
        every = max(1, -int(-58 // self.slot))
        for year in self.years:
            if (self.years[-1] - year) % every == 0:
                yield text(self._x(year), ERA, era_fiscal_year(year).removesuffix("年度"), "middle")
                yield text(self._x(year), BENEATH, str(year), "middle", GREY)
        for position, (_promise, point) in enumerate(self.undated):
            yield text(self._x_undated(position), ERA, point.label, "middle")
            yield text(self._x_undated(position), BENEATH, _("（年度不明）"), "middle", GREY)
        if self.undated:
            x = LEFT + self.slot * 2 * len(self.undated)
            for left in (x - 5, x):
                yield line((left, BOTTOM + 6), (left + 5, BOTTOM - 6), BLACK, 1)

    def _legend(self) -> Iterator[SafeString]:
        x: float = LEFT + 12
        for draw, words in self._kinds():
            yield draw(x, 28)
            yield text(x + 14, 33, words, "start")
            x += text_width(words) + 40

    def _kinds(self) -> Iterator[tuple[Draw, str]]:
        series = self.series
        if any(promise.baseline for promise in series.promises):
            yield _diamond, _("現状値")
        if any(point.standing == FINAL for point in series.actuals):
            yield _disc, _("実績値")
        if any(point.standing != FINAL for point in series.actuals):
            yield _ring, _("実績値（確定前）")
        if any(promise.targets for promise in series.promises):
            yield _triangle, _("目標値")
        if any(series.pace(promise) for promise in series.promises):
            yield _dashes, _("進み方の目安")
        if series.breaks:
            yield _dots, _("定義の変更")

    # ---- what is drawn in it ----

    def _break(self, change: Change) -> SafeString:
        x = self._x(change.fiscal_year) - self.slot / 2
        return line((x, TOP - 8), (x, BOTTOM), GREY, 2, dashes=CHANGE)

    def _pace(self, promise: Promise) -> Iterator[SafeString]:
        for (first, low), (last, high) in pairwise(self.series.pace(promise)):
            yield line((self._x(first), self._y(low)), (self._x(last), self._y(high)), GREY, 1.5, dashes=WAY)

    def _course(self) -> Iterator[SafeString]:
        """A thick line from year to year, a thin one over years without a figure, none across a changed definition."""
        measured = {p.fiscal_year: p.number for promise in self.series.promises if (p := promise.baseline)}
        measured |= {point.fiscal_year: point.number for point in self.series.actuals}
        years = sorted(year for year in measured if year is not None)
        for first, last in pairwise(years):
            if not self.series.is_broken_between(first, last):
                begin, end = ((self._x(year), self._y(measured[year])) for year in (first, last))
                yield line(begin, end, BLUE, 3 if last == first + 1 else 1)

    def _marks(self) -> Iterator[tuple[Draw, float, Point]]:
        for position, (_promise, point) in enumerate(self.undated):
            yield _diamond, self._x_undated(position), point
        entered = {point.fiscal_year for point in self.series.actuals}
        for promise in self.series.promises:
            for target in promise.targets:
                if target.fiscal_year is not None:
                    yield _triangle, self._x(target.fiscal_year), target
            start = promise.baseline
            if start and start.fiscal_year is not None and start.fiscal_year not in entered:
                yield _diamond, self._x(start.fiscal_year), start
        for point in self.series.actuals:
            if point.fiscal_year is not None:
                yield _disc if point.standing == FINAL else _ring, self._x(point.fiscal_year), point


def describe(series: Series) -> str:
    """Return in words what the chart shows, for those who do not see it."""
    sentences = []
    for promise in series.promises:
        if promise.baseline:
            sentences.append(
                _("%(plan)sの現状値は%(label)s %(value)s。")
                % {"plan": promise.plan, "label": promise.baseline.label, "value": promise.baseline.printed}
            )
        sentences += [
            _("%(plan)sの目標値は%(label)s %(value)s。")
            % {"plan": promise.plan, "label": target.label, "value": target.printed}
            for target in promise.targets
        ]
    if series.actuals:
        listed = "、".join(f"{point.label} {point.printed}" for point in series.actuals)
        sentences.append(_("実績値は%(listed)s。") % {"listed": listed})
    else:
        sentences.append(_("実績値はまだありません。"))
    sentences += [
        _("%(label)sから定義が変わりました。%(note)s") % {"label": change.label, "note": change.note}
        for change in series.breaks
    ]
    return "".join(sentences)


def _scale(values: list[Decimal], decimals: int) -> tuple[Decimal, Decimal, Decimal]:
    """The ends of the axis and the step between its lines: 1, 2 or 5 times a power of ten, no finer than the values."""
    low, high = min(values), max(values)
    if 0 <= low < high / 2 or low == high:
        low, high = min(low, Decimal(0)), max(high, Decimal(0))
    span = high - low or Decimal(1)
    power = Decimal(10) ** (span / 5).adjusted()
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor * 6 >= span)
    step = max(step, Decimal(1).scaleb(-decimals))
    return (
        (low / step).to_integral_value(ROUND_FLOOR) * step,
        ((low + span) / step).to_integral_value(ROUND_CEILING) * step,
        step,
    )


def _written(labels: list[_Label]) -> Iterator[SafeString]:
    """Values above their marks, or below where another value or mark is in the way."""
    taken = [_Box(label.x - 8, label.y - 8, 16, 16) for label in labels]
    for label in sorted(labels, key=lambda label: (label.x, label.y)):
        width = text_width(label.words)
        places = [_Box(label.x - width / 2, label.y + away, width, SIZE) for away in (-10 - SIZE, 11)]
        box = next((place for place in places if not any(place.meets(other) for other in taken)), places[0])
        taken.append(box)
        yield rect(box.x, box.y, box.width, box.height, fill=WHITE)
        yield text(label.x, box.y + SIZE - 1, label.words, "middle")


# ---- marks ----


def _disc(x: float, y: float) -> SafeString:
    return format_html('<circle cx="{}" cy="{}" r="6" fill="{}"/>', at(x), at(y), BLUE)


def _ring(x: float, y: float) -> SafeString:
    return format_html(
        '<circle cx="{}" cy="{}" r="5.5" fill="{}" stroke="{}" stroke-width="2.5"/>', at(x), at(y), WHITE, BLUE
    )


def _diamond(x: float, y: float) -> SafeString:
    return _polygon(((x, y - 8), (x + 8, y), (x, y + 8), (x - 8, y)), fill=BLACK)


def _triangle(x: float, y: float) -> SafeString:
    return _polygon(((x, y - 8), (x + 8, y + 6), (x - 8, y + 6)), fill=WHITE)


def _dashes(x: float, y: float) -> SafeString:
    return line((x - 12, y), (x + 9, y), GREY, 1.5, dashes=WAY)


def _dots(x: float, y: float) -> SafeString:
    return line((x, y - 9), (x, y + 9), GREY, 2, dashes=CHANGE)


def _polygon(corners: Iterable[tuple[float, float]], *, fill: str) -> SafeString:
    return format_html('<polygon points="{}" fill="{}" stroke="{}" stroke-width="2"/>', points(corners), fill, BLACK)
