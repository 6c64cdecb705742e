"""A report is frozen once, made anew until it is published, and then never changes."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from civic import printing
from civic.accounts.models import Role, User
from civic.audit.models import Change
from civic.printing import NoJapaneseFont
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from plans.demo import publish_sample_reports
from plans.loading import load
from plans.models import AnnualReport, Plan, ReportPdf, ReportUnfreezing
from plans.queries import frozen_reports, read_tree
from plans.reports.snapshot import SCHEMA, build_snapshot, digest
from plans.services import ReportRefused, make_report, publish_report, unfreeze_report
from tests.conftest import MakeMember
from tests.fixtures.documents import FIXTURES


@pytest.fixture
def plan(in_shimonoseki: Municipality, folder: Path) -> Plan:
    load(folder)
    return Plan.objects.get()


@pytest.fixture
def planner(member: MakeMember, in_shimonoseki: Municipality) -> User:
    return member(in_shimonoseki, Role.PLANNER)


class Progress:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.said: list[int] = []

    def __call__(self, percent: int, words: str) -> None:
        assert words
        self.said.append(percent)


def test_a_report_is_its_snapshot_and_the_pdf_made_of_it(plan: Plan) -> None:
    progress = Progress()
    report = make_report(plan, 2025, progress)
    report.refresh_from_db()
    assert report.status == "frozen"
    assert report.snapshot["schema"] == SCHEMA
    assert report.sha256 == digest(report.snapshot)
    assert bytes(report.pdf.content).startswith(b"%PDF-1.7")
    assert report.pdf.pages > 3
    assert progress.said == sorted(progress.said)
    assert progress.said[-1] < 100  # the job itself says when all is done


def test_the_snapshot_says_what_year_of_the_plan_it_is(plan: Plan, in_shimonoseki: Municipality) -> None:
    snapshot = build_snapshot(in_shimonoseki, read_tree(plan, 2025), 2025, made_on=date(2026, 5, 1), is_sample=False)
    assert (snapshot["year_of_plan"], snapshot["years_of_plan"], snapshot["expected_pace"]) == (2, 5, "40.0％")
    assert snapshot["fiscal_year_label"] == "令和7年度（2025年度）"
    assert snapshot["made_on_label"] == "令和8年5月1日"
    assert [(row["reference"], row["cell"]["text"], row["cell"]["arrow"]) for row in snapshot["scheduled"]] == [
        ("施策1 ①", "実施", True)
    ]
    assert [kpi["key"] for kpi in snapshot["kpis"]] == ["matches", "participants"]
    assert {"of": "会場の提供", "text": "「会場」を補った。"} in snapshot["notes"]


def test_the_digest_knows_the_words_and_not_their_order(plan: Plan, in_shimonoseki: Municipality) -> None:
    snapshot = build_snapshot(in_shimonoseki, read_tree(plan, 2025), 2025, made_on=date(2026, 5, 1), is_sample=False)
    reordered = json.loads(json.dumps(dict(reversed(snapshot.items()))))
    assert digest(reordered) == digest(snapshot)
    reordered["plan"]["nodes"][0]["title"] += "。"
    assert digest(reordered) != digest(snapshot)


def test_a_frozen_report_is_made_anew_once_it_is_opened_again_for_a_reason(plan: Plan, planner: User) -> None:
    first = make_report(plan, 2025, Progress())
    frozen = first.sha256
    with pytest.raises(ReportRefused, match="確定"):
        make_report(plan, 2025, Progress())
    unfreeze_report(first, "題名のまちがい", planner)
    first.refresh_from_db()
    assert (first.status, first.snapshot, first.sha256) == ("draft", None, "")
    assert not ReportPdf.objects.exists()
    opened = ReportUnfreezing.objects.get()
    assert (opened.report_id, opened.sha256, opened.reason, opened.by) == (first.pk, frozen, "題名のまちがい", planner)
    assert Change.objects.filter(table_name="plans_reportunfreezing", action="insert").count() == 1

    Plan.objects.update(title="改めた計画")
    again = make_report(Plan.objects.get(), 2025, Progress())
    assert (again.pk, again.snapshot["plan"]["title"]) == (first.pk, "改めた計画")
    assert again.sha256 != frozen
    assert AnnualReport.objects.count() == ReportPdf.objects.count() == 1


def test_a_published_report_is_not_opened_again(plan: Plan, planner: User) -> None:
    report = make_report(plan, 2025, Progress())
    publish_report(report)
    with pytest.raises(ReportRefused, match="公開中"):
        unfreeze_report(report, "やはり直したい", planner)
    assert ReportPdf.objects.exists()
    assert not ReportUnfreezing.objects.exists()


def test_a_published_report_never_changes(plan: Plan) -> None:
    report = make_report(plan, 2025, Progress())
    published = bytes(report.pdf.content)
    publish_report(report)
    report.refresh_from_db()
    assert report.status == "published"
    assert report.published_at is not None
    with pytest.raises(ReportRefused, match="公開中"):
        make_report(plan, 2025, Progress())
    with pytest.raises(ReportRefused):
        publish_report(report)
    assert bytes(ReportPdf.objects.get().content) == published


@pytest.mark.parametrize("year", [2023, 2029])
def test_a_year_outside_the_plan_has_no_report(plan: Plan, year: int) -> None:
    with pytest.raises(ReportRefused, match="年度"):
        make_report(plan, year, Progress())
    assert not AnnualReport.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"status": "frozen"},
        {"status": "published", "snapshot": {}, "sha256": "0" * 64},
        {"status": "frozen", "snapshot": {}, "sha256": "none", "frozen_at": "2026-05-01T00:00Z"},
        {"status": "shelved"},
    ],
)
def test_the_database_refuses_a_report_in_no_possible_state(plan: Plan, values: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        AnnualReport.objects.create(plan=plan, fiscal_year=2025, **values)


def test_a_machine_without_japanese_letters_says_so(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "has_japanese_font", lambda: False)
    with pytest.raises(NoJapaneseFont, match="フォント"):
        make_report(plan, 2025, Progress())
    assert not AnnualReport.objects.exists()


def test_lists_of_reports_never_load_what_they_say(plan: Plan) -> None:
    make_report(plan, 2025, Progress())
    with CaptureQueriesContext(connection) as queries:
        assert [report.fiscal_year for report in frozen_reports(plan)] == [2025]
    assert len(queries) == 1
    assert "snapshot" not in queries[0]["sql"]
    assert "content" not in queries[0]["sql"]


def test_the_trail_keeps_a_reports_digest_and_not_its_whole(plan: Plan) -> None:
    report = make_report(plan, 2025, Progress())
    rows = Change.objects.filter(table_name__in=["plans_annualreport", "plans_reportpdf"])
    assert any(row.after.get("sha256") == report.sha256 for row in rows)
    assert not any({"snapshot", "content"} & row.after.keys() for row in rows)


def test_sample_reports_are_published_once(shimonoseki: Municipality, nagato: Municipality) -> None:
    with acting_as(nagato):
        load(FIXTURES / "nagato")
        publish_sample_reports()
        report = AnnualReport.objects.get()
        assert (report.plan.slug, report.fiscal_year, report.status) == ("second", 2021, "published")
        assert report.is_sample
        assert report.snapshot["is_sample"]
        with CaptureQueriesContext(connection) as queries:
            publish_sample_reports()
        assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) == 1
    with acting_as(shimonoseki):
        publish_sample_reports()  # no plans are loaded here
        assert not AnnualReport.objects.exists()
