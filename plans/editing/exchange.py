"""A whole plan as an xlsx workbook, its items as CSV, and the way back, every fault named by sheet, row and column.

django-import-export reads one sheet into one model; here fifteen sheets make one plan, refer to each other by key, and
are right or wrong together. So the workbook is openpyxl's, and what a column holds comes from the models' fields.
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.validators import slug_re
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from civic.forms import CONTROL_CHARACTER
from civic.spreadsheets import FORMULAS, LONGEST_CELL, Fault, UnreadableFile, decoded
from plans.editing.checking import Faulty, checked
from plans.editing.document import Document, plain, read
from plans.editing.lifecycle import EditRefused
from plans.editing.sheets import ITEMS, SHEETS, Column, Row, SheetOf, Tables, to_tables
from plans.models import Plan

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FLAG = "○"
LARGEST_FILE = 5 * 1024 * 1024
LARGEST_UNPACKED = 50 * 1024 * 1024
LARGEST_NUMBER = 32_767
_WIDTHS = {"line": 24, "text": 60, "lines": 24, "flag": 8, "whole": 10, "figure": 12, "day": 14}


# ---- out ----


def workbook(plan: Plan) -> bytes:
    """Return a plan as xlsx, a sheet for each of SHEETS.

    Raises EditRefused for a text that is longer than a cell can hold.
    """
    book = Workbook(write_only=True)
    tables = to_tables(read(plan))
    for sheet in SHEETS:
        page = book.create_sheet(str(sheet.title))
        page.freeze_panes = "A2"
        for number, column in enumerate(sheet.columns):
            page.column_dimensions[chr(ord("A") + number)].width = _WIDTHS[column.kind]
        page.append([_heading(page, column) for column in sheet.columns])
        for row in tables[sheet.name]:
            page.append([_cell(page, column, row[column.name]) for column in sheet.columns])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def items_csv(plan: Plan) -> bytes:
    """Return the sheet of items as CSV (UTF-8 with BOM)."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([str(column.header) for column in ITEMS.columns])
    for row in to_tables(read(plan))[ITEMS.name]:
        writer.writerow([FORMULAS.put_on(_written(column, row[column.name])) for column in ITEMS.columns])
    return file.getvalue().encode("utf-8-sig")


def _heading(page: Any, column: Column) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, str(column.header))
    cell.font = Font(bold=True)
    return cell


def _cell(page: Any, column: Column, value: Any) -> WriteOnlyCell:
    if column.kind == "whole":
        return WriteOnlyCell(page, value)
    if column.kind == "figure" and value and plain(Decimal(repr(float(value)))) == value:
        return WriteOnlyCell(page, Decimal(value))
    text = FORMULAS.put_on(_written(column, value))
    if len(text) > LONGEST_CELL:
        raise EditRefused(
            _("「%(column)s」に、表計算のファイルに入らない長さの文章があります。") % {"column": column.header}
        )
    cell = WriteOnlyCell(page, text or None)
    cell.number_format = "@"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _written(column: Column, value: Any) -> str:
    if column.kind == "flag":
        return FLAG if value else ""
    if column.kind == "lines":
        return "\n".join(value)
    if column.choices:
        return str(dict(column.choices)[value])
    return "" if value is None else str(value)


# ---- back ----


def read_workbook(content: bytes, plan: Plan) -> Document:
    """Return the plan that a workbook holds. Raises Faulty with all that is wrong with it."""
    book = _open(content)
    faults: list[Fault] = []
    tables: Tables = {}
    for sheet in SHEETS:
        title = str(sheet.title)
        if title not in book.sheetnames:
            faults.append(Fault(title, None, "", _("このシートがありません。")))
            continue
        rows = [list(row) for row in book[title].iter_rows(values_only=True)]
        tables[sheet.name] = _rows(sheet, rows, faults)
    if faults:
        raise Faulty(faults)
    return checked(tables, plan)


def read_items_csv(content: bytes, plan: Plan) -> Document:
    """Return the plan with its items as a CSV file has them. Raises Faulty with all that is wrong with it."""
    faults: list[Fault] = []
    rows: list[list[Any]] = [list(row) for row in csv.reader(io.StringIO(_text_of_csv(content)))]
    tables = to_tables(read(plan)) | {ITEMS.name: _rows(ITEMS, rows, faults)}
    if faults:
        raise Faulty(faults)
    return checked(tables, plan)


