"""Reading a plan's figures: its KPIs as values, and one KPI with all its years."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.calendar import era_date, fiscal_year_label, fiscal_year_of
from civic.measures.registry import Measure, find
from indicators.achievement import achievement, rounded, value_on_the_way
from indicators.models import Closing, Commitment, Correction, Formula, Indicator, Target
from indicators.queries import (
    WITH_SERIES,
    Figure,
    Figures,
    Standing,
    closing_of,
    corrections_of,
    counted_now,
    figures_of,
    standing,
)
from indicators.series import FINAL, LIVE, PROVISIONAL, Change, Point, Promise, Series
from indicators.small_counts import is_small, small_label, tells_of_few
from indicators.wording import number_in, percent_label, printed, told, unjudged_label, worked
from plans.models import Plan, PlanIndicator
from plans.tree import BreakView, CorrectionView, Kpi, TargetView


def plan_indicators(plan: Plan) -> QuerySet[PlanIndicator]:
    """Return a plan's KPIs in the order of print, with their series and all that plans promise for them."""
    return plan.indicators.select_related("commitment__indicator").prefetch_related(
        *WITH_SERIES, "commitment__indicator__commitments__plan_indicator__plan"
    )


def kpi_of(row: PlanIndicator, plan: Plan, item: str | None, fiscal_year: int | None) -> Kpi:
    """Return a KPI as it stood in a fiscal year, or else in the last year of the plan that has a figure.

    For a given year nothing is told of later ones, nor what the records count today.
    """
    return _kpi(row, plan, item, fiscal_year, figures_of(row.commitment.indicator, until=fiscal_year))


def _kpi(row: PlanIndicator, plan: Plan, item: str | None, fiscal_year: int | None, figures: Figures) -> Kpi:
    commitment, indicator = row.commitment, row.commitment.indicator
    year = fiscal_year
    if year is None:
        within = [y for y in figures if plan.first_fiscal_year <= y <= plan.last_fiscal_year]
        year = max(within, default=None)
    stands = standing(commitment, year, figures)
    figure, reached = stands.figure, stands.achievement
    history = series_of(indicator, plan, figures, fiscal_year)
    pace_year = year if year is not None else fiscal_year_of(timezone.localdate())
    return Kpi(
        key=row.key,
        item=item,
        name=commitment.name,
        answer=commitment.answer,
        unit=indicator.unit,
        baseline_label=commitment.baseline_label,
        baseline=commitment.baseline_printed,
        targets=[_target(target) for target in commitment.targets.all()],
        formula=str(Formula(commitment.formula).label),
        actual_year=year,
        actual=_told(figure, indicator),
        provisional=figure is not None and figure.standing == PROVISIONAL,
        live=figure is not None and figure.standing == LIVE,
        is_sample=figure is not None and figure.is_sample,
        current=_differing(indicator, figure) if fiscal_year is None else None,
        answers=_answers(figure),
        response_rate=_response_rate(figure),
        actual_note=figure.note if figure else "",
        achievement=percent_label(reached),
        unjudged=None if reached.unjudged is None else unjudged_label(reached.unjudged),
        worked=(
            worked(commitment, stands.target, figure.value, reached)
            if figure and stands.target and reached.percent is not None
            else None
        ),
        goal=_target(stands.target) if stands.target else None,
        pace=_pace(commitment, plan, stands, pace_year, history),
        corrections=[
            _correction(correction, indicator)
            for correction in corrections_of(indicator)
            if plan.first_fiscal_year <= correction.closing.fiscal_year <= (fiscal_year or plan.last_fiscal_year)
        ],
        history=history,
        note=commitment.note,
        source=commitment.source,
        source_note=commitment.source_note,
        series=indicator.key,
        definition=indicator.definition,
        breaks=[BreakView(change.fiscal_year, change.note) for change in indicator.breaks.all()],
    )


def _target(target: Target) -> TargetView:
    return TargetView(target.fiscal_year, target.label, target.printed)


