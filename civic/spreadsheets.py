"""Text that comes from spreadsheets and goes to them, and comes back as it was."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

CSV = "text/csv; charset=utf-8"
LONGEST_CELL = 32_767
"""What a cell of a workbook can hold, in characters."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with a file, and where: sheet, row as the spreadsheet counts it (None: the sheet as a whole) and
    column."""

    sheet: str
    row: int | None
    column: str
    words: str


class UnreadableFile(Exception):
    """The file is no spreadsheet. The message is a plain Japanese sentence for the person who sent it."""


class TooLongForACell(Exception):
    """A text does not fit into a cell of a workbook. The message is a plain Japanese sentence."""


@dataclass(frozen=True)
class Guard:
    """An apostrophe before texts of which a spreadsheet would make something else, also where one stands already."""

    others: re.Pattern[str]

    def put_on(self, text: str) -> str:
        """Return a text that a spreadsheet leaves as it is; `taken_off` gives the text back."""
        return f"'{text}" if self.others.match(text) else text

    def taken_off(self, text: str) -> str:
        """Return the text of which `put_on` made this one."""
        return text[1:] if text.startswith("'") and self.others.match(text) else text


_FORMULA = r"[=+\-@\t\r]"
_CONVERTED = r"""(?:
    (?!0\d{1,4}-\d{3,4}-\d{3,4}$)   # no spreadsheet takes a telephone number for a date
    \d[\d,./:\-eE%\ ]*$             # a number, a date, a time: 0831, 1-2-3, 2026/4/1
    | (?:true|false)$
)"""
FORMULAS = Guard(re.compile(rf"'*{_FORMULA} | '+{_CONVERTED}", re.VERBOSE | re.IGNORECASE))
"""For cells of text in a workbook. Of what CSV guards besides, those that have an apostrophe of their own: what was CSV
may have been saved as a workbook, and the other way round."""
CONVERSIONS = Guard(re.compile(rf"'*(?:{_FORMULA} | {_CONVERTED})", re.VERBOSE | re.IGNORECASE))
"""For CSV, where a spreadsheet guesses of each cell what it is: leading zeros would go, and an address become a day."""


def decoded(content: bytes) -> str:
    """Return the text of a CSV file: UTF-8 with or without BOM, or CP932 as Japanese spreadsheets write it.

    Raises UnreadableFile.
    """
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableFile(_("文字コードがわかりません。UTF-8で保存してください。"))


def csv_rows(content: bytes) -> Iterator[list[str]]:
    """Yield the rows of a CSV file, a cell guarded against conversion as it was. Raises UnreadableFile."""
    try:
        for row in csv.reader(io.StringIO(decoded(content), newline="")):
            yield [CONVERSIONS.taken_off(cell) for cell in row]
    except csv.Error as error:
        raise UnreadableFile(_("CSVのファイルとして読めません。")) from error


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a table as CSV (UTF-8 with BOM) that a spreadsheet program opens and saves without changing a text."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(headings)
    for row in rows:
        writer.writerow([CONVERSIONS.put_on(cell) if isinstance(cell, str) else cell for cell in row])
    return file.getvalue().encode("utf-8-sig")


def sheet_rows(content: bytes, title: str) -> Iterator[list[Any]]:
    """Yield the rows of a workbook's sheet of that name, or of its first. Raises UnreadableFile."""
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book[title] if title in book.sheetnames else book.worksheets[0]
        # Or it would believe what the file says of its own size.
        sheet.reset_dimensions()
        for row in sheet.iter_rows(values_only=True):
            yield [FORMULAS.taken_off(cell) if isinstance(cell, str) else cell for cell in row]
    # A broken file makes its reader stumble in many ways.
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, IndexError, AttributeError, OSError) as error:
        raise UnreadableFile(_("表計算のファイル（.xlsx）として読めません。")) from error


def as_workbook(title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a table as xlsx, one sheet. Words stay words: no formula, no leading zero lost, also when typed over.

    Raises TooLongForACell.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number in range(1, len(headings) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = 18
    bold, top = Font(bold=True), Alignment(vertical="top")

    def cell(value: Any) -> Any:
        if not isinstance(value, str) or not value:
            return None if value == "" else value
        guarded = FORMULAS.put_on(value)
        if len(guarded) > LONGEST_CELL:
            raise TooLongForACell(_("表計算のファイルに入らない長さの文章があります。CSVをえらんでください。"))
        written = WriteOnlyCell(sheet, guarded)
        written.number_format = "@"
        written.alignment = top
        return written

    heads = [WriteOnlyCell(sheet, heading) for heading in headings]
    for head in heads:
        head.font = bold
    sheet.append(heads)
    for row in rows:
        sheet.append([cell(value) for value in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