def _open(content: bytes) -> Any:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_UNPACKED:
                raise Faulty([Fault("", None, "", _("ファイルが大きすぎます。"))])
        return load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise Faulty([Fault("", None, "", _("表計算のファイル（.xlsx）として読めません。"))]) from error


def _text_of_csv(content: bytes) -> str:
    try:
        return decoded(content)
    except UnreadableFile as unreadable:
        raise Faulty([Fault(str(ITEMS.title), None, "", str(unreadable))]) from unreadable


def _rows(sheet: SheetOf, rows: list[list[Any]], faults: list[Fault]) -> list[Row]:
    """The rows below the headings, each with its number in the file as `row`; empty ones are left out."""
    title = str(sheet.title)
    headings = [str(cell or "").strip() for cell in rows[0]] if rows else []
    missing = [str(column.header) for column in sheet.columns if str(column.header) not in headings]
    if missing:
        faults += [Fault(title, 1, heading, _("この見出しの列がありません。")) for heading in missing]
        return []
    found = []
    for number, cells in enumerate(rows[1:], 2):
        if all(cell is None or cell == "" for cell in cells):
            continue
        row: Row = {"row": number}
        for column in sheet.columns:
            index = headings.index(str(column.header))
            try:
                row[column.name] = _value(column, cells[index] if index < len(cells) else None)
            except ValueError as error:
                faults.append(Fault(title, number, str(column.header), str(error)))
        found.append(row)
    return found


def _value(column: Column, cell: Any) -> Any:
    """What a cell holds. Raises ValueError, in words for whoever made the file, where it cannot be that."""
    if column.kind == "day" and isinstance(cell, (date, datetime)):
        return cell.strftime("%Y-%m-%d")
    text = _text(cell)
    if column.required and not text:
        raise ValueError(_("空欄です。"))
    if CONTROL_CHARACTER.search(text):
        raise ValueError(_("使えない文字（制御文字）がまじっています。"))
    if column.choices:
        return _chosen(column, text)
    if column.max_length and len(text) > column.max_length:
        raise ValueError(_("%(length)s文字までです。") % {"length": column.max_length})
    if column.is_key and not slug_re.fullmatch(text):
        raise ValueError(_("半角の英数字と「-」「_」で書いてください。"))
    return _READERS[column.kind](text)


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, (date, datetime)):
        raise ValueError(_("日付になっています。文字列の書式のセルに書いてください。"))
    if isinstance(cell, bool):
        return FLAG if cell else ""
    if isinstance(cell, (int, float)):
        return plain(Decimal(repr(cell)))
    return FORMULAS.taken_off(str(cell).replace("\r\n", "\n"))


def _chosen(column: Column, text: str) -> str:
    values = {str(label): value for value, label in column.choices}
    if text not in values:
        raise ValueError(_("次のどれかにしてください：%(choices)s") % {"choices": "、".join(values)})
    return values[text]


def _line(text: str) -> str:
    if "\n" in text:
        raise ValueError(_("改行は入れられません。"))
    return text


def _flag(text: str) -> bool:
    if text not in ("", FLAG):
        raise ValueError(_("「○」か空欄にしてください。"))
    return text == FLAG


def _whole(text: str) -> int | None:
    if not text:
        return None
    number = int(text) if re.fullmatch(r"\d{1,5}", text) else LARGEST_NUMBER + 1
    if number > LARGEST_NUMBER:
        raise ValueError(_("整数で書いてください。"))
    return number


def _figure(text: str) -> str:
    try:
        value = Decimal(text) if text else None
    except InvalidOperation:
        value = Decimal("NaN")
    if value is not None and not (value.is_finite() and abs(value) < 10**12 and value == round(value, 4)):
        raise ValueError(_("数字で書いてください（小数は4けたまで）。"))
    return plain(value)


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise ValueError(_("日付は 2026-04-01 のように書いてください。")) from None


_READERS: dict[str, Callable[[str], Any]] = {
    "line": _line,
    "text": str,
    "lines": lambda text: [line for line in text.split("\n") if line],
    "flag": _flag,
    "whole": _whole,
    "figure": _figure,
    "day": _day,
}
