"""The figures of a month: the month's own and the fiscal year's so far, each beside last year's.

What other apps count comes from the registry of measures, by name: a measure's rows of the days in question add up. An
app that is not there leaves its lines without a number.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from django.db.models import Count, Min, Sum
from django.utils.translation import gettext as _

from centres.events.queries import events_of_month
from centres.models import Consultation, Group, Referral
from centres.periods import Period, days_of_month, during
from centres.queries import active_groups
from centres.rooms.models import Use
from centres.statistics import statistics, total
from civic.calendar import fiscal_year_of
from civic.measures.registry import Measure, find, offered

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


@dataclass(frozen=True)
class Line:
    """One figure. None where it is not known, or where there is no such thing as a year's sum of it."""

    name: str
    unit: str
    month: int | None
    month_before: int | None
    year: int | None = None
    year_before: int | None = None


@dataclass(frozen=True)
class Table:
    """Figures of the month in detail; the first column says of what."""

    title: str
    headings: list[str]
    rows: list[list[str | int | None]]
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
    yield _users(spans)
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


def _consultations(spans: Spans) -> Section:
    measure = find("centres.consultations")

    def line(name: str, unit: str, count: Callable[[Span], int]) -> Line:
        now, before = (_is_known(measure, span) for span in (spans.year, spans.year_before))
        return Line(
            name,
            unit,
            count(spans.month) if now else None,
            count(spans.month_before) if before else None,
            count(spans.year) if now else None,
            count(spans.year_before) if before else None,
        )

    tallies = {span: total(*span) for span in (spans.month, spans.month_before, spans.year, spans.year_before)}
    detail = statistics(Period(fiscal_year_of(spans.month.first), spans.month.first.month))
    (by_category,) = (table for table in detail.tables if table.several)
    samples = Consultation.objects.filter(during("received_at", *spans.year), is_sample=True)
    return Section(
        _("相談"),
        [
            line(_("相談の件数"), _("件"), lambda span: tallies[span].cases),
            line(_("相談した人"), _("人"), lambda span: tallies[span].people),
            line(_("相談にかけた時間"), _("分"), lambda span: tallies[span].minutes),
            line(
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
    new = [
        joined.filter(registered_on__range=span).count() if first and first <= span.last else None
        for span in (spans.month, spans.month_before, spans.year, spans.year_before)
    ]
    return Section(
        _("団体登録"),
        [Line(_("月末の登録団体"), unit, *at_the_end), Line(_("新しく登録した団体"), unit, *new)],
        note=_("登録した日のわからない団体は、月末の登録団体にだけ数えています。"),
        has_samples=active_groups(spans.month.last).filter(is_sample=True).exists(),
    )


def _users(spans: Spans) -> Section:
    lines, has_samples = _lines(["centres.users"], spans)
    rooms = (
        Use.objects.filter(during("used_at", *spans.month))
        .values_list("room__name")
        .annotate(times=Count("*"), people=Sum("people"))
        .order_by("room__position", "room__pk")
    )
    by_room: list[list[str | int | None]] = [list(row) for row in rooms]
    tables = [Table(_("部屋・場所の利用"), [_("部屋・場所"), _("利用（回）"), _("人数（人）")], by_room)]
    return Section(_("利用者と部屋"), lines, tables if by_room else [], has_samples=has_samples)


def _events(spans: Spans) -> Section:
    lines, has_samples = _lines(["centres.events_held", "centres.event_participants", "centres.introductions"], spans)
    held: list[list[str | int | None]] = [
        [event.event.title, event.people, event.answers, _whole(event.satisfaction)]
        for event in events_of_month(spans.month.first.year, spans.month.first.month)
    ]
    headings = [_("催し・講座"), _("来た人（人）"), _("回答（件）"), _("満足（％）")]
    note = _("回答は、アンケートの回答です。満足は、そのうち「とても満足」「満足」と答えた人の割合です。")
    tables = [Table(_("催し・講座"), headings, held, note)] if held else []
    return Section(_("催し・講座"), lines, tables, has_samples=has_samples)


def _whole(percentage: Decimal | None) -> int | None:
    return None if percentage is None else int(percentage.quantize(Decimal(1), ROUND_HALF_UP))


def _matching(spans: Spans) -> Section:
    lines, has_samples = _lines([measure.name for measure in offered() if measure.name.startswith(MATCHING)], spans)
    return Section(_("ボランティア"), lines, has_samples=has_samples)


def _lines(names: list[str], spans: Spans) -> tuple[list[Line], bool]:
    """The lines of the measures that are offered, and whether samples are among their rows."""
    known = {measure.name: measure for measure in offered()}
    lines, has_samples = [], False
    for measure in (known[name] for name in names if name in known):
        values, samples = _flow(measure, spans)
        lines.append(Line(str(measure.title), str(measure.unit), *values))
        has_samples |= samples
    return lines, has_samples


def _flow(measure: Measure, spans: Spans) -> tuple[list[int | None], bool]:
    """What a measure's rows come to: month, month before, year, year before; and whether samples are among them."""
    sums: list[tuple[int | None, int | None]] = []
    has_samples = False
    for month, year in ((spans.month, spans.year), (spans.month_before, spans.year_before)):
        if not _is_known(measure, year):
            sums.append((None, None))
            continue
        rows = [
            row for row in measure.rows(fiscal_year_of(year.first)) if row.day and year.first <= row.day <= year.last
        ]
        of_month = sum(int(row.value) for row in rows if row.day and row.day >= month.first)
        sums.append((of_month, sum(int(row.value) for row in rows)))
        has_samples |= any(row.is_sample for row in rows)
    (month_now, year_now), (month_before, year_before) = sums
    return [month_now, month_before, year_now, year_before], has_samples
