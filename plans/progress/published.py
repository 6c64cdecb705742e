"""What everyone may know of a plan's year, put beside the plan's items: accepted reports and what follows from them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import QuerySet

from civic.calendar import era_date, fiscal_year_label
from indicators.achievement import rounded
from plans.models import Evaluation, ItemWeight, ManualStatus, Plan, PlanItem, ProgressReport, ReportState, WorkStatus
from plans.progress.rollup import Branch, Standing, roll_up, whole
from plans.tree import EvaluationView, Node, ProgressView, RatingView, ShareView, StandingView


@dataclass(frozen=True)
class PublishedYear:
    """What is said of the plan as a whole; `fiscal_year` is None where no year was reported of."""

    fiscal_year: int | None
    label: str
    standing: StandingView | None
    evaluations: list[EvaluationView]
    ratings: list[RatingView]


def add_progress(plan: Plan, fiscal_year: int | None, nodes: list[Node], key_of: Mapping[int, str]) -> PublishedYear:
    """Put the progress of a fiscal year, or of the last one with an accepted report, into the plan's nodes.

    `key_of` gives an item's key by its id. A report counts once it is accepted, an evaluation once its year is closed.
    Six queries, however many items and years.
    """
    reports = _accepted(plan, fiscal_year)
    years = {year.fiscal_year: year for year in plan.reporting_years.all()}
    if fiscal_year is None:
        fiscal_year = max((row.year.fiscal_year for rows in reports.values() for row in rows), default=None)
    year = years.get(fiscal_year) if fiscal_year is not None else None
    by_key = {key_of[item]: rows for item, rows in reports.items() if item in key_of}
    for node in _walk(nodes):
        views = [_progress(row) for row in by_key.get(node.key, [])]
        node.progress = next((view for view in views if year and view.fiscal_year == year.fiscal_year), None)
        node.earlier = [view for view in views if view is not node.progress]
    ratings = [RatingView(rating.mark, rating.meaning) for rating in plan.ratings.all()]
    if year is None:
        return PublishedYear(None, "", None, [], ratings)

    weights = {key_of[row.item_id]: row.weight for row in ItemWeight.objects.filter(item__in=key_of)}
    by_hand = {key_of[row.item_id]: row for row in ManualStatus.objects.filter(year=year, item__in=key_of)}
    evaluations: dict[str | None, list[EvaluationView]] = defaultdict(list)
    for row in Evaluation.objects.filter(year=year, year__closed_at__isnull=False).select_related("rating"):
        evaluations[key_of.get(row.item_id) if row.item_id else None].append(_evaluation(row, year.is_sample))

    branches = [_branch(node, weights, by_hand) for node in nodes]
    standings = roll_up(branches)
    for node in _walk(nodes):
        node.standing = _standing(standings[node.key], by_hand.get(node.key))
        node.evaluations = evaluations[node.key]
    together = whole(branches, standings)
    return PublishedYear(
        year.fiscal_year,
        fiscal_year_label(year.fiscal_year),
        _standing(together, None) if together else None,
        evaluations[None],
        ratings,
    )


def progress_of(item: PlanItem) -> list[ProgressView]:
    """Return every accepted report of an item, newest first; one that is in the plan no more keeps them."""
    return [_progress(row) for row in _in_order(item.progress_reports.filter(state=ReportState.ACCEPTED))]


def _accepted(plan: Plan, until: int | None) -> dict[int, list[ProgressReport]]:
    """The plan's accepted reports by item, newest first."""
    rows = ProgressReport.objects.filter(year__plan=plan, state=ReportState.ACCEPTED)
    if until is not None:
        rows = rows.filter(year__fiscal_year__lte=until)
    found: dict[int, list[ProgressReport]] = defaultdict(list)
    for row in _in_order(rows):
        found[row.item_id].append(row)
    return found


def _in_order(reports: QuerySet[ProgressReport]) -> QuerySet[ProgressReport]:
    return reports.select_related("year", "rating").order_by("-year__fiscal_year")


def _walk(nodes: Iterable[Node]) -> Iterable[Node]:
    for node in nodes:
        yield node
        yield from _walk(node.own_children())


def _branch(node: Node, weights: Mapping[str, Decimal], by_hand: Mapping[str, ManualStatus]) -> Branch:
    return Branch(
        node.key,
        weights.get(node.key, Decimal(1)),
        WorkStatus(node.progress.status) if node.progress else None,
        WorkStatus(by_hand[node.key].status) if node.key in by_hand else None,
        [_branch(child, weights, by_hand) for child in node.own_children()],
    )


def _progress(report: ProgressReport) -> ProgressView:
    return ProgressView(
        fiscal_year=report.year.fiscal_year,
        label=fiscal_year_label(report.year.fiscal_year),
        status=report.work_status,
        status_label=report.get_work_status_display(),
        done=report.done,
        figures=report.figures,
        problems=report.problems,
        next_year=report.next_year,
        direction=report.get_direction_display(),
        rating=report.rating.mark if report.rating else "",
        rating_meaning=report.rating.meaning if report.rating else "",
        is_sample=report.year.is_sample,
    )


def _evaluation(row: Evaluation, is_sample: bool) -> EvaluationView:
    return EvaluationView(
        kind=row.kind,
        kind_label=row.get_kind_display(),
        text=row.text,
        rating=row.rating.mark if row.rating else "",
        rating_meaning=row.rating.meaning if row.rating else "",
        met_on=row.met_on.isoformat(),
        met_on_label=era_date(row.met_on),
        is_sample=is_sample,
    )


def _standing(standing: Standing, by_hand: ManualStatus | None) -> StandingView:
    shown = WorkStatus(by_hand.status) if by_hand else standing.status
    return StandingView(
        status=shown,
        label=str(shown.label),
        computed=standing.status,
        computed_label=str(standing.status.label),
        reason=by_hand.reason if by_hand else "",
        items=standing.items,
        reported=standing.reported,
        shares=[
            ShareView(status, str(status.label), percent(standing.shares[status]))
            for status in WorkStatus
            if standing.shares.get(status)
        ],
    )


def percent(share: Fraction) -> str:
    """Return a share of 1 as people read it, rounded half up: 66.7％."""
    return f"{rounded(Decimal(share.numerator) * 100 / share.denominator, 1)}％"
