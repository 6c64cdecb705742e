"""The figures of a month: the month's own and the fiscal year's so far, each beside last year's.

What other apps count comes from the registry of measures, by name: a measure's rows of the days in question add up. An
app that is not there leaves its lines without a number.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from centres.events.queries import SurveyTotals, course_surveys, held_events
from centres.models import Consultation, Group, Referral
from centres.periods import Period, days_of_month, during
from centres.queries import active_groups
from centres.rooms.models import Booking, Loan
from centres.rooms.statistics import RoomsUse, RoomUse, use_between
from centres.statistics import statistics, total
from civic.calendar import fiscal_year_of
from civic.measures.registry import Measure, MeasuredRow, find, mean, offered

Number = int | float
"""A count, or a share in per cent with one decimal; plain, as it is kept as JSON."""
MATCHING = "matching."
"""The measures of matching, of which centres know nothing but this."""


class Span(NamedTuple):
    """Days from the first to the last."""

    first: date
    last: date


@dataclass(frozen=True)
class Spans:
    """What is compared: the month and the fiscal year up to its end, and the same of last year."""

    month: Span
    month_before: Span
    year: Span
    year_before: Span

    @classmethod
    def of(cls, month: date) -> "Spans":
        """Return them for a month, told by its first day."""
        fiscal_year = fiscal_year_of(month)
        this, before = (Span(*days_of_month(year, month.month)) for year in (fiscal_year, fiscal_year - 1))
        return cls(
            this,
            before,
            Span(date(fiscal_year, 4, 1), this.last),
            Span(date(fiscal_year - 1, 4, 1), before.last),
        )

    @property
    def in_order(self) -> tuple[Span, Span, Span, Span]:
        """As a line shows them."""
        return self.month, self.month_before, self.year, self.year_before


@dataclass(frozen=True)
class Line:
    """One figure. None where it is not known, or where there is no such thing as a year's sum of it.

    `key` stays when the name is written anew: next year's report finds this year's figure by it.
    """

    key: str
    name: str
    unit: str
    month: Number | None
    month_before: Number | None
    year: Number | None = None
    year_before: Number | None = None


@dataclass(frozen=True)
class Table:
    """Figures of the month in detail; the first column says of what."""

    title: str
    headings: list[str]
    rows: list[list[str | Number | None]]
    note: str = ""


@dataclass(frozen=True)
class Section:
    """What belongs together."""

    title: str
    lines: list[Line]
    tables: list[Table] = field(default_factory=list)
    note: str = ""
    has_samples: bool = False


def sections(month: date) -> Iterator[Section]:
    """Yield the sections of a month's report, in their order."""
    spans = Spans.of(month)
    yield _consultations(spans)
    yield _groups(spans)
    yield _rooms(spans)
    yield _events(spans)
    yield _matching(spans)


def _is_known(measure: Measure, span: Span) -> bool:
    """Whether anything of the kind was on record by the last of the days, this fiscal year or the one before.

    Before the first record nobody knows whether nothing happened: that is no 0.
    """
    fiscal_year = fiscal_year_of(span.first)
    return len(measure.rows(fiscal_year - 1)) > 0 or any(
        row.day is None or row.day <= span.last for row in measure.rows(fiscal_year)
    )


def _since(first: date | None, spans: Spans, value: Callable[[Span], Number | None]) -> list[Number | None]:
    """A line's values, none of those before the first day of which there is a record."""
    return [value(span) if first and first <= span.last else None for span in spans.in_order]