def series_of(indicator: Indicator, plan: Plan, figures: Figures, until: int | None = None) -> Series:
    """Return a series with what its adopted plans promise, and this one whatever its state; up to a year if given."""
    promising = [
        (held_by.plan, commitment)
        for commitment in indicator.commitments.all()
        if (held_by := getattr(commitment, "plan_indicator", None))
        and (held_by.plan == plan or held_by.plan.status != Plan.Status.DRAFT)
        and (until is None or held_by.plan.first_fiscal_year <= until)
    ]
    promising.sort(key=lambda promise: promise[0].first_fiscal_year)
    return Series(
        key=indicator.key,
        name=indicator.name,
        answer=indicator.answer,
        unit=indicator.unit,
        decimals=indicator.decimals,
        actuals=[
            Point(
                year,
                fiscal_year_label(year),
                str(figure.value),
                printed(figure.value, indicator),
                figure.standing,
            )
            for year, figure in sorted(figures.items())
            if not figure.is_hidden
        ],
        promises=[_promise(held_by, commitment) for held_by, commitment in promising],
        breaks=[
            Change(change.fiscal_year, fiscal_year_label(change.fiscal_year), change.note)
            for change in indicator.breaks.all()
            if until is None or change.fiscal_year <= until
        ],
    )


def _promise(plan: Plan, commitment: Commitment) -> Promise:
    targets = [Point(t.fiscal_year, t.label, str(t.value), t.printed) for t in commitment.targets.all()]
    return Promise(plan.title, plan.first_fiscal_year, _baseline(commitment), targets)


def _baseline(commitment: Commitment) -> Point | None:
    if commitment.baseline_value is None:
        return None
    return Point(
        commitment.baseline_fiscal_year,
        commitment.baseline_label,
        str(commitment.baseline_value),
        commitment.baseline_printed,
    )


def _told(figure: Figure | None, indicator: Indicator) -> str | None:
    """A figure as it is published."""
    if figure and figure.is_hidden and not tells_of_few(indicator.unit, figure.value):
        return _("公表しません")
    return told(figure.value, indicator) if figure else None


def _differing(
    indicator: Indicator, figure: Figure | None, wording: Callable[[Decimal, Indicator], str] = told
) -> str | None:
    """What the records count today, where that is not the frozen figure that was counted from them."""
    now = counted_now(indicator, figure.fiscal_year) if figure else None
    return wording(now, indicator) if figure and now is not None and now != figure.value else None


def _answers(figure: Figure | None) -> str | None:
    if figure is None or figure.answers is None:
        return None
    unit = _("人")
    return small_label(unit) if is_small(Decimal(figure.answers), unit) else f"{figure.answers:,}{unit}"


def _response_rate(figure: Figure | None) -> str | None:
    if figure is None or figure.response_rate is None or figure.is_hidden:
        return None
    return f"{shortest(figure.response_rate)}％"


def shortest(value: Decimal) -> str:
    """Return a number without zeros at its end, as in 41.1 and 40."""
    return f"{value.normalize():f}"


def _correction(correction: Correction, indicator: Indicator) -> CorrectionView:
    return CorrectionView(
        fiscal_year=correction.closing.fiscal_year,
        made_on=era_date(timezone.localdate(correction.made_at)),
        old=None if correction.old_value is None else told(correction.old_value, indicator),
        new=told(correction.new_value, indicator),
        reason=correction.reason,
    )


# ---- one KPI with all its years ----


@dataclass(frozen=True)
class PlanPoint:
    """A baseline or a target as one plan prints it."""

    plan: str
    printed: str


@dataclass(frozen=True)
class YearRow:
    """A line of the table beside a chart. `label` names the year; None stands where there is nothing to say."""

    fiscal_year: int | None
    label: str
    figure: Figure | None = None
    actual: str | None = None
    current: str | None = None
    answers: str | None = None
    response_rate: str | None = None
    baselines: list[PlanPoint] = field(default_factory=list)
    targets: list[PlanPoint] = field(default_factory=list)
    achievement: str | None = None
    worked: str | None = None
    unjudged: str | None = None
    pace: str | None = None
    change: str = ""
    closing: Closing | None = None
    is_of_plan: bool = False

    @property
    def is_provisional(self) -> bool:
        return self.figure is not None and self.figure.standing == PROVISIONAL

    @property
    def is_live(self) -> bool:
        return self.figure is not None and self.figure.standing == LIVE

    @property
    def is_counted(self) -> bool:
        """Whether records are behind the figure."""
        return self.is_live or bool(self.closing and self.closing.measure)


