"""What an annual report says, as one JSON value: its page and its PDF are made from that alone."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from civic.calendar import era_date, fiscal_year_label
from civic.tenancy.models import Municipality
from indicators.achievement import expected_pace
from indicators.series import FINAL
from plans.reports.figures import CentreFigure
from plans.tree import Relisted, Tree

SCHEMA = 4
"""Counts up when a field of the snapshot, or of plans/tree.py, changes its meaning or goes."""

Snapshot = dict[str, Any]


class UnreadableSnapshot(ValueError):
    """A snapshot was written in a schema that this portal does not print."""


def require_readable(snapshot: Snapshot) -> None:
    """Raise UnreadableSnapshot for a schema later than this portal's: it would be printed with parts missing.

    Every schema up to SCHEMA is printed, for ever: what a field lacks in an earlier one is left out of the page.
    """
    if snapshot["schema"] not in range(1, SCHEMA + 1):
        raise UnreadableSnapshot(
            f"Schema {snapshot['schema']} is later than {SCHEMA}, the last that this portal knows."
        )


def build_snapshot(
    municipality: Municipality,
    tree: Tree,
    fiscal_year: int,
    *,
    made_on: date,
    is_sample: bool,
    centre: Sequence[CentreFigure] = (),
) -> Snapshot:
    """Return the report of a plan in a fiscal year; `tree` is the plan as read for that year.

    `centre` holds the centre's figures of the year.

    Raises ValueError for a year outside the plan's period.
    """
    return {
        "schema": SCHEMA,
        "municipality": {
            "slug": municipality.slug,
            "name": municipality.name,
            "office": municipality.office_name,
            "theme": municipality.theme,
        },
        "edition": 1,
        "corrections": [],
        "fiscal_year": fiscal_year,
        "fiscal_year_label": fiscal_year_label(fiscal_year),
        "period_label": f"{fiscal_year_label(tree.first_fiscal_year)}～{fiscal_year_label(tree.last_fiscal_year)}",
        "year_of_plan": fiscal_year - tree.first_fiscal_year + 1,
        "years_of_plan": tree.last_fiscal_year - tree.first_fiscal_year + 1,
        "expected_pace": f"{expected_pace(tree.first_fiscal_year, tree.last_fiscal_year, fiscal_year)}％",
        "made_on": made_on.isoformat(),
        "made_on_label": era_date(made_on),
        "is_sample": is_sample,
        "plan": asdict(tree),
        "kpis": [asdict(kpi) for kpi in tree.all_kpis()],
        "centre": [asdict(figure) for figure in centre],
        "scheduled": _scheduled(tree, fiscal_year),
        "notes": list(_notes(tree)),
    }


def items(snapshot: Snapshot) -> Iterator[dict[str, Any]]:
    """Yield every item of a report once, in the order of print; one that is listed again stands at its main place."""
    waiting = list(reversed(snapshot["plan"]["nodes"]))
    while waiting:
        node = waiting.pop()
        yield node
        waiting += [child for child in reversed(node["children"]) if "relists" not in child]


def kpi_records(snapshot: Snapshot) -> Iterator[dict[str, Any]]:
    """Yield every record of a KPI: a snapshot says each in more than one of its lists."""
    for kpis in (snapshot["kpis"], snapshot["plan"]["kpis"], *(node["kpis"] for node in items(snapshot))):
        yield from kpis


def printed_figures(snapshot: Snapshot) -> set[str]:
    """Return the keys of the KPIs that have a figure of the year."""
    return {kpi["key"] for kpi in snapshot["kpis"] if kpi["actual"] is not None}


def finalise_figures(snapshot: Snapshot) -> None:
    """Let the year's figures read as they will once the report is published, which closes them."""
    for kpi in kpi_records(snapshot):
        kpi["provisional"] = kpi["live"] = False
        for point in kpi["history"]["actuals"]:
            if point["fiscal_year"] == snapshot["fiscal_year"]:
                point["standing"] = FINAL


def _scheduled(tree: Tree, fiscal_year: int) -> list[dict[str, Any]]:
    """The items that have a schedule, each with its cell of the year."""
    return [
        {
            "key": node.key,
            "reference": node.reference,
            "title": node.title,
            "departments": node.departments,
            "cell": asdict(cell),
        }
        for node in tree.walk()
        for cell in node.schedule
        if cell.fiscal_year == fiscal_year
    ]


def _notes(tree: Tree) -> Iterator[dict[str, str]]:
    """What is said about the source of single items, KPIs and rows, in the order of print."""
    for node in tree.walk():
        name = f"{node.number} {node.title}".strip()
        if node.source_note:
            yield {"of": name, "text": node.source_note}
        yield from ({"of": row.title, "text": row.source_note} for row in node.roles if row.source_note)
        for child in node.children:
            if isinstance(child, Relisted) and child.source_note:
                yield {"of": f"{child.reference} {child.title}", "text": child.source_note}
    yield from ({"of": kpi.name, "text": kpi.source_note} for kpi in tree.all_kpis() if kpi.source_note)


def digest(snapshot: Snapshot) -> str:
    """Return the SHA-256 of a snapshot, the same whatever order its fields are kept in."""
    written = json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
