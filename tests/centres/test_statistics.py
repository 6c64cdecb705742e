"""Consultations counted: each case once, by whatever one may ask for; as a page and as a spreadsheet."""

import re
from datetime import datetime
from io import BytesIO
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from centres.models import ConsultationCategory, ConsultationEntry
from centres.periods import Period
from centres.statistics import Statistics, Tally, statistics
from civic.accounts.models import Role, User
from civic.bars import bars
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.centres.conftest import LogOne, MakeGroup
from tests.centres.test_consultations import typed
from tests.conftest import SignIn

URL = "/shimonoseki/office/consultations/statistics"


def at(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime(year, month, day, hour, minute))  # noqa: DTZ001  made aware right here


def rows(found: Statistics, name: str) -> dict[str, tuple[int, int, int, int]]:
    """What a table says of what occurred: cases, people, minutes, contacts."""
    (table,) = (table for table in found.tables if table.name == name)
    return {
        label: (tally.cases, tally.people, tally.minutes, tally.contacts)
        for label, tally in table.rows
        if tally != Tally()
    }


@pytest.fixture
def year(shimonoseki: Municipality, nagato: Municipality, staff: Client, log_one: LogOne) -> None:
    """Two cases of fiscal year 2026, one of which goes on in the next month; others around it and elsewhere."""
    me = User.objects.get(email="staff@shimonoseki.example.jp")
    with acting_as(nagato):
        log_one("長門の相談", received_at=at(2026, 5, 11))
    with acting_as(shimonoseki):
        setting_up, books = (ConsultationCategory.objects.create(name=name) for name in ("設立", "会計"))
        first = log_one(
            "会のつくり方",
            setting_up,
            books,
            received_at=at(2026, 5, 11, 10, 30),
            people=3,
            minutes=20,
            field=7,
            asker_kind="npo",
            staff=me,
        )
        log_one("帳簿", books, received_at=at(2026, 5, 16, 13), method="visit", minutes=5, field=None)
        ConsultationEntry.objects.create(
            consultation=first, said="電話した", made_at=at(2026, 6, 2, 16), method="email", minutes=10
        )
        log_one("前の年度", books, received_at=at(2026, 3, 31, 23, 59), minutes=60)
        log_one("次の年度", books, received_at=at(2027, 4, 1, 0, 0), minutes=60)


@pytest.mark.usefixtures("year")
def test_a_case_counts_once_and_a_later_contact_adds_its_minutes(shimonoseki: Municipality) -> None:
    with acting_as(shimonoseki):
        found = statistics(Period(2026))
    assert found.total == Tally(cases=2, people=4, minutes=35, contacts=3)
    assert rows(found, "month") == {"5月": (2, 4, 25, 2), "6月": (0, 0, 10, 1)}
    assert rows(found, "category") == {"設立": (1, 3, 30, 2), "会計": (2, 4, 35, 3)}
    assert rows(found, "field") == {"環境の保全": (1, 3, 30, 2), "分野なし": (1, 1, 5, 1)}
    assert rows(found, "method") == {"電話": (1, 3, 20, 1), "来所": (1, 1, 5, 1), "メール": (0, 0, 10, 1)}
    assert rows(found, "asker") == {"NPO": (1, 3, 30, 2), "個人": (1, 1, 5, 1)}
    assert rows(found, "staff") == {"センター職員の人": (1, 3, 20, 1), "記録なし": (1, 1, 15, 2)}
    assert rows(found, "weekday") == {"月": (1, 3, 20, 1), "火": (0, 0, 10, 1), "土": (1, 1, 5, 1)}
    assert rows(found, "hour") == {"10時台": (1, 3, 20, 1), "13時台": (1, 1, 5, 1), "16時台": (0, 0, 10, 1)}


@pytest.mark.usefixtures("year")
def test_a_month_counts_what_was_in_it(shimonoseki: Municipality) -> None:
    with acting_as(shimonoseki):
        may, june, march = (statistics(Period(year, month)) for year, month in ((2026, 5), (2026, 6), (2025, 3)))
    assert may.total == Tally(cases=2, people=4, minutes=25, contacts=2)
    assert june.total == Tally(cases=0, people=0, minutes=10, contacts=1)
    assert march.total == Tally(cases=1, people=1, minutes=60, contacts=1)
    assert "month" not in {table.name for table in may.tables}