@dataclass(frozen=True)
class IndicatorPage:
    """A KPI of a plan with its whole series: what its own page shows."""

    plan: Plan
    row: PlanIndicator
    kpi: Kpi
    years: list[YearRow]

    @property
    def indicator(self) -> Indicator:
        return self.row.commitment.indicator

    @property
    def measure(self) -> Measure | None:
        """What counts the indicator from the portal's records."""
        return find(self.indicator.measure) if self.indicator.measure else None


def indicator_page(plan: Plan, key: str) -> IndicatorPage:
    """Return what the page of a KPI shows. Raises PlanIndicator.DoesNotExist where the plan has none of this key."""
    row = plan_indicators(plan).get(key=key)
    indicator = row.commitment.indicator
    figures = figures_of(indicator)
    kpi = _kpi(row, plan, None, None, figures)
    return IndicatorPage(plan, row, kpi, list(_year_rows(row, plan, figures, kpi.history)))


def _year_rows(row: PlanIndicator, plan: Plan, figures: Figures, series: Series) -> Iterator[YearRow]:
    """The baselines whose year is not known, then every year from the first to the last that anything is known of."""
    for promise, point in series.undated():
        yield YearRow(None, point.label, baselines=[_of_plan(promise, point)])
    for year in series.years():
        yield _year_row(year, row, plan, figures, series)


def _year_row(year: int, row: PlanIndicator, plan: Plan, figures: Figures, series: Series) -> YearRow:
    commitment, indicator = row.commitment, row.commitment.indicator
    figure = figures.get(year)
    points = [(promise, point) for promise in series.promises for point in (promise.baseline, *promise.targets)]
    of_year = [(promise, point) for promise, point in points if point and point.fiscal_year == year]
    of_plan = standing(commitment, year, figures) if plan.first_fiscal_year <= year <= plan.last_fiscal_year else None
    judged = of_plan if of_plan and figure else None
    reached = judged.achievement if judged else None
    return YearRow(
        fiscal_year=year,
        label=fiscal_year_label(year),
        figure=figure,
        actual=_told(figure, indicator),
        current=_differing(indicator, figure),
        answers=_answers(figure),
        response_rate=_response_rate(figure),
        baselines=[_of_plan(promise, point) for promise, point in of_year if point is promise.baseline],
        targets=[_of_plan(promise, point) for promise, point in of_year if point is not promise.baseline],
        achievement=percent_label(reached) if reached else None,
        worked=(
            worked(commitment, judged.target, figure.value, reached)
            if judged and judged.target and figure and reached and reached.percent is not None
            else None
        ),
        unjudged=unjudged_label(reached.unjudged) if reached and reached.unjudged else None,
        pace=_pace(commitment, plan, of_plan, year, series) if of_plan else None,
        change=next((change.note for change in series.breaks if change.fiscal_year == year), ""),
        closing=closing_of(indicator, year),
        is_of_plan=of_plan is not None,
    )


def _of_plan(promise: Promise, point: Point) -> PlanPoint:
    return PlanPoint(promise.plan, point.printed)


def _pace(commitment: Commitment, plan: Plan, stands: Standing, year: int, series: Series) -> str | None:
    """The achievement expected at the end of a year, where it is computed from the baseline."""
    value = value_on_the_way(series.pace(_promise(plan, commitment)), year)
    if commitment.formula != Formula.BASELINE or value is None or stands.target is None:
        return None
    expected = achievement(
        Formula.BASELINE, baseline=commitment.baseline_value, target=stands.target.value, actual=value
    )
    return percent_label(expected)


# ---- what a report says, and what holds now ----