def _consultations(spans: Spans) -> Section:
    first = Consultation.objects.aggregate(moment=Min("received_at"))["moment"]

    def line(key: str, name: str, unit: str, count: Callable[[Span], int]) -> Line:
        return Line(f"consultations.{key}", name, unit, *_since(first and timezone.localdate(first), spans, count))

    tallies = {span: total(*span) for span in spans.in_order}
    detail = statistics(Period(fiscal_year_of(spans.month.first), spans.month.first.month))
    (by_category,) = (table for table in detail.tables if table.several)
    samples = Consultation.objects.filter(during("received_at", *spans.year), is_sample=True)
    return Section(
        _("相談"),
        [
            line("cases", _("相談の件数"), _("件"), lambda span: tallies[span].cases),
            line("people", _("相談した人"), _("人"), lambda span: tallies[span].people),
            line("minutes", _("相談にかけた時間"), _("分"), lambda span: tallies[span].minutes),
            line(
                "referrals",
                _("団体・催し・担当課などへのつなぎ"),
                _("件"),
                lambda span: Referral.objects.filter(referred_on__range=span).count(),
            ),
        ],
        [
            Table(
                _("相談の種類（複数回答）"),
                [_("相談の種類"), _("件数（件）"), _("時間（分）")],
                [[label, tally.cases, tally.minutes] for label, tally in by_category.rows],
                _(
                    "一つの相談に種類がいくつかあるときは、それぞれの種類に数えています。"
                    "上の「相談の件数」では1件です。"
                ),
            )
        ],
        has_samples=samples.exists(),
    )


def _groups(spans: Spans) -> Section:
    unit = _("団体")
    at_the_end = [active_groups(span.last).count() for span in (spans.month, spans.month_before)]
    joined = Group.objects.filter(registered_on__isnull=False)
    first = joined.aggregate(day=Min("registered_on"))["day"]
    new = _since(first, spans, lambda span: joined.filter(registered_on__range=span).count())
    return Section(
        _("団体登録"),
        [
            Line("groups.active", _("月末の登録団体"), unit, *at_the_end),
            Line("groups.new", _("新しく登録した団体"), unit, *new),
        ],
        note=_("登録した日のわからない団体は、月末の登録団体にだけ数えています。"),
        has_samples=active_groups(spans.month.last).filter(is_sample=True).exists(),
    )


def _rooms(spans: Spans) -> Section:
    lines, has_samples = _lines(["centres.users"], spans)
    of_spans = {span: use_between(*span) for span in spans.in_order}
    booked_first = Booking.objects.aggregate(day=Min("day"))["day"]
    lent_at = Loan.objects.aggregate(moment=Min("lent_at"))["moment"]
    lent_first = lent_at and timezone.localdate(lent_at)

    def line(key: str, name: str, unit: str, first: date | None, value: Callable[[RoomsUse], Number | None]) -> Line:
        return Line(f"rooms.{key}", name, unit, *_since(first, spans, lambda span: value(of_spans[span])))

    lines += [
        line("bookings", _("部屋の予約"), _("件"), booked_first, lambda use: use.bookings),
        line("bands_used", _("使われた部屋の区分"), _("区分"), booked_first, lambda use: use.bands_used),
        line("rate", _("部屋の利用率"), _("％"), booked_first, lambda use: _percent(use.rate)),
        line("lendings", _("備品の貸出し"), _("件"), lent_first, lambda use: use.lendings),
    ]
    rows = [_room_row(use) for use in of_spans[spans.month].rooms]
    table = Table(
        _("部屋・場所の利用"),
        [_("部屋・場所"), _("人数（人）"), _("使われた区分"), _("使えた区分"), _("利用率（％）")],
        rows,
        _("区分は、午前・午後・夜間など、部屋を貸す時間の区切りです。予約した人が来た区分を、使われたと数えています。"),
    )
    return Section(_("利用者と部屋"), lines, [table] if rows else [], has_samples=has_samples)


def _room_row(use: RoomUse) -> list[str | Number | None]:
    """Of a place that is not booked there are no bands."""
    bands = [use.bands_used, use.bands_open] if use.room.is_bookable else [None, None]
    return [use.room.name, use.people, *bands, _percent(use.rate)]


