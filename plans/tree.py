"""A plan's tree as plain values: what pages show, and what an annual report freezes.

Every field is text, a number, a list or one of these classes, so that `asdict` gives the JSON of a report's snapshot.
A change of a field here is a change of plans/reports/snapshot.py's SCHEMA.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from indicators.series import Series

Source = dict[str, str]


@dataclass(frozen=True)
class Text:
    """A heading and its paragraphs; in a table a tab stands between two cells of a row."""

    kind: str
    heading: str
    paragraphs: list[str]
    source: Source


@dataclass(frozen=True)
class Year:
    """A column of the schedule."""

    fiscal_year: int
    label: str


@dataclass(frozen=True)
class Cell:
    """A cell of the schedule; without words and arrow it is empty."""

    fiscal_year: int
    text: str
    arrow: bool


@dataclass(frozen=True)
class Audience:
    """One of those whom an item may address, and whether it does (■ or □)."""

    name: str
    addressed: bool


@dataclass(frozen=True)
class SheetView:
    """An item's own sheet; a line feed stands between two paragraphs."""

    implementers: str
    audience: list[Audience]
    audience_other: str
    purpose: str
    situation: str
    content: str
    completion: str
    tag: str


@dataclass(frozen=True)
class RoleLine:
    """A row of the who-does-what table: for each actor of the plan, whether it carries the row."""

    title: str
    carried: list[bool]
    source_note: str


@dataclass(frozen=True)
class TargetView:
    """A target as the plan prints it."""

    fiscal_year: int
    label: str
    printed: str


@dataclass(frozen=True)
class BreakView:
    """From this fiscal year on a figure is measured in another way."""

    fiscal_year: int
    note: str


@dataclass(frozen=True)
class CorrectionView:
    """A frozen figure was put right (訂正): in which year's figure, on which day, from what to what, and why."""

    fiscal_year: int
    made_on: str
    old: str | None
    new: str
    reason: str


@dataclass(frozen=True)
class Kpi:
    """A KPI as the plan prints it, and where it stands.

    `actual` is None where the year has no figure; `live` where it is counted from records and not closed yet, and
    `current` what they count today where that is no longer what was closed. `achievement` is a percentage, None where
    none can be computed, and `unjudged` says why; `worked` is its formula with the figures put in. `goal` is the target
    that it is held against, and `pace` the achievement expected by the end of the year, of this one where there is no
    figure yet. Of a survey, `answers` is how many answered and `response_rate` their share. `series` is the key of the
    figure beyond this plan, `breaks` the changes of its definition, and `history` all its years with what plans
    promise, for a chart.
    """

    key: str
    item: str | None
    name: str
    answer: str
    unit: str
    baseline_label: str
    baseline: str
    targets: list[TargetView]
    formula: str
    actual_year: int | None
    actual: str | None
    provisional: bool
    live: bool
    is_sample: bool
    current: str | None
    answers: str | None
    response_rate: str | None
    actual_note: str
    achievement: str | None
    unjudged: str | None
    worked: str | None
    goal: TargetView | None
    pace: str | None
    corrections: list[CorrectionView]
    history: Series
    note: str
    source: Source
    source_note: str
    series: str
    definition: str
    breaks: list[BreakView]


@dataclass(frozen=True)
class ProgressView:
    """What a department reported of an item in one year, once accepted. Paragraphs are parted by a line feed."""

    fiscal_year: int
    label: str
    status: str
    status_label: str
    done: str
    figures: str
    problems: str
    next_year: str
    direction: str
    rating: str
    rating_meaning: str
    is_sample: bool


@dataclass(frozen=True)
class ShareView:
    """What part of the weight has a status, as in 66.7％."""

    status: str
    label: str
    percent: str


@dataclass(frozen=True)
class StandingView:
    """How far an item has come with all that stands beneath it.

    `status` is what is shown; `computed` is what the weights give, and differs where a planner set the status by hand,
    for the `reason` given. `items` counts what is judged by itself, `reported` those of them with an accepted report:
    one without counts as not started.
    """

    status: str
    label: str
    computed: str
    computed_label: str
    reason: str
    items: int
    reported: int
    shares: list[ShareView]


