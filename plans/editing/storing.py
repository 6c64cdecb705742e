"""From a document (plans/editing/document.py) to rows: the one way in which a whole plan is written.

Items and KPIs are matched by key and never removed, because years of progress and figures hang on them. Whatever else
a document says less than the plan is removed. Only what differs is written.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Max

from civic.accounts.models import Department
from indicators.models import Commitment, Indicator, Target
from plans.editing.document import (
    KPI_FIELDS,
    NO_CONTENT,
    NO_ORIGIN,
    PLAN_FIELDS,
    SERIES_FIELDS,
    SHEET_FIELDS,
    Content,
    Document,
    depths,
    origin,
    read,
)
from plans.models import (
    Actor,
    Audience,
    ItemDepartment,
    ItemPillar,
    ItemText,
    Pillar,
    Plan,
    PlanIndicator,
    PlanItem,
    PlanLevel,
    PlanText,
    Relisting,
    RoleAssignment,
    RoleRow,
    ScheduleEntry,
    ScheduleYear,
    Sheet,
    SheetAudience,
    Term,
)

Named = TypeVar("Named", Pillar, Audience, Actor)
OWN_FIELDS = ("title", "emphasis", "retired_reason", *NO_ORIGIN)


@dataclass
class Change:
    """An item, what it said and what it is to say."""

    item: PlanItem
    before: Content
    after: Content

    def touches(self, part: str) -> bool:
        return bool(self.before[part] != self.after[part])


def store(plan: Plan, document: Document) -> None:
    """Make a plan say what a document says. The document is right: its keys lead somewhere, its names are listed."""
    before = read(plan)
    if document["plan"] != before["plan"]:
        for name in (*PLAN_FIELDS, *NO_ORIGIN):
            setattr(plan, name, document["plan"][name])
        plan.save(update_fields=[*PLAN_FIELDS, *NO_ORIGIN])
    store_levels(plan, document["levels"])
    store_names(plan, Pillar, document["pillars"])
    store_names(plan, Audience, document["audiences"])
    store_names(plan, Actor, document["actors"])
    store_schedule_years(plan, document["schedule_years"])
    if document["texts"] != before["texts"]:
        store_texts(plan, document["texts"])
    if document["terms"] != before["terms"]:
        store_terms(plan, document["terms"])
    items = _store_items(plan, document["places"], before["places"])
    _store_relistings(plan, document["places"], items)
    if document["indicators"] != before["indicators"]:
        _store_indicators(plan, document["indicators"], items)


def store_levels(plan: Plan, levels: list[dict[str, Any]]) -> None:
    """Name and number the plan's levels, outermost first. Raises RestrictedError where a level goes that has items."""
    for depth, level in enumerate(levels, 1):
        PlanLevel.objects.update_or_create(plan=plan, depth=depth, defaults=level)
    plan.levels.filter(depth__gt=len(levels)).delete()


def store_names(plan: Plan, model: type[Named], names: list[str]) -> None:
    """Make one of the plan's lists of names this one; what leads to a name that goes, goes with it."""
    rows = {row.name: row for row in model.objects.filter(plan=plan)}
    model.objects.filter(plan=plan).exclude(name__in=names).delete()
    moved = []
    for position, name in enumerate(names, 1):
        if name in rows and rows[name].position != position:
            rows[name].position = position
            moved.append(rows[name])
    model.objects.bulk_update(moved, ["position"])
    model.objects.bulk_create(
        model(plan=plan, position=position, name=name) for position, name in enumerate(names, 1) if name not in rows
    )


def store_schedule_years(plan: Plan, years: list[int]) -> None:
    """Make these the columns of the schedule. What stands in a column that goes is kept, and shown nowhere."""
    plan.schedule_years.exclude(fiscal_year__in=years).delete()
    known = set(plan.schedule_years.values_list("fiscal_year", flat=True))
    ScheduleYear.objects.bulk_create(ScheduleYear(plan=plan, fiscal_year=year) for year in years if year not in known)


def store_texts(plan: Plan, texts: list[dict[str, Any]]) -> None:
    """Make these the plan's own passages, in this order."""
    plan.texts.all().delete()
    PlanText.objects.bulk_create(PlanText(plan=plan, position=n, **text) for n, text in enumerate(texts, 1))


