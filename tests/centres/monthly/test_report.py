"""A month's report: made by a job, signed off by the manager, unchanged afterwards."""

from datetime import date, datetime
from io import BytesIO

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from centres.models import Consultation, ConsultationCategory
from centres.monthly import services
from centres.monthly.jobs import MONTHLY_REPORT
from centres.monthly.models import MonthlyReport
from civic.accounts.models import Role, User
from civic.audit.models import Action, Change
from civic.jobs.kinds import Progress, kind_named
from civic.jobs.models import Job
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.centres.conftest import LogOne
from tests.conftest import SignIn

OFFICE = "/shimonoseki/office/monthly/"
URL = f"{OFFICE}2025/10/"
OCTOBER = date(2025, 10, 1)


@pytest.fixture
def manager(signed_in: SignIn, shimonoseki: Municipality) -> Client:
    return signed_in(shimonoseki, Role.MANAGER)


@pytest.fixture
def recorded(shimonoseki: Municipality, log_one: LogOne) -> None:
    with acting_as(shimonoseki):
        category = ConsultationCategory.objects.create(name="=設立")
        received = timezone.make_aware(datetime(2025, 10, 5, 10))  # noqa: DTZ001  made aware right here
        log_one("会のつくり方", category, received_at=received, minutes=20)


def make(municipality: Municipality) -> None:
    """What the worker does."""
    with acting_as(municipality):
        kind_named(MONTHLY_REPORT).body(Progress(), year=2025, month=10)


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


@pytest.mark.usefixtures("recorded")
def test_it_is_asked_for_and_made_by_a_job(staff: Client, shimonoseki: Municipality) -> None:
    assert staff.get(URL).status_code == 404
    assert staff.get(f"{OFFICE}?fiscal_year=2025").content.decode().count("まだ作っていません") == 12
    response = staff.post(f"{OFFICE}make/", {"month": "2025-10-01"})
    with acting_as(shimonoseki):
        job = Job.objects.get()
        assert response.headers["Location"] == f"/shimonoseki/office/jobs/{job.pk}/"
        assert (job.kind, job.parameters) == (MONTHLY_REPORT, {"year": 2025, "month": 10})
        assert job.title == "令和7年10月（2025年） 月次報告書"
        progress: list[int] = []
        services.make_report(OCTOBER, lambda percent, _words: progress.append(percent))
        assert progress == sorted(progress)
    page = staff.get(URL).content.decode()
    assert "まだ締めていません（案）" in page
    assert "相談の件数（件）" in page
    assert "確かめて締める" not in page  # the manager's


@pytest.mark.usefixtures("recorded")
def test_page_pdf_and_spreadsheet_say_the_same(staff: Client, shimonoseki: Municipality) -> None:
    make(shimonoseki)
    staff.post(f"{URL}words/", {"words": "まつりの\n準備が始まった。"})
    make(shimonoseki)
    pdf = staff.get(f"{URL}report.pdf")
    assert "monthly-2025-10.pdf" in pdf.headers["Content-Disposition"]
    reader = PdfReader(BytesIO(pdf.content))
    catalogue = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "ja"
    assert "月次報告書 令和7年10月（2025年）" in reader.metadata.title
    said = text_of(pdf.content)
    for words in ("（案）", "相談の件数", "相談の種類（複数回答）", "=設立", "準備が始まった。", "1 / "):
        assert words in said
    book = load_workbook(BytesIO(staff.get(f"{URL}report.xlsx").content))
    figures = {row[0]: row for row in book["月次報告"].iter_rows(values_only=True)}
    assert figures["項目"][3:6] == ("10月", "前年の10月", "増減")
    assert figures["相談の件数"] == ("相談の件数", "相談", "件", 1, None, None, 1, None, None)
    assert [cell.value for cell in book["相談の種類（複数回答）"][2]] == ["=設立", 1, 20]
    assert book["相談の種類（複数回答）"]["A2"].data_type == "s"
    about = dict(book["この報告について"].iter_rows(values_only=True))
    assert about["センターからひとこと"] == "まつりの\n準備が始まった。"


@pytest.mark.usefixtures("recorded")
def test_signed_off_it_stays_as_the_manager_saw_it(manager: Client, staff: Client, shimonoseki: Municipality) -> None:
    make(shimonoseki)
    page = manager.get(f"{URL}close/")
    assert "この内容で締める" in page.content.decode()
    seen = page.context["form"]["seen"].value()
    assert "/office/jobs/" in manager.post(f"{URL}close/", {"seen": seen}).headers["Location"]
    make(shimonoseki)
    handed_over = staff.get(f"{URL}report.pdf").content
    assert "館長の人" in text_of(handed_over)
    assert "（案）" not in text_of(handed_over)

    with acting_as(shimonoseki):
        Consultation.objects.all().delete()
    for again in range(2):
        staff.post(f"{OFFICE}make/", {"month": "2025-10-01"})
        make(shimonoseki)
        staff.post(f"{URL}words/", {"words": f"{again}回目"})
        manager.post(f"{URL}close/", {"seen": seen})
    assert staff.get(f"{URL}report.pdf").content == handed_over
    shown = staff.get(URL).content.decode()
    assert "数えなおして" not in shown
    with acting_as(shimonoseki):
        report = MonthlyReport.objects.get()
        assert report.snapshot["sections"][0]["lines"][0]["month"] == 1
        assert (report.words, report.closed_by.email) == ("", "manager@shimonoseki.example.jp")


