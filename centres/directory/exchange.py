"""The directory out to a file and back: what a file would change, and what is wrong with it, cell by cell."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter
from tablib import Dataset

from centres.directory.resources import GroupResource, with_lists
from centres.models import Group
from civic.spreadsheets import Fault, UnreadableFile, as_csv, as_workbook, csv_rows, sheet_rows
from civic.uploads.kinds import FileKind, RefusedFile, kind_of

SHEET = "団体"
MOST_ROWS = 20_000
SHOWN = 200
"""How many changes and faults a page shows of each."""
OF_OTHER_PROGRAMS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How archives begin, such as LibreOffice's own spreadsheets (.ods), and Excel's of before 2007 (.xls)."""
REQUIRED = ("number", "name")
"""Columns without which no row says which group it is."""


@dataclass
class Outcome:
    """What a file would do: groups as (row, number or None, name), changes with each cell before and after, faults.

    Of each no more than `SHOWN` are kept; how many there are is counted beside them. `same` groups stay as they are.
    """

    created: list[dict[str, Any]] = field(default_factory=list)
    created_count: int = 0
    changed: list[dict[str, Any]] = field(default_factory=list)
    changed_count: int = 0
    registered_count: int = 0
    same: int = 0
    faults: list[dict[str, Any]] = field(default_factory=list)
    faults_count: int = 0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Table:
    """The rows of a file below its headings, each with its number in the spreadsheet."""

    dataset: Dataset
    rows: list[int]
    letters: dict[str, str]
    """Each heading's column, as the spreadsheet names it: `C`."""


class Faulty(Exception):
    """A file cannot be read as a table of groups."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__()
        self.faults = faults


# ---- out ----


def exported_xlsx() -> bytes:
    """Return every group with all that is known of it, contacts that are not public included, as xlsx."""
    table = _exported()
    return as_workbook(SHEET, table.headers, table)


def exported_csv() -> bytes:
    """Return the same as CSV."""
    table = _exported()
    return as_csv(table.headers, table)


def _exported() -> Dataset:
    return GroupResource().export(with_lists(Group.objects.order_by("number")))


# ---- back ----


def read(content: bytes, told: Callable[[int, int], None] = lambda done, total: None) -> tuple[GroupResource, Outcome]:
    """Read a file: return what would be written, and what one is told of it. Nothing is written.

    `told` is called with how many of how many rows are read. A file with faults has an outcome that names them.
    """
    try:
        table = _table(content)
    except Faulty as faulty:
        return GroupResource(), Outcome(
            faults=[asdict(fault) for fault in faulty.faults], faults_count=len(faulty.faults)
        )
    total = len(table.rows)
    resource = GroupResource(lambda done: told(done, total))
    result = resource.import_data(table.dataset, use_transactions=False)
    for error in (*result.base_errors, *(error for _row, errors in result.row_errors() for error in errors)):
        raise error.error
    columns = {column.attribute: column.column_name for column in resource.get_import_fields()}
    faults = [
        Fault(SHEET, table.rows[row.number - 1], _named(columns[attribute], table.letters), "".join(words))
        for row in result.invalid_rows
        for attribute, words in _by_column(row.error, columns)
    ]
    outcome = Outcome(
        created=[{"number": group.number, "name": group.name} for group in resource.created[:SHOWN]],
        created_count=len(resource.created),
        changed=[
            {
                "row": table.rows[changed.row - 1],
                "number": changed.group.number,
                "name": changed.group.name,
                "cells": [(name, str(before), str(after)) for name, (before, after) in changed.cells.items()],
            }
            for changed in resource.changed[:SHOWN]
        ],
        changed_count=len(resource.changed),
        registered_count=len(resource.registered),
        same=total - len(resource.created) - len(resource.changed) - len(result.invalid_rows),
        faults=[asdict(fault) for fault in faults[:SHOWN]],
        faults_count=len(faults),
    )
    return resource, outcome


def digest(resource: GroupResource) -> str:
    """Return the SHA-256 of all that would be written."""
    written = [[group.number, group.name] for group in resource.created]
    changes = [[changed.group.number, changed.cells] for changed in resource.changed]
    return hashlib.sha256(json.dumps([written, changes], default=str).encode()).hexdigest()


def _by_column(error: ValidationError, columns: dict[str, str]) -> Iterator[tuple[str, list[str]]]:
    """What is wrong in a row, in the order of the columns."""
    faults = error.message_dict
    return ((attribute, faults[attribute]) for attribute in columns if attribute in faults)


def _named(heading: str, letters: dict[str, str]) -> str:
    return f"{letters[heading]}（{heading}）" if heading in letters else heading


def _table(content: bytes) -> Table:
    """The table that a file holds. Raises Faulty where it is none, or its headings are not those of the directory."""
    try:
        rows = [
            (number, row) for number, row in enumerate(_rows(content), 1) if any(cell not in (None, "") for cell in row)
        ]
    except UnreadableFile as unreadable:
        raise Faulty([Fault("", None, "", str(unreadable))]) from unreadable
    if not rows:
        raise Faulty([Fault(SHEET, None, "", _("何も書かれていません。"))])
    (first, cells), *records = rows
    headings = [str(cell or "").strip() for cell in cells]
    while headings and not headings[-1]:
        headings.pop()
    faults = list(_faults_of_headings(headings, first))
    if len(records) > MOST_ROWS:
        faults.append(
            Fault(SHEET, None, "", _("行が多すぎます。%(most)s行までに分けてください。") % {"most": MOST_ROWS})
        )
    if faults:
        raise Faulty(faults)
    width = len(headings)
    dataset = Dataset(*((*row[:width], *[None] * (width - len(row))) for _number, row in records), headers=headings)
    letters = {heading: get_column_letter(number) for number, heading in enumerate(headings, 1)}
    return Table(dataset, [number for number, _row in records], letters)


def _rows(content: bytes) -> Iterator[Sequence[Any]]:
    try:
        kind = kind_of(content)
    except RefusedFile as refused:
        raise UnreadableFile(str(refused)) from refused
    if kind is FileKind.XLSX:
        return sheet_rows(content, SHEET)
    if kind is None and not content.startswith(OF_OTHER_PROGRAMS):
        return csv_rows(content)
    raise UnreadableFile(_("表計算のファイル（.xlsx）かCSVをえらんでください。"))


def _faults_of_headings(headings: list[str], row: int) -> Iterator[Fault]:
    resource = GroupResource()
    known = {column.column_name for column in resource.get_import_fields()}
    for number, heading in enumerate(headings, 1):
        letter = get_column_letter(number)
        if heading not in known:
            yield Fault(SHEET, row, letter, _("「%(heading)s」という列はありません。") % {"heading": heading})
        elif heading in headings[: number - 1]:
            yield Fault(SHEET, row, letter, _("「%(heading)s」の列が2つあります。") % {"heading": heading})
    for name in REQUIRED:
        heading = resource.fields[name].column_name
        if heading not in headings:
            yield Fault(SHEET, row, heading, _("この見出しの列がありません。"))
