"""From plan files (fixtures/README.md) to records. Run inside `acting_as`."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indicators.models import Formula, Indicator
from plans.editing.document import NO_CONTENT, SHEET_FIELDS, Document
from plans.editing.storing import store
from plans.models import Plan

Record = dict[str, Any]


class SeriesDisagree(ValueError):
    """Two plans commit to one series but measure it differently."""


@dataclass(frozen=True)
class PlanFile:
    """A plan file and the digest by which a change of it is noticed."""

    record: Record
    sha256: str

    @classmethod
    def read(cls, path: Path) -> "PlanFile":
        content = path.read_bytes()
        return cls(json.loads(content), hashlib.sha256(content).hexdigest())


def load(folder: Path) -> list[str]:
    """Load each `plan-*.json` of a municipality's folder whose plan is not there yet.

    A plan that is there stays as it is: it is the city's own now. Returns a sentence for each plan that was left alone
    although its file says something else. Raises SeriesDisagree where two plans measure one series in different units,
    and ValueError for a paragraph with a line feed in it.
    """
    files = sorted((PlanFile.read(path) for path in folder.glob("plan-*.json")), key=_first_fiscal_year)
    loaded = dict(Plan.objects.values_list("slug", "file_sha256"))
    absent = [file for file in files if file.record["slug"] not in loaded]
    if absent:
        _load_series([record for file in files for record in file.record["indicators"]])
    for file in absent:
        record = file.record
        plan = Plan.objects.create(
            slug=record["slug"],
            status=record["status"],
            first_fiscal_year=record["first_fiscal_year"],
            last_fiscal_year=record["last_fiscal_year"],
            file_sha256=file.sha256,
        )
        store(plan, _document(record))
    return [
        f"Left alone: the plan {file.record['slug']} {_why_it_differs(loaded[file.record['slug']])}."
        for file in files
        if loaded.get(file.record["slug"], file.sha256) != file.sha256
    ]


def _why_it_differs(loaded_sha256: str) -> str:
    return "whose file has changed since it was loaded" if loaded_sha256 else "that was edited on the portal"


def _first_fiscal_year(file: PlanFile) -> int:
    year: int = file.record["first_fiscal_year"]
    return year


def _load_series(records: list[Record]) -> None:
    """The series that are not there yet, oldest plan first: a later plan's wording names them."""
    series: dict[str, Indicator] = {indicator.key: indicator for indicator in Indicator.objects.all()}
    known = set(series)
    for record in records:
        indicator = Indicator(
            key=record["series"],
            name=record["name"],
            answer=record["answer"] or "",
            unit=record["unit"],
            decimals=record["decimals"],
            direction=record["direction"],
            definition=record["definition"] or "",
        )
        earlier = series.get(indicator.key)
        if earlier and (earlier.unit, earlier.direction) != (indicator.unit, indicator.direction):
            raise SeriesDisagree(f"The series {indicator.key} is measured in {earlier.unit} and in {indicator.unit}.")
        series[indicator.key] = indicator
    Indicator.objects.bulk_create(indicator for key, indicator in series.items() if key not in known)


def _document(record: Record) -> Document:
    """What a plan file says, in the form in which plans are stored."""
    source = record["source"]
    return {
        "plan": {
            **{name: record[name] or "" for name in ("title", "subtitle", "slogan", "publisher", "published")},
            **{name: record[name] for name in ("first_fiscal_year", "last_fiscal_year")},
            **_origin(record, {}),
        },
        **{name: record[name] for name in ("levels", "pillars", "audiences", "actors", "schedule_years")},
        "texts": list(_passages(record["texts"], source)),
        "terms": [
            {"mark": term["mark"] or "", "term": term["term"], "body": term["body"], **_origin(term, source)}
            for term in record["terms"]
        ],
        "places": list(_places(record["items"], "", source, {table["item"]: table for table in record["roles"]})),
        "indicators": list(_indicators(record)),
    }


def _places(records: list[Record], parent: str, within: Record, roles: dict[str, Record]) -> Iterator[Record]:
    """Items and second places of items, each before what stands under it."""
    for record in records:
        place = {"key": record["key"], "parent": parent, "title": record["title"], **_origin(record, within)}
        if "relists" in record:
            yield {**place, "relists": record["relists"], "marked": record["marked"]}
            continue
        source = place["source"]
        sheet = record.get("sheet")
        yield {
            **NO_CONTENT,
            **place,
            "relists": "",
            "emphasis": record.get("emphasis", False),
            "pillars": record.get("pillars") or [],
            "texts": list(_passages(record.get("texts") or [], source)),
            **(_sheet(sheet) if sheet else {}),
            "roles": list(_roles(roles.get(record["key"], {}), source)),
        }
        yield from _places(record["children"], record["key"], source, roles)


def _sheet(sheet: Record) -> Record:
    return {
        "departments": sheet["departments"],
        "sheet": {"audience": sheet["audience"], **{name: sheet[name] or "" for name in SHEET_FIELDS}},
        "schedule": {
            str(cell["fiscal_year"]): {"text": cell["text"] or "", "arrow": cell.get("arrow", False)}
            for cell in sheet["schedule"]
            if cell["text"] or cell.get("arrow")
        },
    }


def _roles(table: Record, within: Record) -> Iterator[Record]:
    for row in table.get("rows", []):
        yield {"title": row["title"], "actors": row["cells"], **_origin(row, table.get("source") or within)}


def _origin(record: Record, within: Record) -> dict[str, Any]:
    """Where a record's words come from: its own place, or else its parent's."""
    inherited = {name: value for name, value in within.items() if name != "note"}
    return {
        "source": record.get("source") or inherited,
        "restored": record.get("restored", False),
        "source_note": record.get("source_note") or "",
    }


def _passages(records: list[Record], within: Record) -> Iterator[Record]:
    for record in records:
        if any("\n" in paragraph for paragraph in record["body"]):
            raise ValueError(f"A paragraph of {record['heading']} has a line feed in it.")
        yield {
            "kind": record["kind"],
            "heading": record["heading"] or "",
            "body": "\n".join(record["body"]),
            **_origin(record, within),
        }


def _indicators(record: Record) -> Iterator[Record]:
    """A KPI that no item names belongs to the plan as a whole.

    A plan that does not say how achievement is computed: from the baseline, or by level where a KPI is new.
    """
    item_of = {key: item["key"] for item in _walk(record["items"]) for key in item.get("indicators") or []}
    for kpi in record["indicators"]:
        baseline = kpi["baseline"]
        yield {
            **{name: kpi[name] for name in ("key", "series", "name", "unit", "decimals", "direction", "targets")},
            **{name: kpi[name] or "" for name in ("answer", "definition", "note")},
            "item": item_of.get(kpi["key"], ""),
            "formula": kpi.get("formula") or (Formula.LEVEL if baseline["value"] is None else Formula.BASELINE),
            "baseline_label": baseline["label"] or "",
            "baseline_fiscal_year": baseline["fiscal_year"],
            "baseline_value": baseline["value"] or "",
            "baseline_printed": baseline["printed"] or "",
            **_origin(kpi, record["source"]),
        }


def _walk(records: list[Record]) -> Iterator[Record]:
    for record in records:
        yield record
        yield from _walk(record.get("children", []))
