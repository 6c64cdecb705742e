"""A plan goes out to a file and comes back; a faulty file says where, and changes nothing."""

import io
from collections.abc import Iterator

import pytest
from openpyxl import Workbook, load_workbook

from civic.accounts.models import User
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from plans.editing import exchange, restructuring, services
from plans.editing.checking import Fault, Faulty
from plans.editing.comparing import compare
from plans.editing.document import read
from plans.editing.sheets import SHEETS, to_document, to_tables
from plans.loading import load
from plans.models import Plan, PlanItem
from tests.fixtures.documents import FIXTURES

PLANS = [("shimonoseki", "5th"), ("shimonoseki", "3rd"), ("yamaguchi", "first"), ("nagato", "second")]


@pytest.fixture(params=PLANS, ids="/".join)
def real_plan(request: pytest.FixtureRequest, db: None) -> Iterator[Plan]:
    slug, plan = request.param
    with acting_as(Municipality.objects.get(slug=slug)):
        load(FIXTURES / slug)
        yield Plan.objects.get(slug=plan)


def changed(content: bytes, sheet: str, cell: str, value: object) -> bytes:
    """The workbook with one cell of it changed."""
    book = load_workbook(io.BytesIO(content))
    book[sheet][cell] = value
    return saved(book)


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def faults_of(content: bytes, plan: Plan) -> list[Fault]:
    with pytest.raises(Faulty) as refusal:
        exchange.read_workbook(content, plan)
    return refusal.value.faults


def test_a_real_plan_comes_back_from_a_workbook_without_a_difference(real_plan: Plan) -> None:
    before = read(real_plan)
    after = exchange.read_workbook(exchange.workbook(real_plan), real_plan)
    assert after == before
    assert compare(before, after) == []


def test_a_real_plans_items_come_back_from_csv_without_a_difference(real_plan: Plan) -> None:
    assert exchange.read_items_csv(exchange.items_csv(real_plan), real_plan) == read(real_plan)


def test_every_change_that_a_file_can_bring_is_shown(plan: Plan) -> None:
    """Whatever cell of whatever sheet changes, the dry run says so: nothing is written that was not shown."""
    before = read(plan)
    tables = to_tables(before)
    tried = 0
    for sheet in SHEETS:
        for column in sheet.columns:
            for row in tables[sheet.name]:
                kept = row[column.name]
                if column.name in ("key", "parent", "relists", "item", "indicator") or column.choices:
                    continue
                row[column.name] = _other(column.kind, kept)
                after = to_document(tables)
                row[column.name] = kept
                if after != before:
                    tried += 1
                    assert compare(before, after), f"{sheet.name} {column.name}"
    assert tried > 200


def _other(kind: str, value: object) -> object:
    if kind == "flag":
        return not value
    if kind == "whole":
        return 2001 if value is None else int(str(value)) + 1
    if kind == "lines":
        return ["別の"]
    return {"figure": "7", "day": "2030-04-01"}.get(kind, f"{value}別")


def test_no_two_columns_of_a_sheet_have_the_same_heading_or_name() -> None:
    for sheet in SHEETS:
        headings = [str(column.header) for column in sheet.columns]
        assert len(set(headings)) == len(headings), sheet.name
        assert len({column.name for column in sheet.columns}) == len(headings), sheet.name
    assert len({str(sheet.title) for sheet in SHEETS}) == len(SHEETS)


AWKWARD = [
    "=1+1",
    "+81",
    "-",
    "@市民",
    "'=1",
    "''",
    "'",
    "007",
    "1-2",
    "0.10",
    "=",
    "_x0041_",
    " 前後 ",
    "２０２６",
    "\t=1",
]


@pytest.mark.parametrize("words", AWKWARD)
def test_what_a_spreadsheet_would_change_comes_back_as_it_was(plan: Plan, words: str) -> None:
    PlanItem.objects.filter(key="1-1-2").update(title=words)
    plan.terms.update(term=words, body=f"{words}\n{words}")
    before = read(plan)
    assert exchange.read_workbook(exchange.workbook(plan), plan) == before
    assert exchange.read_items_csv(exchange.items_csv(plan), plan) == before


