"""A year's figures as a spreadsheet: out as a template to fill in, and back as the same form that the page has.

Read with openpyxl itself: a row is one KPI with its own decimals and unit, which the page's form knows already; a
resource of django-import-export would check them a second time, in its own words.
"""

import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from civic.calendar import fiscal_year_label
from civic.spreadsheets import Fault
from indicators.models import Actual
from plans.figures.forms import FigureForm, FigureTableForm
from plans.figures.queries import FigureRow

MOST_UNPACKED_BYTES = 20 * 1024 * 1024
"""A small file may unpack to a very large one."""
MOST_ROWS = 1000
FIELDS = ("value", "status", "answers", "response_rate", "note")
OWN_COLUMNS = 4
"""Columns before those that are filled in: they say which KPI the row is."""
WIDTHS = (28, 50, 10, 16, 14, 12, 14, 14, 40)


@dataclass(frozen=True)
class Reading:
    """What a filled-in spreadsheet says. `form` holds it as if it had been typed in, `places` the row of each KPI."""

    form: FigureTableForm
    faults: list[Fault]
    places: dict[int, int]

    def of_kind(self) -> list[tuple[str, FigureRow, FigureForm]]:
        """Return each KPI of the sheet with what saving would do to it: new, changed, removed or same."""
        return [
            (_kind(form), form.row, form)
            for pk, form in self.form.forms.items()
            if pk in self.places and form.is_valid()
        ]

    @property
    def changes(self) -> int:
        return sum(kind != "same" for kind, _row, _form in self.of_kind())


def _kind(form: FigureForm) -> str:
    if not form.has_changed():
        return "same"
    if form.row.figure is None:
        return "new"
    return "removed" if form.cleaned_data["value"] is None else "changed"


def headings() -> list[str]:
    """Return the words of the first row."""
    return [
        _("記号（変えないでください）"),
        _("指標"),
        _("単位"),
        _("前の年度"),
        *(str(FigureForm.base_fields[name].label) for name in FIELDS),
    ]


def sheet_name(fiscal_year: int) -> str:
    """Return the name of a year's sheet."""
    return _("%(year)s年度") % {"year": fiscal_year}


def template(rows: list[FigureRow], fiscal_year: int) -> bytes:
    """Return a spreadsheet with the figures of a year that are entered by hand, to be filled in and read back."""
    book = Workbook()
    sheet = book.active
    sheet.title = sheet_name(fiscal_year)
    sheet.append(headings())
    for row in rows:
        if row.is_entered:
            sheet.append(_cells(row))
    for cells in sheet.iter_rows():
        for cell in cells:
            # Words are words, also those that begin with = or +.
            if isinstance(cell.value, str):
                cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for column, width in enumerate(WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    statuses = ",".join(str(status.label) for status in Actual.Status)
    choice = DataValidation(type="list", formula1=f'"{statuses}"', allow_blank=True)
    column = get_column_letter(OWN_COLUMNS + FIELDS.index("status") + 1)
    choice.add(f"{column}2:{column}{MOST_ROWS}")
    sheet.add_data_validation(choice)
    sheet.freeze_panes = "E2"
    sheet.print_title_rows = "1:1"
    sheet.oddHeader.center.text = fiscal_year_label(fiscal_year)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _cells(row: FigureRow) -> list[Any]:
    figure = row.figure
    return [
        row.key,
        row.name,
        row.indicator.unit,
        row.last_year,
        row.typed,
        str(Actual.Status(figure.standing).label) if figure else None,
        figure.answers if figure else None,
        figure.response_rate if figure else None,
        figure.note if figure else None,
    ]


def read(file: BinaryIO, rows: list[FigureRow], fiscal_year: int) -> Reading:
    """Return what a filled-in template says; faults are in it, none is raised."""
    sheet = _sheet(file, sheet_name(fiscal_year))
    if isinstance(sheet, str):
        return Reading(FigureTableForm(rows), [Fault(sheet_name(fiscal_year), None, "", sheet)], {})
    return _SheetReading(sheet, rows).reading()


class _SheetReading:
    """One sheet on its way to what the page would send."""

    def __init__(self, sheet: Worksheet, rows: list[FigureRow]) -> None:
        self.sheet = sheet
        self.rows = rows
        self.by_key = {row.key: row for row in rows}
        self.stored = FigureTableForm(rows).forms
        self.data: dict[str, str] = {}
        self.faults: list[Fault] = []
        self.places: dict[int, int] = {}
        for form in self.stored.values():
            self.data |= {form.add_prefix(name): _text(form.initial[name]) for name in FIELDS}
            self.data[form.seen_name] = form.seen

    def reading(self) -> Reading:
        first, *others = self.sheet.iter_rows(max_row=MOST_ROWS, max_col=len(WIDTHS))
        if [_text(cell.value) for cell in first] != headings():
            self._blame(1, "", _("見出しの行がひな形とちがいます。"))
        elif self.sheet.max_row > MOST_ROWS:
            self._blame(
                self.sheet.max_row, "", _("行が多すぎます。%(most)s行までにしてください。") % {"most": MOST_ROWS}
            )
        else:
            for number, cells in enumerate(others, 2):
                if any(cell.value is not None for cell in cells):
                    self._read(number, [_text(cell.value) for cell in cells])
        form = FigureTableForm(self.rows, self.data)
        for faulty, bound, words in form.faults:
            self._blame(self.places.get(faulty.row.pk), _column(FIELDS.index(bound.name) + OWN_COLUMNS), words)
        return Reading(form, self.faults, self.places)

    def _read(self, number: int, written: list[str]) -> None:
        row = self.by_key.get(written[0])
        if row is None:
            self._blame(number, _column(0), _("「%(key)s」という指標はこの計画にありません。") % {"key": written[0]})
        elif not row.is_entered:
            self._blame(number, _column(0), _("確定しているか、記録から集計する指標のため、入力できません。"))
        elif (earlier := self.places.setdefault(row.pk, number)) != number:
            self._blame(number, _column(0), _("同じ指標が%(row)s行目にもあります。") % {"row": earlier})
        else:
            form = self.stored[row.pk]
            for name, words in zip(FIELDS, written[OWN_COLUMNS:], strict=True):
                if name != "status":
                    self.data[form.add_prefix(name)] = words
                elif words:
                    self.data[form.add_prefix(name)] = _status(words)

    def _blame(self, row: int | None, column: str, words: str) -> None:
        self.faults.append(Fault(self.sheet.title, row, column, words))


def _sheet(file: BinaryIO, name: str) -> Worksheet | str:
    """The sheet of the year, or why there is none."""
    try:
        with zipfile.ZipFile(file) as packed:
            if sum(member.file_size for member in packed.infolist()) > MOST_UNPACKED_BYTES:
                return _("ファイルが大きすぎます。")
        file.seek(0)
        # Not read-only: that mode believes the size that the file claims for itself.
        book = load_workbook(file, data_only=True)
    except Exception:  # A broken file makes its readers stumble in many ways.
        return _("エクセルのファイル（.xlsx）として読めません。")
    if name not in book.sheetnames:
        return _("「%(sheet)s」という名前のシートがありません。") % {"sheet": name}
    return book[name]


def _column(index: int) -> str:
    return f"{get_column_letter(index + 1)}（{headings()[index]}）"


def _status(written: str) -> str:
    """The status of its Japanese name; anything else stays, for the form to complain of."""
    return next((str(status.value) for status in Actual.Status if str(status.label) == written), written)


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()
