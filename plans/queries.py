"""Reading plans. A whole plan is a fixed number of queries, however long it is."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models
from django.db.models import Q, QuerySet

from civic.calendar import era_fiscal_year
from plans.figures.queries import kpi_of, plan_indicators
from plans.models import (
    AnnualReport,
    ItemDepartment,
    ItemPillar,
    ItemText,
    ItemTrace,
    Plan,
    PlanIndicator,
    PlanItem,
    PlanLevel,
    PublishedOpenFigure,
    Relisting,
    RoleAssignment,
    RoleRow,
    ScheduleEntry,
    Sheet,
    SheetAudience,
)
from plans.models.plan import Passage
from plans.numbering import is_counted, number
from plans.progress.published import add_progress
from plans.tree import (
    Audience,
    Cell,
    Level,
    Node,
    Place,
    Relisted,
    RoleLine,
    SheetView,
    TermView,
    Text,
    Tree,
    Year,
)

Row = TypeVar("Row", bound=models.Model)


def adopted_plans() -> models.QuerySet[Plan]:
    """Plans that the public sees: in force, or their period over."""
    return Plan.objects.exclude(status=Plan.Status.DRAFT)


def plans_with_reports(plans: models.QuerySet[Plan]) -> models.QuerySet[Plan]:
    """Return plans, each with its public reports as `public_reports`, newest first."""
    public = AnnualReport.objects.filter(status=AnnualReport.Status.PUBLISHED).defer("snapshot")
    return plans.prefetch_related(models.Prefetch("reports", public, to_attr="public_reports"))


def frozen_reports(plan: Plan) -> models.QuerySet[AnnualReport]:
    """Return a plan's reports that are frozen, public or not, newest first, without what they say."""
    return plan.reports.exclude(status=AnnualReport.Status.DRAFT).select_related("plan").defer("snapshot")


def published_reports(plan: Plan) -> models.QuerySet[AnnualReport]:
    """Return a plan's public reports, each in its last edition, newest first, without what they say."""
    return frozen_reports(plan).filter(status=AnnualReport.Status.PUBLISHED)


def public_editions(plan: Plan) -> models.QuerySet[AnnualReport]:
    """Return every public edition of a plan's reports, the corrected ones included, without what they say."""
    return frozen_reports(plan).filter(status__in=AnnualReport.PUBLIC)


def correcting_edition(report: AnnualReport) -> AnnualReport | None:
    """Return the edition that holds the corrections of this one, once it is frozen."""
    return frozen_reports(report.plan).filter(fiscal_year=report.fiscal_year, edition=report.edition + 1).first()


@dataclass(frozen=True)
class Comparison:
    """One figure as several municipalities published it, in the order of their codes, newest first."""

    title: str
    unit: str
    figures: list[PublishedOpenFigure]

    @property
    def has_rates(self) -> bool:
        """Whether a rate per head is known for any of them."""
        return any(figure.per_ten_thousand is not None for figure in self.figures)


def comparisons() -> list[Comparison]:
    """Return each figure that two municipalities or more have published: the same series in the same unit."""
    found: dict[tuple[str, str], list[PublishedOpenFigure]] = defaultdict(list)
    for figure in PublishedOpenFigure.objects.select_related("municipality"):
        found[figure.series, figure.unit].append(figure)
    return [
        Comparison(figures[0].title, unit, figures)
        for (_series, unit), figures in found.items()
        if len({figure.municipality_id for figure in figures}) > 1
    ]


def public_traces(plan: Plan, key: str) -> QuerySet[ItemTrace]:
    """Return where an item came from and where it went, as far as adopted plans tell."""
    of_item = Q(from_item__plan=plan, from_item__key=key) | Q(to_item__plan=plan, to_item__key=key)
    draft = Q(from_item__plan__status=Plan.Status.DRAFT) | Q(to_item__plan__status=Plan.Status.DRAFT)
    return ItemTrace.objects.filter(of_item).exclude(draft).select_related("from_item__plan", "to_item__plan")


