"""A year's figures by spreadsheet: the template out, a dry run, and all or nothing back."""

from collections.abc import Iterable
from decimal import Decimal
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.test import Client
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from indicators.models import Actual, Indicator
from plans.figures.exchange import MOST_UNPACKED_BYTES
from plans.models import Plan
from tests.plans.figures.conftest import TABLE

SHEET = "2025年度"


@pytest.fixture
def book(planner: Client, plan: Plan) -> Workbook:
    """The template, as a planner opens it."""
    return load_workbook(BytesIO(planner.get(f"{TABLE}template.xlsx").content))


def write(sheet: Worksheet, key: str, **cells: object) -> None:
    row = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == key)
    for column, value in cells.items():
        row["ABCDEFGHI".index(column)].value = value


def upload(planner: Client, book: Workbook | bytes):  # type: ignore[no-untyped-def]
    file = BytesIO(book if isinstance(book, bytes) else b"")
    if isinstance(book, Workbook):
        book.save(file)
    file.name = "figures.xlsx"
    file.seek(0)
    return planner.post(f"{TABLE}import/", {"file": file})


def faults(response) -> Iterable[tuple[int | None, str, str]]:  # type: ignore[no-untyped-def]
    return [(fault.row, fault.column[:1], fault.words) for fault in response.context["reading"].faults]


def confirm(planner: Client, response) -> int:  # type: ignore[no-untyped-def]
    """Send what the dry run's button sends."""
    return planner.post(f"{TABLE}save/", response.context["reading"].form.data).status_code


def stored(municipality: Municipality) -> dict[str, Decimal]:
    with acting_as(municipality):
        return {actual.indicator.key: actual.value for actual in Actual.objects.select_related("indicator")}


def test_the_template_names_each_kpi_and_shows_last_year(
    planner: Client, plan: Plan, shimonoseki: Municipality
) -> None:
    with acting_as(shimonoseki):
        Actual.objects.create(indicator=Indicator.objects.get(key="participants"), fiscal_year=2024, value=1400)
    sheet = load_workbook(BytesIO(planner.get(f"{TABLE}template.xlsx").content))[SHEET]
    assert [[cell.value for cell in row[:5]] for row in sheet.iter_rows(min_row=2)] == [
        ["participants", "参加者数", "人", "1,400人", None],
        ["matches", "紹介の件数", "件", None, None],
    ]


def test_a_dry_run_shows_what_is_new_changed_and_same_and_stores_nothing(
    planner: Client, book: Workbook, shimonoseki: Municipality
) -> None:
    with acting_as(shimonoseki):
        Actual.objects.create(indicator=Indicator.objects.get(key="participants"), fiscal_year=2025, value=1400)
    write(book[SHEET], "participants", E="１，５００", F="確定値", G=1234, H=41.5, I="=郵送")
    write(book[SHEET], "matches", E=3)
    book[SHEET]["I2"].data_type = "s"
    response = upload(planner, book)
    assert [(kind, row.key) for kind, row, _form in response.context["reading"].of_kind()] == [
        ("changed", "participants"),
        ("new", "matches"),
    ]
    assert "まだ何も保存していません" in response.content.decode()
    assert stored(shimonoseki) == {"participants": 1400}
    assert confirm(planner, response) == 302
    assert stored(shimonoseki) == {"participants": 1500, "matches": 3}
    with acting_as(shimonoseki):
        actual = Actual.objects.get(indicator__key="participants")
        assert (actual.status, actual.answers, actual.response_rate, actual.note) == (
            "final",
            1234,
            Decimal("41.5"),
            "=郵送",
        )


def test_a_template_comes_back_without_a_difference(planner: Client, plan: Plan, shimonoseki: Municipality) -> None:
    with acting_as(shimonoseki):
        Actual.objects.create(
            indicator=Indicator.objects.get(key="participants"),
            fiscal_year=2025,
            value=1400,
            status="final",
            answers=10,
            response_rate=Decimal("40.00"),
            note="+81 は国番号",
        )
    reading = upload(planner, planner.get(f"{TABLE}template.xlsx").content).context["reading"]
    assert reading.faults == []
    assert reading.changes == 0


def test_every_fault_names_sheet_row_and_column_and_nothing_can_be_saved(
    planner: Client, book: Workbook, shimonoseki: Municipality
) -> None:
    sheet = book[SHEET]
    write(sheet, "participants", E="たくさん", H=120)
    write(sheet, "matches", E=3.5, F="たぶん")
    sheet.append(["unknown", None, None, None, 1])
    sheet.append(["matches", None, None, None, 1])
    response = upload(planner, book)
    assert response.status_code == 400
    assert [(row, column) for row, column, _words in faults(response)] == [
        (4, "A"),
        (5, "A"),
        (2, "E"),
        (2, "H"),
        (3, "E"),
        (3, "F"),
    ]
    page = response.content.decode()
    assert f">{SHEET}<" in page
    assert "E（実績値）" in page
    assert "件を保存する" not in page
    assert stored(shimonoseki) == {}


def test_a_closed_or_counted_kpi_is_not_in_the_template_and_refused(
    planner: Client, book: Workbook, counted: Indicator
) -> None:
    assert [row[0].value for row in load_workbook(BytesIO(planner.get(f"{TABLE}template.xlsx").content))[SHEET]] == [
        "記号（変えないでください）",
        "participants",
    ]
    write(book[SHEET], "matches", E=3)
    assert [(row, column) for row, column, _words in faults(upload(planner, book))] == [(3, "A")]


def test_what_was_saved_meanwhile_is_not_overwritten(
    planner: Client, book: Workbook, shimonoseki: Municipality
) -> None:
    write(book[SHEET], "participants", E=1500)
    response = upload(planner, book)
    with acting_as(shimonoseki):
        Actual.objects.create(indicator=Indicator.objects.get(key="participants"), fiscal_year=2025, value=1300)
    assert confirm(planner, response) == 400
    assert stored(shimonoseki) == {"participants": 1300}


def test_another_years_sheet_and_another_form_are_told(planner: Client, book: Workbook) -> None:
    book[SHEET]["E1"] = "値"
    assert faults(upload(planner, book)) == [(1, "", "見出しの行がひな形とちがいます。")]
    book[SHEET].title = "2024年度"
    ((row, _column, words),) = faults(upload(planner, book))
    assert row is None
    assert SHEET in words


def bomb() -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as file:
        file.writestr("xl/workbook.xml", b" " * (MOST_UNPACKED_BYTES + 1))
    return packed.getvalue()


def empty_zip() -> bytes:
    packed = BytesIO()
    ZipFile(packed, "w").close()
    return packed.getvalue()


@pytest.mark.parametrize("content", [b"no spreadsheet", b"PK\x03\x04", empty_zip(), bomb()], ids=len)
def test_a_file_that_is_none_is_said_so(planner: Client, plan: Plan, content: bytes) -> None:
    response = upload(planner, content)
    assert response.status_code == 400
    assert len(list(faults(response))) == 1


def test_too_large_a_file_is_refused(planner: Client, plan: Plan) -> None:
    response = upload(planner, b"x" * (1024 * 1024 + 1))
    assert response.status_code == 400
    assert "大きすぎます" in response.content.decode()


def test_no_file_is_an_error_of_the_field(planner: Client, plan: Plan) -> None:
    assert planner.post(f"{TABLE}import/").status_code == 400