def test_no_cell_is_a_formula_for_a_spreadsheet(plan: Plan) -> None:
    PlanItem.objects.filter(key="1-1-2").update(title='=HYPERLINK("http://example.com")')
    book = load_workbook(io.BytesIO(exchange.workbook(plan)))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert "\"'=HYPERLINK" in exchange.items_csv(plan).decode("utf-8-sig")


def test_a_file_saved_by_a_spreadsheet_comes_back_as_well(plan: Plan) -> None:
    """A key of digits may have become a number on the way."""
    content = changed(exchange.workbook(plan), "項目", "A2", 1)
    assert exchange.read_workbook(content, plan) == read(plan)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_csv_is_read_in_the_encodings_that_offices_use(plan: Plan, encoding: str) -> None:
    text = exchange.items_csv(plan).decode("utf-8-sig").replace("講座", "市民講座")
    document = exchange.read_items_csv(text.encode(encoding), plan)
    assert next(place for place in document["places"] if place["key"] == "1-1-2")["title"] == "市民講座"


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "column", "words"),
    [
        ("項目", "D3", None, "項目名", "空欄"),
        ("項目", "D3", "長" * 301, "項目名", "300文字まで"),
        ("項目", "A3", "１-1", "アドレス", "半角"),
        ("項目", "A3", "1", "アドレス", "二つ"),
        ("項目", "B3", "9-9", "上の項目のアドレス", "ありません"),
        ("項目", "E3", "はい", "重点", "○"),
        ("項目", "G3", "ない柱", "柱", "ない柱"),
        ("項目", "I3", "令和8年", "取り下げた日", "2026-04-01"),
        ("項目", "I3", "2026-04-01", "取り下げた理由", "両方"),
        ("個票", "A2", "1-9", "項目のアドレス", "1-9"),
        ("個票", "B2", "宇宙人", "対象", "宇宙人"),
        ("年次計画", "B2", 1999, "年度", "1999"),
        ("年次計画", "B2", "来年", "年度", "整数"),
        ("役割区分", "C2", "国", "主体", "国"),
        ("成果指標", "D2", "件", "単位", "ほかの計画"),
        ("成果指標", "F2", "上へ", "めざす向き", "増やす"),
        ("目標値", "D2", "たくさん", "目標値", "数字"),
        ("目標値", "A2", "nothing", "指標の記号", "nothing"),
        ("用語", "C2", "音\x0b", "説明", "制御文字"),
    ],
)
def test_a_fault_is_named_by_sheet_row_and_column(
    plan: Plan, sheet: str, cell: str, value: object, column: str, words: str
) -> None:
    content = exchange.workbook(plan)
    if value == "音\x0b":
        # No spreadsheet writes it, but a file may hold it.
        plan.terms.update(body=value)
        faults = _faults_of_tables(plan)
    else:
        faults = faults_of(changed(content, sheet, cell, value), plan)
    assert any(
        (fault.sheet, fault.row, fault.column) == (sheet, int(cell[1:]), column) and words in fault.words
        for fault in faults
    ), faults


def _faults_of_tables(plan: Plan) -> list[Fault]:
    faults: list[Fault] = []
    terms = next(sheet for sheet in SHEETS if sheet.name == "terms")
    row = to_tables(read(plan))["terms"][0]
    cells = [[str(column.header) for column in terms.columns], [row[column.name] or None for column in terms.columns]]
    exchange._rows(terms, cells, faults)
    return faults


def test_all_faults_are_named_at_once(plan: Plan) -> None:
    content = changed(exchange.workbook(plan), "項目", "D3", None)
    content = changed(content, "用語", "B2", None)
    assert [(fault.sheet, fault.row) for fault in faults_of(content, plan)] == [("項目", 3), ("用語", 2)]


def test_an_item_does_not_get_lost_with_its_row(plan: Plan) -> None:
    book = load_workbook(io.BytesIO(exchange.workbook(plan)))
    for row in book["項目"].iter_rows(min_row=2):
        if row[0].value == "1-1-2":
            book["項目"].delete_rows(row[0].row)
    assert any("1-1-2" in fault.words for fault in faults_of(saved(book), plan))