def passages(rows: Iterable[Passage]) -> list[Text]:
    """Return the passages of a plan or an item as plain values."""
    return [Text(row.kind, row.heading, row.body.split("\n") if row.body else [], row.source) for row in rows]


def read_tree(plan: Plan, fiscal_year: int | None = None) -> Tree:
    """Return a plan with all that is in it, as of `fiscal_year`, or of the last years with a figure or a report."""
    return _TreeReading(plan, fiscal_year).tree()


def _by(name: str, rows: Iterable[Row]) -> dict[Any, list[Row]]:
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found


class _TreeReading:
    """The rows of one plan, each table asked once, on their way to a tree."""

    def __init__(self, plan: Plan, fiscal_year: int | None) -> None:
        self.plan = plan
        self.fiscal_year = fiscal_year
        self.counters: dict[int, int] = defaultdict(int)
        self.nodes: dict[str, Node] = {}
        self.relisted: list[Relisted] = []
        self.levels: dict[int, PlanLevel] = {level.pk: level for level in plan.levels.all()}
        self.audiences = list(plan.audiences.all())
        self.actors = list(plan.actors.all())
        self.years = [row.fiscal_year for row in plan.schedule_years.all()]
        items = list(plan.items.filter(retired_on=None))
        self.key_of = {item.pk: item.key for item in items}
        self.items_under: dict[int | None, list[PlanItem]] = _by("parent_id", items)
        self.relistings_under: dict[int, list[Relisting]] = _by(
            "parent_id", plan.relistings.filter(item__retired_on=None)
        )
        of_plan = {"item__plan": plan}
        self.texts: dict[int, list[ItemText]] = _by("item_id", ItemText.objects.filter(**of_plan))
        self.pillars: dict[int, list[ItemPillar]] = _by(
            "item_id", ItemPillar.objects.filter(**of_plan).select_related("pillar").order_by("pillar__position")
        )
        self.departments: dict[int, list[ItemDepartment]] = _by(
            "item_id", ItemDepartment.objects.filter(**of_plan).select_related("department")
        )
        self.sheets: dict[int, list[Sheet]] = _by("item_id", Sheet.objects.filter(**of_plan))
        self.sheet_audiences: dict[int, list[SheetAudience]] = _by(
            "sheet_id", SheetAudience.objects.filter(sheet__item__plan=plan)
        )
        self.schedule: dict[int, list[ScheduleEntry]] = _by("item_id", ScheduleEntry.objects.filter(**of_plan))
        self.role_rows: dict[int, list[RoleRow]] = _by("item_id", RoleRow.objects.filter(**of_plan))
        self.assignments: dict[int, list[RoleAssignment]] = _by(
            "row_id", RoleAssignment.objects.filter(row__item__plan=plan)
        )
        self.indicators: dict[int | None, list[PlanIndicator]] = _by("item_id", plan_indicators(plan))

    def tree(self) -> Tree:
        plan = self.plan
        nodes = [child for child in self._children(None, "") if isinstance(child, Node)]
        for place in self.relisted:
            main = self.nodes[place.relists]
            place.main_reference = main.reference
            main.places.append(Place(place.key, place.reference))
        year = add_progress(plan, self.fiscal_year, nodes, self.key_of)
        counts = Counter(node.depth for node in self.nodes.values())
        return Tree(
            slug=plan.slug,
            title=plan.title,
            subtitle=plan.subtitle,
            slogan=plan.slogan,
            publisher=plan.publisher,
            published=plan.published,
            first_fiscal_year=plan.first_fiscal_year,
            last_fiscal_year=plan.last_fiscal_year,
            source=plan.source,
            source_note=plan.source_note,
            levels=[Level(level.depth, level.name, counts[level.depth]) for level in self.levels.values()],
            relisted=len(self.relisted),
            pillars=[pillar.name for pillar in plan.pillars.all()],
            audiences=[audience.name for audience in self.audiences],
            actors=[actor.name for actor in self.actors],
            schedule_years=[Year(year, era_fiscal_year(year)) for year in self.years],
            nodes=nodes,
            kpis=[kpi_of(row, plan, None, self.fiscal_year) for row in self.indicators[None]],
            terms=[TermView(term.mark, term.term, term.body) for term in plan.terms.all()],
            progress_year=year.fiscal_year,
            progress_label=year.label,
            standing=year.standing,
            evaluations=year.evaluations,
            ratings=year.ratings,
        )

    def _children(self, parent: PlanItem | None, reference: str) -> list[Node | Relisted]:
        """What stands under an item, in the order of print, numbered."""
        rows: list[PlanItem | Relisting] = [*self.items_under[parent.pk if parent else None]]
        if parent:
            rows += self.relistings_under[parent.pk]
        depth = self.levels[parent.level_id].depth + 1 if parent else 1
        level = next((level for level in self.levels.values() if level.depth == depth), None)
        if level is None:
            return []
        if not level.continues:
            self.counters[depth] = 0
        children: list[Node | Relisted] = []
        for row in sorted(rows, key=lambda row: (row.position, row.pk)):
            self.counters[depth] += 1
            printed = number(level.numbering, self.counters[depth])
            path = self._reference(level, reference, printed)
            if isinstance(row, Relisting):
                place = Relisted(
                    key=row.key,
                    number=printed,
                    reference=path,
                    title=row.title,
                    marked=row.marked,
                    relists=self.key_of[row.item_id],
                    main_reference="",
                    source=row.source,
                    source_note=row.source_note,
                )
                self.relisted.append(place)
                children.append(place)
            else:
                children.append(self._node(row, level, printed, path))
        return children

    @staticmethod
    def _reference(level: PlanLevel, above: str, printed: str) -> str:
        """Where an item is found: a number that runs through the plan stands alone, and a mark tells nothing."""
        if level.continues:
            return printed
        return f"{above} {printed}".strip() if is_counted(level.numbering) else above

    def _node(self, item: PlanItem, level: PlanLevel, printed: str, path: str) -> Node:
        sheet = next(iter(self.sheets[item.pk]), None)
        cells = {entry.fiscal_year: entry for entry in self.schedule[item.pk]}
        node = Node(
            key=item.key,
            depth=level.depth,
            level=level.name,
            number=printed,
            reference=path,
            title=item.title,
            emphasis=item.emphasis,
            pillars=[row.pillar.name for row in self.pillars[item.pk]],
            departments=[row.department.name for row in self.departments[item.pk]],
            texts=passages(self.texts[item.pk]),
            sheet=self._sheet(sheet) if sheet else None,
            schedule=[_cell(year, cells.get(year)) for year in self.years] if sheet or cells else [],
            kpis=[kpi_of(row, self.plan, item.key, self.fiscal_year) for row in self.indicators[item.pk]],
            roles=[self._role(row) for row in self.role_rows[item.pk]],
            source=item.source,
            restored=item.restored,
            source_note=item.source_note,
        )
        self.nodes[item.key] = node
        node.children = self._children(item, path)
        return node

    def _sheet(self, sheet: Sheet) -> SheetView:
        addressed = {row.audience_id for row in self.sheet_audiences[sheet.pk]}
        return SheetView(
            implementers=sheet.implementers,
            audience=[Audience(audience.name, audience.pk in addressed) for audience in self.audiences],
            audience_other=sheet.audience_other,
            purpose=sheet.purpose,
            situation=sheet.situation,
            content=sheet.content,
            completion=sheet.completion,
            tag=sheet.tag,
        )

    def _role(self, row: RoleRow) -> RoleLine:
        carrying = {assignment.actor_id for assignment in self.assignments[row.pk]}
        return RoleLine(row.title, [actor.pk in carrying for actor in self.actors], row.source_note)


def _cell(year: int, entry: ScheduleEntry | None) -> Cell:
    return Cell(year, entry.text if entry else "", entry.arrow if entry else False)