@pytest.mark.usefixtures("recorded")
def test_the_database_lets_nothing_of_a_closed_report_change(shimonoseki: Municipality, manager: Client) -> None:
    make(shimonoseki)
    me = User.objects.get(email="manager@shimonoseki.example.jp")
    with acting_as(shimonoseki):
        services.close_report(OCTOBER, seen=MonthlyReport.objects.get().made_at.isoformat(), by=me)
        MonthlyReport.objects.update(pdf=b"printed")
    for change in ({"words": "あとから"}, {"snapshot": {}}, {"closed_at": None, "closed_by": None}, {"pdf": b"other"}):
        with pytest.raises(IntegrityError, match="stays as it is"), acting_as(shimonoseki):
            MonthlyReport.objects.update(**change)
    with pytest.raises(IntegrityError, match="stays as it is"), acting_as(shimonoseki):
        MonthlyReport.objects.all().delete()


@pytest.mark.usefixtures("recorded")
def test_what_was_closed_is_put_right_in_a_next_edition(
    manager: Client, staff: Client, signed_in: SignIn, shimonoseki: Municipality, log_one: LogOne
) -> None:
    def close() -> None:
        manager.post(f"{URL}close/", {"seen": manager.get(f"{URL}close/").context["form"]["seen"].value()})

    make(shimonoseki)
    assert manager.get(f"{URL}correct/").headers["Location"] == URL, "an open one is counted anew as it is"
    with acting_as(shimonoseki), pytest.raises(services.Refused):
        services.drop_correction(OCTOBER)
    close()
    manager.post(f"{URL}correct/", {"reason": "まだ早い"})
    assert "先にPDFを作ってください。" in manager.get(URL).content.decode()
    make(shimonoseki)
    handed_over = staff.get(f"{URL}report.pdf").content
    assert manager.post(f"{URL}correct/", {"reason": ""}).status_code == 400

    with acting_as(shimonoseki):
        received = timezone.make_aware(datetime(2025, 10, 6, 10))  # noqa: DTZ001  made aware right here
        log_one("あとから", received_at=received)
    manager.post(f"{URL}correct/", {"reason": "あとから1件、記録した"})
    with acting_as(shimonoseki), pytest.raises(services.Refused):
        services.correct_report(OCTOBER, "同時に")
    planner = signed_in(shimonoseki, Role.PLANNER)
    assert "第2版" not in planner.get(URL).content.decode(), "the city reads what is closed"
    assert planner.get(f"{URL}?edition=2").status_code == 404
    begun = staff.get(URL).content.decode()
    assert "あとから1件、記録した" in begun
    assert "月と累計の数字は変わっていません。" in begun
    assert "第2版の案" in manager.get(f"{URL}correct/drop/").content.decode()
    assert "訂正を取りやめました" in manager.post(f"{URL}correct/drop/", follow=True).content.decode()
    assert manager.get(f"{URL}?edition=2").status_code == 404
    assert manager.post(f"{URL}correct/drop/").headers["Location"] == URL
    assert staff.get(f"{URL}report.pdf").content == handed_over
    manager.post(f"{URL}correct/", {"reason": "あとから1件、記録した"})
    make(shimonoseki)
    close()
    make(shimonoseki)

    corrected = text_of(planner.get(f"{URL}report.pdf").content)
    for words in ("第2版", "あとから1件、記録した", "館長の人", "訂正前"):
        assert words in corrected
    assert "（案）" not in corrected
    assert planner.get(f"{URL}report.pdf?edition=1").content == handed_over
    first, second = (planner.get(f"{URL}?edition={edition}").content.decode() for edition in (1, 2))
    assert "この版のあとに、訂正した版があります。" in first
    assert "あとから1件、記録した" not in first
    assert "この版のあとに" not in second
    assert [planner.get(f"{URL}?edition={edition}").status_code for edition in ("3", "0", "x")] == [404, 404, 404]
    book = load_workbook(BytesIO(planner.get(f"{URL}report.xlsx").content))
    assert list(book["訂正"].iter_rows(values_only=True))[1:] == [
        ("相談の件数", "件", "月", 1, 2),
        ("相談の件数", "件", "4月からの累計", 1, 2),
        ("相談した人", "人", "月", 1, 2),
        ("相談した人", "人", "4月からの累計", 1, 2),
        ("相談にかけた時間", "分", "月", 20, 35),
        ("相談にかけた時間", "分", "4月からの累計", 20, 35),
    ]
    with acting_as(shimonoseki):
        change = Change.objects.filter(table_name="monthly_monthlyreport", action=Action.INSERT).latest("pk")
        assert change.after is not None
        assert change.after["reason"] == "あとから1件、記録した"


