"""The directory out to a file and back: cell by cell, all or nothing."""

import csv
import io
import re
from datetime import date, datetime, timedelta
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from centres.directory import exchange, services
from centres.models import District, Entitlement, Group, GroupImport, GroupStanding, StandingChange
from centres.queries import active_groups
from centres.registration.services import bring_register
from centres.registration.yearly import turn_day
from civic.accounts.models import Membership, Role
from civic.jobs.kinds import JobError, Progress, kind_named
from civic.jobs.models import Job
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.centres.conftest import MakeGroup
from tests.conftest import MakeMember

URL = "/shimonoseki/office/groups/files/"
# What files lose: characters outside CP932, its two tildes, leading zeros, what looks like a formula, a day, a number.
HARD = {
    "name": "髙﨑・𠮷田〜～の会",
    "name_kana": "'=たかさき",
    "purpose": "=cmd|'/c calc'!A0",
    "description": "+1行目\n2行目\n\n@4行目",
    "looking_for": "''-1",
    "meeting_day": "1-2",
    "meeting_place": "007",
    "contact_name": "'TRUE",
    "address": "1-2-3",
    "phone": "0831234567",
    "fax": "083-231-1234",
    "email": "a@example.jp",
    "website": "https://example.jp/?a=1&b=2",
}


# A file that registers groups says of each until when.
WHEN, WHEN_ENDS = ["団体番号", "団体名", "種別", "登録の状態", "登録の終わり"], "E（登録の終わり）"
TOMORROW = timezone.localdate() + timedelta(days=1)
NEW = [None, "会", "市民活動団体"]


@pytest.fixture
def keeper(in_shimonoseki: Municipality, member: MakeMember) -> Membership:
    return Membership.objects.get(user=member(in_shimonoseki, Role.STAFF))


@pytest.fixture
def groups(in_shimonoseki: Municipality, make_group: MakeGroup) -> list[Group]:
    north, south = (District.objects.create(name=name, position=position) for position, name in enumerate("北南"))
    hard = make_group(
        HARD["name"],
        3,
        13,
        number=7,
        district=north,
        tags=["子育て", "=朝市"],
        seeks_volunteers=True,
        members_count=0,
        founded_year=1999,
        phone_is_public=True,
        registered_on=date(2020, 4, 1),
        last_confirmed_on=date(2026, 4, 1),
        standing=GroupStanding.REGISTERED,
        **{name: value for name, value in HARD.items() if name != "name"},
    )
    hard.in_districts.create(district=south)
    hard.in_districts.create(district=north)
    return [hard, make_group("ことり文庫", 13, number=8), make_group("かくれ会", number=9, is_published=False)]


def table(content: bytes) -> list[list[Any]]:
    """The cells of an exported workbook, as a spreadsheet program shows them."""
    return [list(row) for row in load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]