def store_terms(plan: Plan, terms: list[dict[str, Any]]) -> None:
    """Make these the words that the plan explains, in this order."""
    plan.terms.all().delete()
    Term.objects.bulk_create(Term(plan=plan, position=n, **term) for n, term in enumerate(terms, 1))


def _store_items(plan: Plan, places: list[dict[str, Any]], before: list[dict[str, Any]]) -> dict[str, PlanItem]:
    """Put every item in its place, outermost level first because a child needs its parent's id."""
    items = {item.key: item for item in plan.items.all()}
    levels = {level.depth: level for level in plan.levels.all()}
    depth_of = depths(places)
    said = {place["key"]: place for place in before}
    at_depth: dict[int, list[tuple[int, dict[str, Any]]]] = defaultdict(list)
    for position, place in numbered(places):
        at_depth[depth_of[place["key"]]].append((position, place))
    changes: list[Change] = []
    moved: list[PlanItem] = []
    for depth, rows in sorted(at_depth.items()):
        new: list[PlanItem] = []
        for position, place in rows:
            if place["relists"]:
                continue
            item = items.get(place["key"]) or PlanItem(plan=plan, key=place["key"])
            stood = (item.parent_id, item.level_id, item.position)
            item.parent = items[place["parent"]] if place["parent"] else None
            item.level, item.position = levels[depth], position
            if item.pk is None:
                _set_own_fields(item, place)
                new.append(item)
            elif stood != (item.parent_id, item.level_id, item.position):
                moved.append(item)
            changes.append(Change(item, said.get(place["key"], NO_CONTENT), place))
        PlanItem.objects.bulk_create(new)
        items |= {item.key: item for item in new}
    PlanItem.objects.bulk_update(moved, ["parent", "level", "position"])
    store_contents(plan, changes)
    return items