def _events(spans: Spans) -> Section:
    lines, has_samples = _lines(["centres.events_held", "centres.event_participants", "centres.introductions"], spans)
    events_held = find("centres.events_held")
    surveys = {span: course_surveys(*span) for span in spans.in_order if _is_known(events_held, span)}

    def line(key: str, name: str, unit: str, value: Callable[[SurveyTotals], Number | None]) -> Line:
        values = [value(surveys[span]) if span in surveys else None for span in spans.in_order]
        return Line(f"courses.{key}", name, unit, *values)

    lines += [
        line("answers", _("講座のアンケートの回答"), _("件"), lambda survey: survey.answers),
        line("satisfaction", _("講座の満足度"), _("％"), lambda survey: _percent(survey.satisfaction)),
        line("response_rate", _("講座のアンケートの回収率"), _("％"), lambda survey: _percent(survey.response_rate)),
    ]
    rows: list[list[str | Number | None]] = [
        [
            f"{held.event.title}（{held.event.get_kind_display()}）",
            held.people,
            held.survey.answers,
            _percent(held.survey.response_rate),
            _percent(held.survey.satisfaction),
        ]
        for held in held_events(*spans.month)
    ]
    headings = [_("催し・講座"), _("来た人（人）"), _("回答（件）"), _("回収率（％）"), _("満足（％）")]
    note = _(
        "満足は、アンケートの回答のうち「とても満足」「満足」と答えた人の割合です。回収率は、来た人のうち回答した人の割合です。"
        "上の講座の行は、はじめの回がその期間にあった講座をまとめています。"
    )
    tables = [Table(_("催し・講座"), headings, rows, note)] if rows else []
    return Section(_("催し・講座"), lines, tables, has_samples=has_samples)


def _matching(spans: Spans) -> Section:
    lines, has_samples = _lines([measure.name for measure in offered() if measure.name.startswith(MATCHING)], spans)
    note = _("それぞれの記録は、その年度にはじめて数えた月に入れています。同じものを2度は数えません。")
    return Section(_("ボランティア"), lines, note=note if lines else "", has_samples=has_samples)


def _percent(value: Decimal | None) -> float | None:
    """With one decimal, rounded half up."""
    return None if value is None else float(value.quantize(Decimal("0.1"), ROUND_HALF_UP))


def _lines(names: list[str], spans: Spans) -> tuple[list[Line], bool]:
    """The lines of the measures that are offered, and whether samples are among their rows."""
    known = {measure.name: measure for measure in offered()}
    lines, has_samples = [], False
    for measure in (known[name] for name in names if name in known):
        values, samples = _flow(measure, spans)
        lines.append(Line(measure.name, str(measure.title), str(measure.unit), *values))
        has_samples |= samples
    return lines, has_samples


def _flow(measure: Measure, spans: Spans) -> tuple[list[Number | None], bool]:
    """What a measure's rows come to: month, month before, year, year before; and whether samples are among them."""
    sums: list[tuple[Number | None, Number | None]] = []
    has_samples = False
    for month, year in ((spans.month, spans.year), (spans.month_before, spans.year_before)):
        if not _is_known(measure, year):
            sums.append((None, None))
            continue
        rows = [
            row for row in measure.rows(fiscal_year_of(year.first)) if row.day and year.first <= row.day <= year.last
        ]
        of_month = [row for row in rows if row.day and row.day >= month.first]
        sums.append((_figure(measure, of_month), _figure(measure, rows)))
        has_samples |= any(row.is_sample for row in rows)
    (month_now, year_now), (month_before, year_before) = sums
    return [month_now, month_before, year_now, year_before], has_samples


def _figure(measure: Measure, rows: list[MeasuredRow]) -> Number | None:
    """What rows come to: their sum, or of a share their mean, which nothing has not."""
    value = sum((row.value for row in rows), Decimal(0))
    if measure.is_share:
        return float(mean(value, len(rows))) if rows else None
    return int(value) if value == value.to_integral_value() else _percent(value)