def workbook(*rows: list[Any]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def resaved(content: bytes) -> bytes:
    """A workbook that a program has opened and saved."""
    file = io.BytesIO()
    load_workbook(io.BytesIO(content)).save(file)
    return file.getvalue()


def an_ods() -> bytes:
    """The beginning of a spreadsheet as LibreOffice saves it of its own accord."""
    file = io.BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    return file.getvalue()


def read_and_write(content: bytes, keeper: Membership) -> GroupImport:
    """What the two jobs do, one after the other."""
    services.read_file("団体.xlsx", content, by=keeper)
    sent = GroupImport.objects.get()
    services.check_file(sent, lambda done, total: None)
    services.write_file(sent, lambda done, total: None, bring_register)
    return sent


def faults(content: bytes) -> list[tuple[int | None, str, str]]:
    _resource, outcome = exchange.read(content)
    return [(fault["row"], fault["column"], fault["words"]) for fault in outcome.faults]


@pytest.mark.usefixtures("groups")
@pytest.mark.parametrize("written", [exchange.exported_xlsx, exchange.exported_csv])
def test_an_export_comes_back_without_a_difference(written: Any) -> None:
    _resource, outcome = exchange.read(written())
    assert (outcome.same, outcome.created_count, outcome.changed_count, outcome.faults) == (3, 0, 0, [])


@pytest.mark.usefixtures("groups")
def test_an_export_written_anew_is_the_same_groups(keeper: Membership) -> None:
    content = exchange.exported_csv()
    before = Group.objects.values().get(number=7)
    Group.objects.filter(number=7).update(**dict.fromkeys(HARD, "x") | {"tags": [], "members_count": None})
    Group.objects.get(number=7).fields.all().delete()
    read_and_write(content, keeper)
    assert Group.objects.values().get(number=7) == before
    assert [row.field for row in Group.objects.get(number=7).fields.all()] == [3, 13]


@pytest.mark.usefixtures("groups")
def test_a_spreadsheet_program_takes_nothing_for_a_formula_a_number_or_a_day() -> None:
    headings, first, *_others = table(exchange.exported_xlsx())
    cells = dict(zip(headings, first, strict=True))
    assert cells["団体名"] == HARD["name"]
    assert cells["活動の目的"] == "'=cmd|'/c calc'!A0"
    assert cells["電話"] == "0831234567"
    sheet = load_workbook(io.BytesIO(exchange.exported_xlsx())).active
    assert not [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert sheet.cell(2, headings.index("電話") + 1).number_format == "@"

    content = exchange.exported_csv()
    assert content.startswith(b"\xef\xbb\xbf")
    first = next(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert first["活動の目的"].startswith("'=")
    assert (first["電話"], first["住所を公開"], first["連絡先の住所"]) == ("'0831234567", "", "'1-2-3")
    assert (first["ファクス"], first["団体番号"], first["会員数（人）"]) == ("083-231-1234", "7", "0")


def test_a_csv_that_a_spreadsheet_program_saved_comes_back(groups: list[Group]) -> None:
    """As Japanese Excel saves it: CP932, other line ends, and without the columns that nobody needed."""
    rows = list(csv.reader(io.StringIO(exchange.exported_csv().decode("utf-8-sig"), newline="")))
    keep = [rows[0].index(heading) for heading in ("団体番号", "団体名", "電話")]
    text = "\r\n".join(",".join(row[index] for index in keep) for row in (rows[0], rows[2], rows[3]))
    _resource, outcome = exchange.read(text.replace("ことり", "髙﨑ことり").encode("cp932"))
    assert outcome.faults == []
    assert outcome.same == 1
    assert outcome.changed == [
        {"row": 2, "number": 8, "name": "髙﨑ことり文庫", "cells": [("団体名", "ことり文庫", "髙﨑ことり文庫")]}
    ]


def as_csv_of_a_program(rows: list[list[Any]]) -> bytes:
    """As LibreOffice Calc 7.4 saves: UTF-8 without BOM, other line ends, quotes where a cell needs them alone."""
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\n").writerows(rows)
    return file.getvalue().encode()


def as_workbook_of_a_program(rows: list[list[Any]]) -> bytes:
    """As it saves what it opened as CSV: numbers and days are such, an apostrophe is a letter, no cell is of text."""

    def cell(text: str) -> Any:
        if re.fullmatch("[0-9]+", text):
            return int(text)
        # Somebody typed it anew, without the apostrophe.
        return datetime.fromisoformat(text[1:]) if re.fullmatch(r"'\d{4}-\d\d-\d\d", text) else text or None

    return workbook(*([cell(text) for text in row] for row in rows))


@pytest.mark.usefixtures("groups")
@pytest.mark.parametrize("save", [as_csv_of_a_program, as_workbook_of_a_program])
@pytest.mark.parametrize("opened", ["csv", "xlsx"])
def test_what_a_spreadsheet_program_opened_and_saved_comes_back(opened: str, save: Any) -> None:
    """Whatever of the two it opened and whichever it saved: nothing has changed. Tried by hand with LibreOffice."""
    if opened == "csv":
        rows = list(csv.reader(io.StringIO(exchange.exported_csv().decode("utf-8-sig"), newline="")))
    else:
        rows = [["" if cell is None else str(cell) for cell in row] for row in table(exchange.exported_xlsx())]
    is_workbook_still = (opened, save) == ("xlsx", as_workbook_of_a_program)
    content = resaved(exchange.exported_xlsx()) if is_workbook_still else save(rows)
    _resource, outcome = exchange.read(content)
    assert (outcome.same, outcome.changed, outcome.faults) == (3, [], [])


def test_new_changed_and_same_are_told_and_written(groups: list[Group], keeper: Membership) -> None:
    headings = ["団体番号", "団体名", "種別", "活動分野", "活動する地区", "電話"]
    content = workbook(
        headings,
        [8, "ことり文庫", "NPO法人", "まちづくり；子どもの健全育成", "北", None],
        [None, "あたらしい会", "市民活動団体", "環境の保全", "南；北", "0831112222"],
        [None, None, None, None, None, None],
        ["２０", "番号のある会", "学校", None, None, None],
    )
    _resource, outcome = exchange.read(content)
    assert (outcome.created_count, outcome.changed_count, outcome.same, outcome.faults) == (2, 1, 0, [])
    assert [cells[0] for cells in outcome.changed[0]["cells"]] == ["種別", "活動分野", "活動する地区"]
    read_and_write(content, keeper)
    changed, new, numbered = (Group.objects.get(name=name) for name in ("ことり文庫", "あたらしい会", "番号のある会"))
    assert (changed.number, changed.kind, [row.field for row in changed.fields.all()]) == (8, "npo", [3, 13])
    assert (numbered.number, new.number, new.phone) == (20, 21, "0831112222")
    assert sorted(str(district) for district in new.active_districts.all()) == ["北", "南"]
    assert (new.is_published, new.standing) == (False, GroupStanding.LISTED)
    # Nobody took anything away from those that the file leaves out, nor the columns that it leaves out.
    assert Group.objects.get(number=7).description == HARD["description"]
    assert not GroupImport.objects.exists()


def test_a_centre_brings_its_register_along(make_group: MakeGroup, keeper: Membership) -> None:
    """A new group and one that was only listed are registered since the file's day, until the file's day, once."""
    make_group("のっている会", number=5, is_published=True)
    headings = [*WHEN, "登録日", "公開"]
    content = workbook(
        headings,
        [3, "ふるくからの会", "市民活動団体", "登録中", "2100-03-31", "2010-06-01", "○"],
        [5, "のっている会", "市民活動団体", "登録中", "2100-03-31", "2020-04-01", "○"],
        [6, "登録のない会", "市民活動団体", None, None, None, "○"],
    )
    read_and_write(content, keeper)
    since, listed, other = Group.objects.order_by("number")
    for group, joined in ((since, date(2010, 6, 1)), (listed, date(2020, 4, 1))):
        assert (group.standing, group.is_published) == (GroupStanding.REGISTERED, True)
        assert group.may(Entitlement.NEW_BOOKINGS)
        registration = group.registrations.get()
        assert (registration.valid_from, registration.valid_until) == (joined, date(2100, 3, 31))
        change = StandingChange.objects.get(group=group)
        assert (change.on, change.by) == (joined, keeper.user)
    assert (other.standing, other.registrations.exists()) == (GroupStanding.LISTED, False)
    assert since in active_groups(date(2011, 3, 31))
    assert since not in active_groups(date(2010, 3, 31))

    _resource, outcome = exchange.read(content)
    assert (outcome.same, outcome.registered_count, outcome.faults) == (3, 0, []), "the same file again changes nothing"
    _resource, outcome = exchange.read(exchange.exported_xlsx())
    assert (outcome.same, outcome.faults) == (3, [])
    turn_day(date(2100, 4, 1))
    assert Group.objects.get(number=3).standing == GroupStanding.IN_GRACE


@pytest.mark.parametrize(
    ("headings", "row", "expected"),
    [
        (["団体番号", "団体名"], ["x", "会"], (2, "A（団体番号）", "整数")),
        (["団体番号", "団体名"], [0, "会"], (2, "A（団体番号）", "1から")),
        (["団体番号", "団体名"], [7, ""], (2, "B（団体名）", "空欄です")),
        (["団体番号", "団体名"], [7, "二行\nの会"], (2, "B（団体名）", "改行")),
        (["団体番号", "団体名"], [7, "あ" * 201], (2, "B（団体名）", "200文字まで")),
        (["団体番号", "団体名", "種別"], [None, "会", None], (2, "C（種別）", "「」はありません")),
        (["団体番号", "団体名", "種別"], [7, "会", "同好会"], (2, "C（種別）", "「同好会」はありません")),
        (["団体番号", "団体名", "活動分野"], [7, "会", "釣り"], (2, "C（活動分野）", "「釣り」はありません")),
        (["団体番号", "団体名", "地区"], [7, "会", "東"], (2, "C（地区）", "「東」はありません")),
        (["団体番号", "団体名", "電話"], [7, "会", 831234567], (2, "C（電話）", "0が消えた")),
        (["団体番号", "団体名", "メール"], [7, "会", "だれか"], (2, "C（メール）", "メールアドレス")),
        (["団体番号", "団体名", "ウェブサイト"], [7, "会", "javascript:1"], (2, "C（ウェブサイト）", "URL")),
        (["団体番号", "団体名", "氏名を公開"], [7, "会", "はい"], (2, "C（氏名を公開）", "「○」か空欄")),
        (["団体番号", "団体名", "登録日"], [7, "会", "2026-02-30"], (2, "C（登録日）", "日付は")),
        (["団体番号", "団体名", "登録日"], [7, "会", "令和8年4月1日"], (2, "C（登録日）", "日付は")),
        (["団体番号", "団体名", "登録の状態"], [7, "会", "解散"], (2, "C（登録の状態）", "ファイルでは変えられません")),
        (
            [*WHEN, "登録日"],
            [*NEW, "登録中", TOMORROW, TOMORROW],
            (2, "F（登録日）", "きょうまで"),
        ),
        (WHEN, [*NEW, "登録中", TOMORROW], (2, "登録日", "登録日が必要")),
        ([*WHEN, "登録日"], [*NEW, "登録中", None, "2026-04-01"], (2, WHEN_ENDS, "終わりが必要")),
        (
            [*WHEN, "登録日"],
            [*NEW, "登録中", "2026-03-31", "2026-03-01"],
            (2, WHEN_ENDS, "過ぎた"),
        ),
        (WHEN, [*NEW, None, TOMORROW], (2, WHEN_ENDS, "新しく「登録中」にする団体にだけ")),
        (WHEN, [7, "会", "市民活動団体", "登録中", TOMORROW], (2, WHEN_ENDS, "新しく「登録中」にする団体にだけ")),
        (["団体番号", "団体名", "タグ"], [7, "会", "あ" * 21], (2, "C（タグ）", "20文字まで")),
        (["団体番号", "団体名", "設立の年（西暦）"], [7, "会", 1e9], (2, "C（設立の年（西暦））", "整数")),
        (["団体番号", "団体名", "設立の年（西暦）"], [7, "会", 1.5], (2, "C（設立の年（西暦））", "整数")),
        (["団体番号", "団体名", "担当"], [7, "会", "x"], (1, "C", "「担当」という列はありません")),
        (["団体番号", "団体名", "団体名"], [7, "会", "会"], (1, "C", "2つあります")),
        (["団体名"], ["会"], (1, "団体番号", "この見出しの列がありません")),
    ],
)
@pytest.mark.usefixtures("groups")
def test_each_fault_is_named_by_row_and_column(
    headings: list[str], row: list[Any], expected: tuple[int, str, str]
) -> None:
    ((number, column, words),) = faults(workbook(headings, row))
    assert (number, column) == expected[:2]
    assert expected[2] in words


@pytest.mark.usefixtures("groups")
def test_all_that_is_wrong_is_told_at_once() -> None:
    content = workbook(
        ["団体番号", "団体名", "種別", "電話"],
        [7, "", "同好会", 1],
        [8, "ことり文庫", "NPO法人", None],
        [8, "ことり文庫", "NPO法人", None],
    )
    assert [(row, column[0]) for row, column, _words in faults(content)] == [(2, "B"), (2, "C"), (2, "D"), (4, "A")]


@pytest.mark.usefixtures("groups")
def test_a_group_whose_registration_has_ended_is_not_published_by_a_file() -> None:
    Group.objects.filter(number=9).update(standing=GroupStanding.EXPIRED)
    ((row, column, words),) = faults(workbook(["団体番号", "団体名", "公開"], [9, "かくれ会", "○"]))
    assert (row, column) == (2, "C（公開）")
    assert "期限切れ" in words


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "何も書かれていません"),
        (b"PK\x03\x04 broken", "読めませんでした"),
        (b"%PDF-1.7", "表計算のファイル（.xlsx）かCSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "表計算のファイル（.xlsx）かCSV"),
        (an_ods(), "表計算のファイル（.xlsx）かCSV"),
        ("団体番号,団体名\n7,会\n".encode("utf-16"), "文字コードがわかりません"),
        ("団体番号,団体名\n7,𠮷の会\n".encode() + b"\xff", "文字コードがわかりません"),
    ],
)
def test_what_is_no_table_is_said_to_be_none(in_shimonoseki: Municipality, content: bytes, words: str) -> None:
    ((_row, _column, said),) = faults(content)
    assert words in said


def test_a_change_meanwhile_stops_the_writing(groups: list[Group], keeper: Membership) -> None:
    services.read_file("団体.xlsx", workbook(["団体番号", "団体名"], [8, "ことり会"]), by=keeper)
    sent = GroupImport.objects.get()
    services.check_file(sent, lambda done, total: None)
    Group.objects.filter(number=8).update(name="うみどり文庫")
    with pytest.raises(JobError, match="確かめたあとに"):
        services.write_file(sent, lambda done, total: None, bring_register)
    assert Group.objects.get(number=8).name == "うみどり文庫"


def test_ten_thousand_rows_with_37_faults_and_then_without(
    in_shimonoseki: Municipality, make_group: MakeGroup, keeper: Membership
) -> None:
    make_group("もとからある会", number=5)
    headings = ["団体番号", "団体名", "種別", "電話", "登録日"]
    rows = [[None, f"第{n}の会", "市民活動団体", f"083-{n:03}-0000", "2026-04-01"] for n in range(10_000)]
    wrong = {250 * n: (2 + n % 3, bad) for n, bad in enumerate(["同好会", 83, "きのう"] * 12 + ["同好会"])}
    right = {row: list(rows[row]) for row in wrong}
    for row, (column, bad) in wrong.items():
        rows[row][column] = bad
    said: list[tuple[int, int]] = []
    services.read_file("団体.xlsx", workbook(headings, *rows), by=keeper)
    sent = GroupImport.objects.get()
    services.check_file(sent, lambda done, total: said.append((done, total)))
    assert sent.outcome["faults_count"] == 37
    assert [(fault["row"], fault["column"][0]) for fault in sent.outcome["faults"]] == [
        (row + 2, "ABCDE"[column]) for row, (column, _bad) in wrong.items()
    ]
    assert said[-1] == (10_000, 10_000)
    assert Group.objects.count() == 1

    for row, cells in right.items():
        rows[row] = cells
    services.read_file("団体.xlsx", workbook(headings, *rows), by=keeper)
    sent = GroupImport.objects.get()
    services.check_file(sent, lambda done, total: None)
    assert (sent.outcome["created_count"], sent.outcome["faults_count"]) == (10_000, 0)
    progress = Progress()
    kind_named(services.WRITE_FILE).body(progress, import_id=sent.pk)
    assert progress.said[0] == 90
    assert Group.objects.count() == 10_001
    assert Group.objects.get(number=10_005).name == "第9999の会"


def test_reading_asks_the_same_number_of_queries_however_long_the_file(
    in_shimonoseki: Municipality, make_group: MakeGroup
) -> None:
    counts = []
    for more in (1, 40):
        for _ in range(more):
            make_group("花の会", 1, 3)
        content = exchange.exported_csv()
        with CaptureQueriesContext(connection) as queries:
            exchange.read(content)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_file_nobody_decides_about_is_forgotten(keeper: Membership) -> None:
    services.read_file("団体.csv", b"x", by=keeper)
    services.discard_old_files()
    assert GroupImport.objects.exists()
    GroupImport.objects.update(read_at=timezone.now() - timedelta(days=services.DAYS_KEPT, minutes=1))
    services.discard_old_files()
    assert not GroupImport.objects.exists()


def test_a_file_with_faults_is_not_written(groups: list[Group], keeper: Membership) -> None:
    content = workbook(["団体番号", "団体名"], [8, "ことり会"], [9, ""])
    with pytest.raises(JobError, match="書きこみませんでした"):
        read_and_write(content, keeper)
    assert Group.objects.get(number=8).name == "ことり文庫"


# ---- in the browser ----


def test_a_file_is_sent_checked_seen_and_written(
    staff: Client, shimonoseki: Municipality, make_group: MakeGroup
) -> None:
    with acting_as(shimonoseki):
        make_group("ことり文庫", number=8)
    content = workbook(["団体番号", "団体名"], [8, "ことり会"])
    answer = staff.post(URL, {"file": SimpleUploadedFile("団体.xlsx", content)})
    with acting_as(shimonoseki):
        check = Job.objects.get()
        assert answer.headers["Location"] == f"/shimonoseki/office/jobs/{check.pk}/"
        kind_named(check.kind).body(Progress(), **check.parameters)
    assert "まだ決めていません" in staff.get(URL).content.decode()
    page = staff.get(f"{URL}check/").content.decode()
    assert "ことり文庫" in page
    assert "ことり会" in page
    assert "この内容を書きこむ" in page
    staff.post(f"{URL}check/")
    with acting_as(shimonoseki):
        write = Job.objects.first()
        assert (write.kind, write.title) == (services.WRITE_FILE, "書きこむ：団体.xlsx")
        kind_named(write.kind).body(Progress(), **write.parameters)
        assert Group.objects.get(number=8).name == "ことり会"


def test_a_file_with_faults_cannot_be_confirmed(staff: Client, shimonoseki: Municipality) -> None:
    staff.post(URL, {"file": SimpleUploadedFile("団体.csv", "団体番号,団体名\nx,会\n".encode())})
    with acting_as(shimonoseki):
        check = Job.objects.get()
        kind_named(check.kind).body(Progress(), **check.parameters)
    page = staff.get(f"{URL}check/").content.decode()
    assert "直すところが1か所あります" in page
    assert "A（団体番号）" in page
    assert "この内容を書きこむ" not in page
    staff.post(f"{URL}check/")
    with acting_as(shimonoseki):
        assert Job.objects.count() == 1


def test_a_file_is_given_up(staff: Client, shimonoseki: Municipality) -> None:
    staff.post(URL, {"file": SimpleUploadedFile("団体.csv", b"x")})
    assert staff.post(f"{URL}discard/").status_code == 302
    with acting_as(shimonoseki):
        assert not GroupImport.objects.exists()
        check = Job.objects.get()
        with pytest.raises(JobError, match="取り消されたか"):
            kind_named(check.kind).body(Progress(), **check.parameters)


def test_the_directory_is_written_to_a_file_by_a_job(
    staff: Client, shimonoseki: Municipality, make_group: MakeGroup
) -> None:
    with acting_as(shimonoseki):
        make_group("ことり文庫", number=8)
    staff.post(f"{URL}export/", {"form": "xlsx"})
    with acting_as(shimonoseki):
        job = Job.objects.get()
        file = kind_named(job.kind).body(Progress(), **job.parameters)
    assert file is not None
    assert file.filename.endswith(".xlsx")
    assert [row[1] for row in table(file.content)] == ["団体名", "ことり文庫"]
