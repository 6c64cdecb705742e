"""A report as data for everybody to use, made from its snapshot alone."""

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from plans.reports.snapshot import Snapshot, digest, items, require_readable

# What spreadsheet programs take for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"-?\d[\d,]*(\.\d+)?")


class Row(NamedTuple):
    """One datum: what it is about, which of its facts, and the fact."""

    kind: str
    key: str
    number: str
    name: str
    fact: str
    when: str
    value: str
    unit: str


def report_as_json(snapshot: Snapshot) -> bytes:
    """Return the snapshot with its digest beside it. Raises UnreadableSnapshot."""
    require_readable(snapshot)
    return json.dumps({"sha256": digest(snapshot), "report": snapshot}, ensure_ascii=False, indent=1).encode()


def report_as_csv(snapshot: Snapshot) -> bytes:
    """Return the report as CSV, one datum a line: UTF-8 with BOM. Raises UnreadableSnapshot.

    A number stands without unit and thousands' commas; a text that a spreadsheet program would take for a formula
    begins with an apostrophe.
    """
    require_readable(snapshot)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([_("区分"), _("記号"), _("番号"), _("名称"), _("内容"), _("時点"), _("値"), _("単位")])
    for row in _rows(snapshot):
        writer.writerow([_cell(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _cell(value: str) -> str:
    return f"'{value}" if value.startswith(FORMULA) and not NUMBER.fullmatch(value) else value


def _rows(snapshot: Snapshot) -> Iterator[Row]:
    plan, year = snapshot["plan"], snapshot["fiscal_year_label"]
    report = (_("報告書"), plan["slug"], "", plan["title"])
    yield Row(*report, _("年度"), "", str(snapshot["fiscal_year"]), "")
    yield Row(*report, _("版"), "", str(snapshot.get("edition", 1)), "")
    yield Row(*report, _("作成日"), "", snapshot["made_on"], "")
    yield Row(*report, _("サンプル"), "", str(int(snapshot["is_sample"])), "")
    for kpi in snapshot["kpis"]:
        yield from _kpi_rows(kpi, year)
    for figure in snapshot.get("centre", []):
        named = (_("センターの実績"), figure["measure"], "", figure["title"])
        yield Row(*named, _("実績値"), year, figure["value"] or figure["printed"], figure["unit"])
    for node in items(snapshot):
        yield from _item_rows(node, plan)
    for correction in snapshot.get("corrections", []):
        named = (_("訂正"), correction["place"], "", correction["label"])
        for fact, value in (
            (_("訂正前"), correction["old"]),
            (_("訂正後"), correction["new"]),
            (_("理由"), correction["reason"]),
        ):
            yield Row(*named, fact, correction["made_on"], value, "")


def _kpi_rows(kpi: dict[str, Any], year: str) -> Iterator[Row]:
    named, unit = (_("成果指標"), kpi["key"], "", kpi["name"]), kpi["unit"]
    yield _figure(named, _("現状値"), kpi["baseline_label"], kpi["baseline"], unit)
    for target in kpi["targets"]:
        yield _figure(named, _("目標値"), target["label"], target["printed"], unit)
    yield _figure(named, _("実績値"), year, kpi["actual"] or "", unit)
    yield _figure(named, _("達成率"), year, kpi["achievement"] or "", "％")
    yield Row(*named, _("達成率の計算"), "", kpi["formula"], "")


def _figure(named: tuple[str, str, str, str], fact: str, when: str, printed: str, unit: str) -> Row:
    """A printed figure as a number; what is printed as words stays."""
    bare = printed.removesuffix(unit)
    if NUMBER.fullmatch(bare):
        return Row(*named, fact, when, bare.replace(",", ""), unit)
    return Row(*named, fact, when, printed, "")


def _item_rows(node: dict[str, Any], plan: dict[str, Any]) -> Iterator[Row]:
    named = (node["level"], node["key"], node["reference"], node["title"])
    yield Row(*named, _("担当課"), "", "・".join(node["departments"]), "")
    labels = {column["fiscal_year"]: column["label"] for column in plan["schedule_years"]}
    for cell in node["schedule"]:
        words = f"{cell['text']}{'→' if cell['arrow'] else ''}"
        yield Row(*named, _("年次計画"), labels[cell["fiscal_year"]], words, "")
