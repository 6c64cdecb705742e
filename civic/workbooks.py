"""Tables as a spreadsheet, for people who go on reckoning with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""The content type of a spreadsheet."""

Cell = str | int | Decimal | None


@dataclass(frozen=True)
class Sheet:
    """A sheet: headings in its first row, one record in each further one. No cell is merged."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """Return sheets as an xlsx file. Words stay words, also those that begin with = or +."""
    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        page = book.create_sheet(sheet.title)
        page.append(sheet.headings)
        for row in sheet.rows:
            page.append(row)
        for cells in page.iter_rows():
            for cell in cells:
                if isinstance(cell.value, str):
                    cell.data_type = "s"
                    cell.alignment = Alignment(wrap_text=True, vertical="top")
        for cell in page[1]:
            cell.font = Font(bold=True)
        for column in range(1, len(sheet.headings) + 1):
            page.column_dimensions[get_column_letter(column)].width = 32 if column == 1 else 16
        page.freeze_panes = "B2"
        page.print_title_rows = "1:1"
    written = BytesIO()
    book.save(written)
    return written.getvalue()
