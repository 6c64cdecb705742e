"""A whole plan as one JSON value: what a revision keeps, a copy starts from, and a file carries out and back.

    {"plan": {…}, "levels": […], "pillars": [names], "audiences": [names], "actors": [names], "schedule_years": [2024],
     "texts": [passages], "terms": […], "places": […], "indicators": […]}

A place is an item or, where it has `relists`, a second place of one (再掲). Places stand in printed order, each after
the one whose key is its `parent` ("" at the outermost level). Nothing refers to ids, so a document can be stored as
another plan.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from indicators.models import Sourced
from plans.models import (
    ItemDepartment,
    ItemPillar,
    ItemText,
    Plan,
    PlanItem,
    Relisting,
    RoleAssignment,
    RoleRow,
    ScheduleEntry,
    Sheet,
    SheetAudience,
)
from plans.models.plan import Passage

Document = dict[str, Any]
Content = dict[str, Any]
"""What an item says of itself: its title, marks, passages, sheet, schedule and roles."""

PLAN_FIELDS = ("title", "subtitle", "slogan", "publisher", "published", "first_fiscal_year", "last_fiscal_year")
SHEET_FIELDS = ("implementers", "purpose", "situation", "content", "completion", "tag", "audience_other")
KPI_FIELDS = ("name", "answer", "formula", "baseline_label", "baseline_fiscal_year", "baseline_printed", "note")
SERIES_FIELDS = ("unit", "decimals", "direction", "definition")
NO_ORIGIN: dict[str, Any] = {"source": {}, "restored": False, "source_note": ""}
NO_CONTENT: Content = {
    "title": "",
    "emphasis": False,
    "retired_on": "",
    "retired_reason": "",
    "pillars": [],
    "departments": [],
    "texts": [],
    "sheet": None,
    "schedule": {},
    "roles": [],
    **NO_ORIGIN,
}


def read(plan: Plan) -> Document:
    """Return a plan with all that it says, in a fixed number of queries."""
    items = list(plan.items.all())
    contents = read_contents(items)
    key_of = {item.pk: item.key for item in items}
    rows: list[PlanItem | Relisting] = [*items, *plan.relistings.all()]
    rows.sort(key=lambda row: (row.position, row.pk))
    places = []
    for row in rows:
        place: dict[str, Any] = {
            "key": row.key,
            "parent": key_of[row.parent_id] if row.parent_id else "",
            "relists": "",
        }
        if isinstance(row, Relisting):
            place |= {"relists": key_of[row.item_id], "title": row.title, "marked": row.marked, **origin(row)}
        else:
            place |= contents[row.pk]
        places.append(place)
    return {
        "plan": {name: getattr(plan, name) for name in PLAN_FIELDS} | origin(plan),
        "levels": list(plan.levels.values("name", "numbering", "continues")),
        "pillars": [pillar.name for pillar in plan.pillars.all()],
        "audiences": [audience.name for audience in plan.audiences.all()],
        "actors": [actor.name for actor in plan.actors.all()],
        "schedule_years": [year.fiscal_year for year in plan.schedule_years.all()],
        "texts": [_passage(text) for text in plan.texts.all()],
        "terms": [
            {"mark": term.mark, "term": term.term, "body": term.body, **origin(term)} for term in plan.terms.all()
        ],
        "places": list(in_printed_order(places)),
        "indicators": list(_indicators(plan)),
    }


def digest(document: Document) -> str:
    """Return the SHA-256 of a document."""
    return hashlib.sha256(json.dumps(document, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def in_printed_order(places: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield places each after its parent, those of one parent in the order given; what no path leads to is left out."""
    under: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for place in places:
        under[place["parent"]].append(place)
    waiting = list(reversed(under[""]))
    while waiting:
        place = waiting.pop()
        yield place
        if not place["relists"]:
            waiting += reversed(under.pop(place["key"], []))