def test_a_month_that_runs_cannot_be_closed_nor_one_that_was_made_anew(
    manager: Client, shimonoseki: Municipality
) -> None:
    today = timezone.localdate()
    this_month = f"{OFFICE}{today.year}/{today.month}/"
    with acting_as(shimonoseki):
        services.make_report(today.replace(day=1), lambda _percent, _words: None)
    seen = manager.get(f"{this_month}close/").context["form"]["seen"].value()
    manager.post(f"{this_month}close/", {"seen": seen})
    assert "月が終わってから締めてください。" in manager.get(this_month).content.decode()

    make(shimonoseki)
    seen = manager.get(f"{URL}close/").context["form"]["seen"].value()
    make(shimonoseki)
    manager.post(f"{URL}close/", {"seen": seen})
    assert "見ているあいだに作りなおされました。" in manager.get(URL).content.decode()
    with acting_as(shimonoseki):
        assert not MonthlyReport.objects.exclude(closed_at=None).exists()


def test_words_written_later_are_in_the_report_and_its_pdf_is_made_anew(
    staff: Client, shimonoseki: Municipality
) -> None:
    make(shimonoseki)
    assert staff.post(f"{URL}words/", {"words": "まつりの準備が始まった。"}).headers["Location"] == URL
    assert staff.get(f"{URL}report.pdf").status_code == 404
    assert "まつりの準備が始まった。" in staff.get(URL).content.decode()
    assert staff.post(f"{URL}words/", {"words": "a\x08b"}).status_code == 400
    make(shimonoseki)
    assert "まつりの準備が始まった。" in text_of(staff.get(f"{URL}report.pdf").content)


@pytest.mark.usefixtures("recorded")
def test_the_city_reads_what_is_closed_and_nothing_else(
    signed_in: SignIn, manager: Client, shimonoseki: Municipality
) -> None:
    planner = signed_in(shimonoseki, Role.PLANNER)
    make(shimonoseki)
    addresses = (URL, f"{URL}report.pdf", f"{URL}report.xlsx")
    assert [planner.get(address).status_code for address in addresses] == [404, 404, 404]
    assert "令和7年10月" not in planner.get(f"{OFFICE}?fiscal_year=2025").content.decode()
    manager.post(f"{URL}close/", {"seen": manager.get(f"{URL}close/").context["form"]["seen"].value()})
    make(shimonoseki)
    assert [planner.get(address).status_code for address in addresses] == [200, 200, 200]
    assert "令和7年10月" in planner.get(f"{OFFICE}?fiscal_year=2025").content.decode()
    assert planner.post(f"{OFFICE}make/", {"month": "2025-10-01"}).status_code == 403
    assert signed_in(shimonoseki, Role.STAFF).post(f"{URL}close/", {"seen": ""}).status_code == 403
    assert signed_in(shimonoseki, Role.GROUP).get(URL).status_code == 403


def test_another_municipalitys_report_is_not_there(staff: Client, nagato: Municipality) -> None:
    make(nagato)
    with acting_as(nagato):
        services.write_words(OCTOBER, "長門のひとこと")
    for address in (URL, f"{URL}report.xlsx", f"{URL}words/", "/nagato/office/monthly/2025/10/"):
        assert staff.get(address).status_code == 404, address
    assert staff.post(f"{URL}words/", {"words": "下関のひとこと"}).status_code == 404


@pytest.mark.parametrize("month", ["2999-01-01", "2025-10-02", "2025-13-01", ""])
def test_a_month_that_is_none_or_has_not_begun_is_not_made(
    staff: Client, shimonoseki: Municipality, month: str
) -> None:
    response = staff.post(f"{OFFICE}make/", {"month": month})
    assert response.status_code == 400
    assert "この月の報告書は作れません。" in response.content.decode()
    with acting_as(shimonoseki):
        assert not Job.objects.exists()


def test_the_list_takes_the_same_number_of_queries_however_many_there_are(
    staff: Client, shimonoseki: Municipality, log_one: LogOne
) -> None:
    with acting_as(shimonoseki):
        log_one("相談", received_at=timezone.make_aware(datetime(2025, 4, 1, 10)))  # noqa: DTZ001  made aware
    counts = []
    for month in (4, 5):
        with acting_as(shimonoseki):
            MonthlyReport.objects.create(month=date(2025, month, 1), snapshot={}, made_at=timezone.now())
        with CaptureQueriesContext(connection) as queries:
            page = staff.get(f"{OFFICE}?fiscal_year=2025").content.decode()
        counts.append(len(queries))
    assert page.count('scope="row"') == 12
    assert counts[0] == counts[1]
    assert staff.get(f"{OFFICE}?fiscal_year=1999").status_code == 400