def test_a_call_that_leads_to_a_group_two_days_later_counts_once_in_its_month(
    staff: Client,
    shimonoseki: Municipality,
    categories: list[ConsultationCategory],
    make_group: MakeGroup,
) -> None:
    when = {f"received_on_{part}": value for part, value in (("year", 2026), ("month", 5), ("day", 30))}
    both = [category.pk for category in categories[:2]]
    page = staff.post("/shimonoseki/office/consultations/new/", typed(**when, minutes="20", categories=both)).headers[
        "Location"
    ]
    with acting_as(shimonoseki):
        group = make_group("花の会")
        before = statistics(Period(2026, 5))
    sent = {"kind": "group", "group": group.pk, "referred_on_year": 2026, "referred_on_month": 6, "referred_on_day": 1}
    assert staff.post(f"{page}referrals/", sent).headers["Location"] == page
    with acting_as(shimonoseki):
        may, june = (statistics(Period(2026, month)) for month in (5, 6))
    assert may.total == before.total == Tally(cases=1, people=1, minutes=20, contacts=1)
    assert rows(may, "category") == {"設立": (1, 1, 20, 1), "会計": (1, 1, 20, 1)}
    assert june.total == Tally()


@pytest.mark.usefixtures("year")
def test_the_page_says_which_table_counts_a_case_several_times(staff: Client) -> None:
    page = staff.get(f"{URL}/?fiscal_year=2026").content.decode()
    assert page.count("（複数回答）") == 1
    assert "複数回答：一つの相談に" in page
    assert page.count("<svg") >= 8
    assert "令和8年度（2026年度）" in page
    month = staff.get(f"{URL}/?fiscal_year=2026&month=6").content.decode()
    assert "令和8年6月（2026年）" in month


@pytest.mark.usefixtures("year")
def test_the_spreadsheet_holds_the_same_numbers(staff: Client) -> None:
    response = staff.get(f"{URL}.xlsx?fiscal_year=2026")
    assert "consultations-2026.xlsx" in response.headers["Content-Disposition"]
    book = load_workbook(BytesIO(response.content))
    assert list(book["合計"].values)[1][:5] == ("令和8年度（2026年度）", 2, 4, 35, 3)
    assert list(book["相談の種類（複数回答）"].values) == [
        ("相談の種類", "件数（件）", "人数（人）", "所要時間（分）", "やりとり（回）"),
        ("設立", 1, 3, 30, 2),
        ("会計", 2, 4, 35, 3),
    ]
    assert len(book.sheetnames) == 9


def test_words_that_look_like_a_formula_stay_words(staff: Client, shimonoseki: Municipality, log_one: LogOne) -> None:
    with acting_as(shimonoseki):
        log_one("相談", ConsultationCategory.objects.create(name="=1+1"))
    book = load_workbook(BytesIO(staff.get(f"{URL}.xlsx").content))
    cell = book["相談の種類（複数回答）"]["A2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize("query", ["?fiscal_year=1999", "?fiscal_year=2026&month=13", "?fiscal_year=x"])
def test_a_wrong_period_is_named(staff: Client, query: str) -> None:
    response = staff.get(f"{URL}/{query}")
    assert response.status_code == 400
    assert "一覧の中からえらんでください。" in response.content.decode()


def test_a_centre_without_consultations_has_a_page_of_zeros(staff: Client) -> None:
    assert re.search(r"件数</dt><dd>0<", staff.get(f"{URL}/").content.decode())


def test_the_same_number_of_queries_however_many_there_are(
    staff: Client, shimonoseki: Municipality, categories: list[ConsultationCategory], log_one: LogOne
) -> None:
    counts = []
    for more in (1, 9):
        with acting_as(shimonoseki):
            for _ in range(more):
                ConsultationEntry.objects.create(consultation=log_one("相談", *categories), said="話")
        with CaptureQueriesContext(connection) as queries:
            staff.get(f"{URL}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("role", [Role.PLANNER, Role.GROUP])
def test_other_roles_may_not(signed_in: SignIn, shimonoseki: Municipality, role: Role) -> None:
    client = signed_in(shimonoseki, role)
    assert [client.get(address).status_code for address in (f"{URL}/", f"{URL}.xlsx")] == [403, 403]


def test_bars_are_as_long_as_their_numbers_and_say_them() -> None:
    svg = ElementTree.fromstring(bars("x", "件数", [("設立", 40), ("会計<&", 10), ("なし", 0)], "件"))  # noqa: S314  our own
    space = "{http://www.w3.org/2000/svg}"
    lengths = [float(bar.attrib["width"]) for bar in svg.iter(f"{space}rect")]
    assert lengths == [lengths[0], pytest.approx(lengths[0] / 4, abs=0.1), 0]
    assert svg.findtext(f"{space}desc") == "設立 40件、会計<& 10件、なし 0件"
    assert svg.attrib["aria-labelledby"] == "x-title x-desc"