def test_a_circle_of_items_is_a_fault(plan: Plan) -> None:
    content = changed(exchange.workbook(plan), "項目", "B2", "1-1")
    assert {(fault.sheet, fault.column) for fault in faults_of(content, plan)} == {("項目", "上の項目のアドレス")}


def test_a_missing_sheet_and_a_missing_column_are_named(plan: Plan) -> None:
    book = load_workbook(io.BytesIO(exchange.workbook(plan)))
    del book["用語"]
    book["階層"]["B1"] = "番号"
    assert {(fault.sheet, fault.column) for fault in faults_of(saved(book), plan)} == {
        ("用語", ""),
        ("階層", "番号の書き方"),
    }


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x00" * 100, "ただの文".encode()])
def test_what_is_no_workbook_is_said(plan: Plan, content: bytes) -> None:
    [fault] = faults_of(content, plan)
    assert "読めません" in fault.words


def test_an_empty_csv_is_a_fault(plan: Plan) -> None:
    with pytest.raises(Faulty):
        exchange.read_items_csv(b"", plan)


def test_nothing_is_written_before_it_is_confirmed_and_then_all_of_it(plan: Plan, planner: User) -> None:
    before = read(plan)
    content = exchange.workbook(plan)
    for sheet, cell, value in (
        ("計画", "A2", "改めた計画"),
        ("項目", "D5", "市民講座"),
        ("個票", "E2", "改めた目的"),
        ("年次計画", "C2", "始める"),
        ("役割区分", "B2", "知らせること"),
        ("目標値", "D2", 1700),
        ("用語", "C2", "改めた説明"),
        ("階層", "B2", "第{arabic}"),
    ):
        content = changed(content, sheet, cell, value)
    document = exchange.read_workbook(content, plan)
    proposed = services.propose(plan, document, "plan.xlsx", by=planner)
    assert read(plan) == before
    assert len(compare(before, document)) == 6
    services.confirm(proposed)
    assert read(Plan.objects.get()) == document != before


def test_rows_in_another_order_put_items_in_another_order(plan: Plan, planner: User) -> None:
    book = load_workbook(io.BytesIO(exchange.workbook(plan)))
    rows = [[cell.value for cell in row] for row in book["項目"].iter_rows()]
    keys = [row[0] for row in rows]
    one, other = keys.index("1-1-1"), keys.index("1-1-2")
    rows[one], rows[other] = rows[other], rows[one]
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            book["項目"].cell(number, column).value = value
    document = exchange.read_workbook(saved(book), plan)
    assert [section.heading for section in compare(read(plan), document)] == ["並び順：広く伝える"]
    services.confirm(services.propose(plan, document, "plan.xlsx", by=planner))
    assert list(plan.items.filter(parent__key="1-1").values_list("key", flat=True)) == ["1-1-2", "1-1-1"]


def test_a_new_item_and_a_new_second_place_come_from_a_file(plan: Plan, planner: User) -> None:
    book = load_workbook(io.BytesIO(exchange.workbook(plan)))
    book["項目"].append(["1-2-1", "1-2", None, "新しい項目"])
    book["項目"].append(["1-2-2", "1-2", "2-1-2", "部屋", None, "○"])
    services.confirm(services.propose(plan, exchange.read_workbook(saved(book), plan), "plan.xlsx", by=planner))
    assert plan.items.get(key="1-2-1").parent.key == "1-2"
    assert plan.relistings.get(key="1-2-2").item.key == "2-1-2"


def test_a_plan_that_changed_since_is_shown_again(plan: Plan, planner: User) -> None:
    document = exchange.read_workbook(changed(exchange.workbook(plan), "項目", "D5", "市民講座"), plan)
    proposed = services.propose(plan, document, "plan.xlsx", by=planner)
    restructuring.add_item(plan, None, "そのあいだに")
    with pytest.raises(services.EditedMeanwhile):
        services.confirm(proposed)
    assert plan.items.get(key="1-1-2").title == "講座"