@dataclass(frozen=True)
class EvaluationView:
    """What the council said. `met_on` is the day of its meeting, ISO 8601."""

    kind: str
    kind_label: str
    text: str
    rating: str
    rating_meaning: str
    met_on: str
    met_on_label: str
    is_sample: bool


@dataclass(frozen=True)
class RatingView:
    """A mark of the plan's own rating scheme."""

    mark: str
    meaning: str


@dataclass
class Place:
    """Where else an item is listed."""

    key: str
    reference: str


@dataclass
class Relisted:
    """A second place of an item (再掲). `relists` is the item's key, `main_reference` its main place."""

    key: str
    number: str
    reference: str
    title: str
    marked: bool
    relists: str
    main_reference: str
    source: Source
    source_note: str


@dataclass
class Node:
    """An item at its main place. `reference` is its number with those above it, as in Ⅰ (2) ④.

    `progress` is that of the tree's `progress_year`, `earlier` that of the years before, newest first.
    """

    key: str
    depth: int
    level: str
    number: str
    reference: str
    title: str
    emphasis: bool
    pillars: list[str]
    departments: list[str]
    texts: list[Text]
    sheet: SheetView | None
    schedule: list[Cell]
    kpis: list[Kpi]
    roles: list[RoleLine]
    source: Source
    restored: bool
    source_note: str
    places: list[Place] = field(default_factory=list)
    children: list["Node | Relisted"] = field(default_factory=list)
    progress: ProgressView | None = None
    earlier: list[ProgressView] = field(default_factory=list)
    standing: StandingView | None = None
    evaluations: list[EvaluationView] = field(default_factory=list)

    def own_children(self) -> list["Node"]:
        """Return the items whose main place is here."""
        return [child for child in self.children if isinstance(child, Node)]

    def path_to(self, key: str) -> list["Node"]:
        """Return the item with this key after those above it, this one first; nothing where it is not here."""
        if self.key == key:
            return [self]
        return next(([self, *path] for child in self.own_children() if (path := child.path_to(key))), [])


@dataclass(frozen=True)
class Level:
    """A level of the tree, and how many items stand at it; an item listed again counts once."""

    depth: int
    name: str
    count: int


@dataclass(frozen=True)
class TermView:
    """A word that the plan explains."""

    mark: str
    term: str
    body: str


@dataclass(frozen=True)
class Tree:
    """A whole plan. `kpis` and `evaluations` are those that belong to no item; `ratings` is the rating scheme.

    `progress_year` is the year whose progress is shown, None where nothing was reported.
    """

    slug: str
    title: str
    subtitle: str
    slogan: str
    publisher: str
    published: str
    first_fiscal_year: int
    last_fiscal_year: int
    source: Source
    source_note: str
    levels: list[Level]
    relisted: int
    pillars: list[str]
    audiences: list[str]
    actors: list[str]
    schedule_years: list[Year]
    nodes: list[Node]
    kpis: list[Kpi]
    terms: list[TermView]
    progress_year: int | None
    progress_label: str
    standing: StandingView | None
    evaluations: list[EvaluationView]
    ratings: list[RatingView]

    def walk(self) -> Iterator[Node]:
        """Yield every item once, in the order of print."""
        waiting = list(reversed(self.nodes))
        while waiting:
            node = waiting.pop()
            yield node
            waiting += reversed(node.own_children())

    def path_to(self, key: str) -> list[Node]:
        """Return the item with this key after those above it, outermost first; nothing where there is none."""
        return next((path for node in self.nodes if (path := node.path_to(key))), [])

    def all_kpis(self) -> list[Kpi]:
        """Return every KPI of the plan, in the order of print."""
        return [*self.kpis, *(kpi for node in self.walk() for kpi in node.kpis)]


@dataclass(frozen=True)
class Chapter:
    """Passages of the plan as a whole that stand under one heading."""

    heading: str
    texts: list[Text]


def chapters(texts: list[Text]) -> list[Chapter]:
    """Return passages by chapter: a passage of the kind chapter or foreword opens one."""
    found: list[Chapter] = []
    for text in texts:
        if text.kind in ("chapter", "foreword") or not found:
            found.append(Chapter(text.heading, []))
        found[-1].texts.append(text)
    return found
