"""A report as CSV and JSON, at the addresses beside its page."""

import csv
import io
import json
from copy import deepcopy
from pathlib import Path

import pytest
from django.test import Client

from civic.accounts.models import Role
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from indicators.models import Actual, Indicator
from plans.loading import load
from plans.models import AnnualReport, Plan
from plans.reports.data import report_as_csv
from plans.reports.snapshot import digest
from plans.services import correct_report, make_corrected_edition, make_report, publish_report
from tests.conftest import MakeMember, SignIn

HERE = "/shimonoseki/plans/sample/reports/2025"
OFFICE = "/shimonoseki/office/plans/sample/reports/2025"


def quietly(percent: int, words: str) -> None:
    pass


@pytest.fixture
def frozen(shimonoseki: Municipality, folder: Path) -> AnnualReport:
    with acting_as(shimonoseki):
        load(folder)
        Actual.objects.create(indicator=Indicator.objects.get(key="participants"), fiscal_year=2025, value=1400)
        return make_report(Plan.objects.get(), 2025, quietly)


def rows_of(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_only_the_office_reads_the_data_of_a_report_before_it_is_public(
    client: Client, signed_in: SignIn, shimonoseki: Municipality, frozen: AnnualReport
) -> None:
    council = signed_in(shimonoseki, Role.COUNCIL)
    for ending in ("csv", "json"):
        assert client.get(f"{HERE}.{ending}").status_code == 404
        assert client.get(f"{OFFICE}.{ending}").status_code == 302
        assert council.get(f"{OFFICE}.{ending}").status_code == 200
    with acting_as(shimonoseki):
        publish_report(frozen)
    for ending, kind in (("csv", "text/csv; charset=utf-8"), ("json", "application/json")):
        answer = client.get(f"{HERE}.{ending}")
        assert (answer.status_code, answer["Content-Type"]) == (200, kind)


def test_the_json_is_the_snapshot_and_its_digest(
    client: Client, shimonoseki: Municipality, frozen: AnnualReport
) -> None:
    with acting_as(shimonoseki):
        publish_report(frozen)
    data = json.loads(client.get(f"{HERE}.json").content)
    assert data["report"] == json.loads(json.dumps(frozen.snapshot))
    assert data["sha256"] == frozen.sha256 == digest(data["report"])


def test_the_csv_has_one_datum_a_line_numbers_as_numbers(frozen: AnnualReport) -> None:
    rows = rows_of(report_as_csv(frozen.snapshot))
    kpi = {(row["内容"], row["時点"]): (row["値"], row["単位"]) for row in rows if row["記号"] == "participants"}
    assert kpi["現状値", "令和5年度"] == ("1200", "人")
    assert kpi["目標値", "令和10年度"] == ("2000", "人")
    assert kpi["実績値", "令和7年度（2025年度）"] == ("1400", "人")
    assert kpi["達成率", "令和7年度（2025年度）"] == ("50.0", "％")
    (new,) = [row for row in rows if row["記号"] == "matches" and row["内容"] == "実績値"]
    assert (new["値"], new["単位"]) == ("", "")
    cells = [row["値"] for row in rows if row["記号"] == "1-1-1" and row["内容"] == "年次計画"]
    assert cells == ["検討", "実施→", "→", ""]
    assert [row["番号"] for row in rows if row["記号"] == "2-1-1"] == []  # it stands at its main place


def test_a_cell_that_a_spreadsheet_would_compute_is_text(frozen: AnnualReport) -> None:
    snapshot = deepcopy(frozen.snapshot)
    snapshot["kpis"][0] |= {"name": "=1+1", "actual": "-3件"}
    (row,) = [row for row in rows_of(report_as_csv(snapshot)) if row["名称"] == "'=1+1" and row["内容"] == "実績値"]
    assert row["値"] == "-3"


def test_corrections_are_listed_on_the_page_and_in_the_data_and_each_edition_keeps_its_address(
    client: Client, shimonoseki: Municipality, frozen: AnnualReport, member: MakeMember
) -> None:
    planner = member(shimonoseki, Role.PLANNER)
    with acting_as(shimonoseki):
        publish_report(frozen)
    first = client.get(f"{HERE}.pdf").content
    with acting_as(shimonoseki):
        correct_report(AnnualReport.objects.get(), "kpi:participants", {"actual": "1,500人"}, "集計もれ", planner)
    assert "集計もれ" not in client.get(f"{HERE}/").content.decode()
    with acting_as(shimonoseki):
        following = make_corrected_edition(AnnualReport.objects.get(), quietly)
        publish_report(following)

    page = client.get(f"{HERE}/").content.decode()
    assert "1,400人" in page
    assert "集計もれ" in page
    assert f"{HERE}/editions/1.pdf" in page
    assert client.get(f"{HERE}/editions/1.pdf").content == first
    assert client.get(f"{HERE}/editions/2.pdf").content == client.get(f"{HERE}.pdf").content != first
    former = client.get(f"{HERE}/editions/1/").content.decode()
    assert "訂正版を公開しています" in former
    assert "集計もれ" not in former
    rows = [row for row in rows_of(client.get(f"{HERE}.csv").content) if row["区分"] == "訂正"]
    said = [(row["内容"], row["値"]) for row in rows]
    assert said[:3] == [("訂正前", "1,400人"), ("訂正後", "1,500人"), ("理由", "集計もれ")]
    # What is computed from the figure follows it: the achievement, and its calculation.
    assert said[3:6] == [("訂正前", "50.0％"), ("訂正後", "75.0％"), ("理由", "集計もれ")]
    assert [content for content, _words in said[6:]] == ["訂正前", "訂正後", "理由"]
    assert "75.0" in said[7][1]
