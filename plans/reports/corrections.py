"""Corrections (訂正) of a published report: which words can be put right, and the next edition that says them right.

A place is a KPI (`kpi:key`) or an item (`item:key`) of the snapshot; a field is a path of names within it. Nothing else
of an edition changes: what was rebuilt from today's records would say more than its corrections list.
"""

from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from civic.calendar import era_date
from indicators.series import Point
from indicators.wording import number_in
from plans.models import ReportCorrection
from plans.reports.snapshot import Snapshot, items, kpi_records

KPI, ITEM = "kpi", "item"
FIGURE = "actual"
COMPUTED = ("achievement", "worked", "unjudged")
"""The fields of a KPI that are computed from its figure, and are corrected and taken back with it."""
FIELDS: dict[str, dict[str, str | Promise]] = {
    KPI: {
        "name": _("指標名"),
        "baseline": _("現状値"),
        "actual": _("実績値"),
        "achievement": _("達成率"),
        "worked": _("達成率の計算"),
        "unjudged": _("達成率のない理由"),
        "note": _("注"),
    },
    ITEM: {
        "title": _("項目名"),
        "sheet.implementers": _("実施主体"),
        "sheet.purpose": _("目的"),
        "sheet.situation": _("現状と課題"),
        "sheet.content": _("推進内容"),
        "sheet.completion": _("完了の目安"),
        "progress.done": _("この年度にしたこと"),
        "progress.figures": _("数字でわかる成果"),
        "progress.problems": _("課題"),
        "progress.next_year": _("来年度の予定"),
    },
}


@dataclass(frozen=True)
class Words:
    """A field of a place as the report prints it; empty where it prints 「−」 or nothing."""

    field: str
    label: str
    text: str


def places(snapshot: Snapshot) -> list[tuple[str, str]]:
    """Return every place of a report that can be corrected, with its name, in the order of print."""
    return [
        *((f"{KPI}:{kpi['key']}", kpi["name"]) for kpi in snapshot["kpis"]),
        *((f"{ITEM}:{node['key']}", f"{node['reference']} {node['title']}".strip()) for node in items(snapshot)),
    ]


def words_at(snapshot: Snapshot, place: str) -> list[Words]:
    """Return what a place says, field by field. Raises LookupError where the report has no such place."""
    record = next(_records(snapshot, place), None)
    if record is None:
        raise LookupError(place)
    kind, _colon, _key = place.partition(":")
    return [
        Words(field, str(label), holder[_name(field)] or "")
        for field, label in FIELDS[kind].items()
        if (holder := _holder(record, field))
    ]


def corrected(snapshot: Snapshot, corrections: Iterable[ReportCorrection], *, edition: int, made_on: date) -> Snapshot:
    """Return the next edition's snapshot: the words of this one with its corrections, which it lists."""
    following = deepcopy(snapshot)
    listed = [*snapshot.get("corrections", [])]
    for correction in corrections:
        for record in _records(following, correction.place):
            if holder := _holder(record, correction.field):
                # A figure that is missing is None, and printed as 「−」.
                holder[_name(correction.field)] = correction.new or (None if correction.place.startswith(KPI) else "")
                if correction.place.startswith(KPI) and correction.field == FIGURE:
                    _redraw(record, snapshot)
        listed.append(
            {
                "edition": edition,
                "made_on": correction.made_on.isoformat(),
                "made_on_label": era_date(correction.made_on),
                "place": correction.place,
                "field": correction.field,
                "label": correction.label,
                "old": correction.old,
                "new": correction.new,
                "reason": correction.reason,
            }
        )
    return following | {
        "edition": edition,
        "corrections": listed,
        "made_on": made_on.isoformat(),
        "made_on_label": era_date(made_on),
    }


def _redraw(kpi: dict[str, Any], snapshot: Snapshot) -> None:
    """Let the chart draw the corrected figure of the year, where it is a number; the first schemas draw none."""
    if "history" not in kpi:
        return
    year, value = snapshot["fiscal_year"], number_in(kpi["actual"], kpi["unit"])
    points = [point for point in kpi["history"]["actuals"] if point["fiscal_year"] != year]
    if value is not None:
        points.append(asdict(Point(year, snapshot["fiscal_year_label"], str(value), kpi["actual"])))
    kpi["history"]["actuals"] = points


def _records(snapshot: Snapshot, place: str) -> Iterator[dict[str, Any]]:
    """Every record of a place: a snapshot says some things in more than one of its lists."""
    kind, _colon, key = place.partition(":")
    if kind == KPI:
        yield from (kpi for kpi in kpi_records(snapshot) if kpi["key"] == key)
    elif kind == ITEM:
        yield from (node for node in items(snapshot) if node["key"] == key)
        yield from (row for row in snapshot["scheduled"] if row["key"] == key)


def _holder(record: dict[str, Any], field: str) -> dict[str, Any] | None:
    """The part of a record that has the field; None where this record has no such part."""
    *path, name = field.split(".")
    part: Any = record
    for step in path:
        part = part.get(step) if part else None
    return part if part and name in part else None


def _name(field: str) -> str:
    return field.rpartition(".")[2]