def numbered(places: Iterable[dict[str, Any]]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each place after the position at which it stands under its parent, 1 the first."""
    count: Counter[str] = Counter()
    for place in places:
        count[place["parent"]] += 1
        yield count[place["parent"]], place


def store_contents(plan: Plan, changes: list[Change]) -> None:
    """Make items of one plan say what they are to say; each that says something else is a version on.

    A new item's change is from NO_CONTENT itself, and leaves it at its first version.
    """
    changed = [change for change in changes if any(change.touches(part) for part in NO_CONTENT)]
    for change in changed:
        _set_own_fields(change.item, change.after)
        change.item.version += change.before is not NO_CONTENT
    PlanItem.objects.bulk_update([c.item for c in changed], [*OWN_FIELDS, "retired_on", "version"])
    _store_pillars(plan, [change for change in changed if change.touches("pillars")])
    _store_departments([change for change in changed if change.touches("departments")])
    _store_item_texts([change for change in changed if change.touches("texts")])
    _store_sheets(plan, [change for change in changed if change.touches("sheet")])
    _store_schedules([change for change in changed if change.touches("schedule")])
    _store_roles(plan, [change for change in changed if change.touches("roles")])


def _set_own_fields(item: PlanItem, content: Content) -> None:
    for name in OWN_FIELDS:
        setattr(item, name, content[name])
    item.retired_on = date.fromisoformat(content["retired_on"]) if content["retired_on"] else None


def _items(changes: list[Change]) -> list[PlanItem]:
    return [change.item for change in changes]


def _store_pillars(plan: Plan, changes: list[Change]) -> None:
    pillars = {pillar.name: pillar for pillar in plan.pillars.all()}
    ItemPillar.objects.filter(item__in=_items(changes)).delete()
    ItemPillar.objects.bulk_create(
        ItemPillar(item=change.item, pillar=pillars[name]) for change in changes for name in change.after["pillars"]
    )


def _store_departments(changes: list[Change]) -> None:
    departments = departments_named(name for change in changes for name in change.after["departments"])
    ItemDepartment.objects.filter(item__in=_items(changes)).delete()
    ItemDepartment.objects.bulk_create(
        ItemDepartment(item=change.item, department=departments[name], position=position)
        for change in changes
        for position, name in enumerate(change.after["departments"], 1)
    )


def departments_named(names: Iterable[str]) -> dict[str, Department]:
    """Return the municipality's departments by name; those not yet known are added at the end, in the order given."""
    known = {department.name: department for department in Department.objects.all()}
    last = Department.objects.aggregate(last=Max("position"))["last"] or 0
    missing = [name for name in dict.fromkeys(names) if name not in known]
    added = Department.objects.bulk_create(
        Department(name=name, position=position) for position, name in enumerate(missing, last + 1)
    )
    return known | {department.name: department for department in added}


def _store_item_texts(changes: list[Change]) -> None:
    ItemText.objects.filter(item__in=_items(changes)).delete()
    ItemText.objects.bulk_create(
        ItemText(item=change.item, position=position, **text)
        for change in changes
        for position, text in enumerate(change.after["texts"], 1)
    )


def _store_sheets(plan: Plan, changes: list[Change]) -> None:
    audiences = {audience.name: audience for audience in plan.audiences.all()}
    Sheet.objects.filter(item__in=_items(changes)).delete()
    written = [
        (Sheet(item=change.item, **{name: sheet[name] for name in SHEET_FIELDS}), sheet["audience"])
        for change in changes
        if (sheet := change.after["sheet"]) is not None
    ]
    Sheet.objects.bulk_create(sheet for sheet, _addressed in written)
    SheetAudience.objects.bulk_create(
        SheetAudience(sheet=sheet, audience=audiences[name]) for sheet, addressed in written for name in addressed
    )


def _store_schedules(changes: list[Change]) -> None:
    ScheduleEntry.objects.filter(item__in=_items(changes)).delete()
    ScheduleEntry.objects.bulk_create(
        ScheduleEntry(item=change.item, fiscal_year=int(year), **cell)
        for change in changes
        for year, cell in change.after["schedule"].items()
    )


def _store_roles(plan: Plan, changes: list[Change]) -> None:
    actors = {actor.name: actor for actor in plan.actors.all()}
    RoleRow.objects.filter(item__in=_items(changes)).delete()
    rows = [
        (RoleRow(item=change.item, position=position, title=role["title"], **_origin_of(role)), role["actors"])
        for change in changes
        for position, role in enumerate(change.after["roles"], 1)
    ]
    RoleRow.objects.bulk_create(row for row, _carrying in rows)
    RoleAssignment.objects.bulk_create(
        RoleAssignment(row=row, actor=actors[name]) for row, carrying in rows for name in carrying
    )


def _origin_of(record: dict[str, Any]) -> dict[str, Any]:
    return {name: record[name] for name in NO_ORIGIN}


def _store_relistings(plan: Plan, places: list[dict[str, Any]], items: dict[str, PlanItem]) -> None:
    kept = {row.key: row for row in plan.relistings.all()}
    listed = [(position, place) for position, place in numbered(places) if place["relists"]]
    plan.relistings.exclude(key__in=[place["key"] for _position, place in listed]).delete()
    for position, place in listed:
        row = kept.get(place["key"]) or Relisting(plan=plan, key=place["key"])
        stood = (row.item_id, row.parent_id, row.position, row.title, row.marked, origin(row)) if row.pk else None
        row.item, row.parent, row.position = items[place["relists"]], items[place["parent"]], position
        row.title, row.marked = place["title"], place["marked"]
        for name in NO_ORIGIN:
            setattr(row, name, place[name])
        if stood != (row.item_id, row.parent_id, row.position, row.title, row.marked, origin(row)):
            row.save()


def _store_indicators(plan: Plan, records: list[dict[str, Any]], items: dict[str, PlanItem]) -> None:
    kept = {row.key: row for row in plan.indicators.select_related("commitment")}
    for position, record in enumerate(records, 1):
        series, _is_new = Indicator.objects.get_or_create(
            key=record["series"],
            defaults={name: record[name] for name in ("name", "answer", *SERIES_FIELDS)},
        )
        row = kept.get(record["key"]) or PlanIndicator(plan=plan, key=record["key"], commitment=Commitment())
        commitment = row.commitment
        commitment.indicator = series
        for name in (*KPI_FIELDS, *NO_ORIGIN):
            setattr(commitment, name, record[name])
        commitment.baseline_value = Decimal(record["baseline_value"]) if record["baseline_value"] else None
        commitment.save()
        row.commitment, row.position = commitment, position
        row.item = items[record["item"]] if record["item"] else None
        row.save()
        commitment.targets.all().delete()
        Target.objects.bulk_create(
            Target(commitment=commitment, **{**target, "value": Decimal(target["value"])})
            for target in record["targets"]
        )