def depths(places: Iterable[dict[str, Any]]) -> dict[str, int]:
    """Return the level at which each of these places stands, 1 the outermost; they are in printed order."""
    found: dict[str, int] = {"": 0}
    for place in places:
        found[place["key"]] = found[place["parent"]] + 1
    del found[""]
    return found


def read_content(item: PlanItem) -> Content:
    """Return what one item says of itself."""
    return read_contents([item])[item.pk]


def read_contents(items: Iterable[PlanItem]) -> dict[int, Content]:
    """Return what items say of themselves, by id, in a fixed number of queries."""
    found = {item.pk: _own(item) for item in items}
    these = {"item__in": list(found)}
    for pillar in ItemPillar.objects.filter(**these).select_related("pillar").order_by("pillar__position"):
        found[pillar.item_id]["pillars"].append(pillar.pillar.name)
    for answering in ItemDepartment.objects.filter(**these).select_related("department"):
        found[answering.item_id]["departments"].append(answering.department.name)
    for text in ItemText.objects.filter(**these):
        found[text.item_id]["texts"].append(_passage(text))
    _read_sheets(found)
    for entry in ScheduleEntry.objects.filter(**these):
        found[entry.item_id]["schedule"][str(entry.fiscal_year)] = {"text": entry.text, "arrow": entry.arrow}
    _read_roles(found)
    return found


def _own(item: PlanItem) -> Content:
    return {
        "title": item.title,
        "emphasis": item.emphasis,
        "retired_on": item.retired_on.isoformat() if item.retired_on else "",
        "retired_reason": item.retired_reason,
        "pillars": [],
        "departments": [],
        "texts": [],
        "sheet": None,
        "schedule": {},
        "roles": [],
        **origin(item),
    }


def origin(row: Sourced) -> dict[str, Any]:
    """Return where a row's words come from."""
    return {"source": row.source, "restored": row.restored, "source_note": row.source_note}


def _passage(row: Passage) -> dict[str, Any]:
    return {"kind": row.kind, "heading": row.heading, "body": row.body, **origin(row)}


def _read_sheets(found: dict[int, Content]) -> None:
    audiences: dict[int, list[str]] = defaultdict(list)
    addressed = SheetAudience.objects.filter(sheet__item__in=list(found)).select_related("audience")
    for row in addressed.order_by("audience__position"):
        audiences[row.sheet_id].append(row.audience.name)
    for sheet in Sheet.objects.filter(item__in=list(found)):
        found[sheet.item_id]["sheet"] = {
            **{name: getattr(sheet, name) for name in SHEET_FIELDS},
            "audience": audiences[sheet.pk],
        }


def _read_roles(found: dict[int, Content]) -> None:
    actors: dict[int, list[str]] = defaultdict(list)
    carried = RoleAssignment.objects.filter(row__item__in=list(found)).select_related("actor")
    for assignment in carried.order_by("actor__position"):
        actors[assignment.row_id].append(assignment.actor.name)
    for row in RoleRow.objects.filter(item__in=list(found)):
        found[row.item_id]["roles"].append({"title": row.title, "actors": actors[row.pk], **origin(row)})


def _indicators(plan: Plan) -> Iterator[dict[str, Any]]:
    rows = plan.indicators.select_related("item", "commitment__indicator").prefetch_related("commitment__targets")
    for row in rows:
        commitment, series = row.commitment, row.commitment.indicator
        yield {
            "key": row.key,
            "item": row.item.key if row.item else "",
            "series": series.key,
            **{name: getattr(series, name) for name in SERIES_FIELDS},
            **{name: getattr(commitment, name) for name in KPI_FIELDS},
            "baseline_value": plain(commitment.baseline_value),
            **origin(commitment),
            "targets": [
                {
                    "fiscal_year": target.fiscal_year,
                    "label": target.label,
                    "value": plain(target.value),
                    "printed": target.printed,
                }
                for target in commitment.targets.all()
            ],
        }


def plain(value: Decimal | None) -> str:
    """Return a figure as text, without the zeros with which the column fills it; "" where there is none."""
    return "" if value is None else f"{value.normalize():f}"