@dataclass(frozen=True)
class ChangedFigure:
    """A KPI whose figure of a report's year is no longer what the report says; `now` is the KPI as it stands."""

    reported: str | None
    now: Kpi

    @property
    def reason(self) -> str:
        """Why its frozen figure was put right last; nothing where it was not."""
        reasons = [made.reason for made in self.now.corrections if made.fiscal_year == self.now.actual_year]
        return reasons[-1] if reasons else ""

    @property
    def words(self) -> dict[str, str]:
        """How the fields of the report that a figure stands in should read (plans/reports/corrections.py)."""
        now = self.now
        fields = {"actual": now.actual, "achievement": now.achievement, "worked": now.worked, "unjudged": now.unjudged}
        return {name: words or "" for name, words in fields.items()}


def changed_figures(plan: Plan, snapshot: dict[str, Any]) -> list[ChangedFigure]:
    """Return the KPIs of a report, by its snapshot, whose figures have changed since."""
    reported = {kpi["key"]: kpi["actual"] for kpi in snapshot["kpis"]}
    now = [kpi_of(row, plan, None, snapshot["fiscal_year"]) for row in plan_indicators(plan)]
    return [
        ChangedFigure(reported[kpi.key], kpi) for kpi in now if kpi.key in reported and kpi.actual != reported[kpi.key]
    ]


def words_of_figure(plan: Plan, key: str, fiscal_year: int, typed: str) -> dict[str, str]:
    """Return how the fields of a report read where a KPI's figure is this, as typed; nothing where it is no number.

    A count of a few people is not told here either.
    """
    row = plan_indicators(plan).filter(key=key).first()
    value = number_in(typed, row.commitment.indicator.unit) if row else None
    if row is None or value is None:
        return {}
    is_hidden = tells_of_few(row.commitment.indicator.unit, value)
    figures = {fiscal_year: Figure(fiscal_year, value, FINAL, is_hidden=is_hidden)}
    return ChangedFigure(None, _kpi(row, plan, None, fiscal_year, figures)).words


# ---- what the office enters ----


@dataclass(frozen=True)
class FigureRow:
    """A KPI in the table of one year's figures: last year's beside this year's.

    `current` is what the records count today, where that is no longer what was closed; `measure` names what counts
    them, or counted them when the year was closed.
    """

    pk: int
    key: str
    name: str
    answer: str
    indicator: Indicator
    figure: Figure | None
    last_year: str | None
    printed: str | None
    current: str | None
    closing: Closing | None
    measure: str

    @property
    def is_entered(self) -> bool:
        """Whether the year's figure is typed in by a person and not frozen."""
        return self.closing is None and not self.measure

    @property
    def typed(self) -> Decimal | None:
        """The figure with as many decimals as the indicator has, to be typed over."""
        return rounded(self.figure.value, self.indicator.decimals) if self.figure else None

    @property
    def typed_response_rate(self) -> Decimal | None:
        """The response rate without zeros at its end, to be typed over."""
        rate = self.figure.response_rate if self.figure else None
        return None if rate is None else Decimal(shortest(rate))


def figure_table(plan: Plan, fiscal_year: int) -> list[FigureRow]:
    """Return every KPI of a plan with its figure of a year, in the order of print."""
    return [_figure_row(row, fiscal_year) for row in plan_indicators(plan)]


def figure_row(plan: Plan, fiscal_year: int, key: str) -> FigureRow | None:
    """Return one KPI of a plan with its figure of a year; None where the plan has none of this key."""
    row = plan_indicators(plan).filter(key=key).first()
    return _figure_row(row, fiscal_year) if row else None


def _figure_row(row: PlanIndicator, fiscal_year: int) -> FigureRow:
    indicator = row.commitment.indicator
    figures = figures_of(indicator, since=fiscal_year - 1, until=fiscal_year)
    figure, before = figures.get(fiscal_year), figures.get(fiscal_year - 1)
    closing = closing_of(indicator, fiscal_year)
    counting = indicator.measure if indicator.is_measured_in(fiscal_year) else ""
    return FigureRow(
        pk=row.pk,
        key=row.key,
        name=row.commitment.name,
        answer=row.commitment.answer,
        indicator=indicator,
        figure=figure,
        last_year=printed(before.value, indicator) if before else None,
        printed=printed(figure.value, indicator) if figure else None,
        current=_differing(indicator, figure, printed),
        closing=closing,
        measure=closing.measure if closing else counting,
    )
