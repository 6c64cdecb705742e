"""A planner makes a report, looks at it, and publishes it; who reads drafts may look on."""

from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from civic.accounts.models import Role
from civic.jobs.kinds import Progress, kind_named
from civic.jobs.models import Job
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from plans.jobs import ANNUAL_REPORT
from plans.loading import load
from plans.models import AnnualReport, Plan, ReportUnfreezing
from plans.services import publish_report
from tests.conftest import SignIn

REPORTS = "/shimonoseki/office/plans/sample/reports/"


@pytest.fixture
def plan(shimonoseki: Municipality, folder: Path) -> Plan:
    with acting_as(shimonoseki):
        load(folder)
        return Plan.objects.get()


@pytest.fixture
def report(plan: Plan, shimonoseki: Municipality) -> AnnualReport:
    """A report of 2025, made by the job as a worker would."""
    with acting_as(shimonoseki):
        kind_named(ANNUAL_REPORT).body(Progress(), plan_id=plan.pk, fiscal_year=2025)
        return AnnualReport.objects.get()


def test_the_job_freezes_a_report_that_is_no_sample(report: AnnualReport) -> None:
    assert (report.fiscal_year, report.status, report.is_sample) == (2025, "frozen", False)


def test_a_planner_asks_for_a_report(signed_in: SignIn, shimonoseki: Municipality, plan: Plan) -> None:
    planner = signed_in(shimonoseki, Role.PLANNER)
    assert "年次報告書を作る" in planner.get(REPORTS).content.decode()
    response = planner.post(f"{REPORTS}make/", {"fiscal_year": "2025"}, follow=True)
    with acting_as(shimonoseki):
        job = Job.objects.get()
        assert response.redirect_chain == [(f"/shimonoseki/office/jobs/{job.pk}/", 302)]
        assert job.parameters == {"plan_id": plan.pk, "fiscal_year": 2025}
        assert job.title == "見本の計画 令和7年度（2025年度） 年次報告書"


def test_a_job_that_is_done_leads_to_the_list_of_reports(
    signed_in: SignIn, shimonoseki: Municipality, plan: Plan
) -> None:
    planner = signed_in(shimonoseki, Role.PLANNER)
    planner.post(f"{REPORTS}make/", {"fiscal_year": "2025"})
    with acting_as(shimonoseki):
        job = Job.objects.get()
        unfinished = planner.get(f"/shimonoseki/office/jobs/{job.pk}/").content.decode()
        assert "できたものを見る" not in unfinished
        now = timezone.now()
        Job.objects.update(status="running", attempt=1, heartbeat_at=now)
        Job.objects.update(status="done", percent=100, finished_at=now)
    assert f'href="{REPORTS}"' in planner.get(f"/shimonoseki/office/jobs/{job.pk}/").content.decode()


@pytest.mark.parametrize("year", ["2023", "2199", "", "にせん", "2025\0", "9" * 400])
def test_a_wrong_year_is_said_by_its_field(signed_in: SignIn, shimonoseki: Municipality, plan: Plan, year: str) -> None:
    response = signed_in(shimonoseki, Role.PLANNER).post(f"{REPORTS}make/", {"fiscal_year": year})
    assert response.status_code == 400
    assert "error" in response.content.decode()
    with acting_as(shimonoseki):
        assert not Job.objects.exists()


def test_a_planner_publishes_what_was_frozen(
    signed_in: SignIn, client: Client, shimonoseki: Municipality, report: AnnualReport
) -> None:
    planner = signed_in(shimonoseki, Role.PLANNER)
    assert "公開する" in planner.get(REPORTS).content.decode()
    frozen = planner.get("/shimonoseki/office/plans/sample/reports/2025.pdf").content
    response = planner.post(f"{REPORTS}2025/publish/", follow=True)
    assert "公開しました" in response.content.decode()
    assert client.get("/shimonoseki/plans/sample/reports/2025.pdf").content == frozen
    again = planner.post(f"{REPORTS}2025/publish/", follow=True)
    assert "変えられません" in again.content.decode()


@pytest.mark.parametrize("role", [Role.PLANNER, Role.MANAGER, Role.COUNCIL, Role.OFFICER])
def test_who_reads_drafts_sees_a_frozen_report(
    signed_in: SignIn, shimonoseki: Municipality, report: AnnualReport, role: Role
) -> None:
    reader = signed_in(shimonoseki, role)
    assert "確定（公開前）" in reader.get(REPORTS).content.decode()
    assert "冊子の作成" in reader.get(f"{REPORTS}2025/").content.decode()
    assert reader.get("/shimonoseki/office/plans/sample/reports/2025.pdf").content.startswith(b"%PDF")


@pytest.mark.parametrize("role", [Role.COUNCIL, Role.OFFICER, Role.STAFF, Role.GROUP, Role.SUPPORTER])
def test_only_planners_make_and_publish(
    signed_in: SignIn, shimonoseki: Municipality, report: AnnualReport, role: Role
) -> None:
    person = signed_in(shimonoseki, role)
    assert person.post(f"{REPORTS}make/", {"fiscal_year": "2025"}).status_code == 403
    assert person.post(f"{REPORTS}2025/publish/").status_code == 403
    if role in (Role.COUNCIL, Role.OFFICER):
        html = person.get(REPORTS).content.decode()
        assert "make/" not in html
        assert "publish/" not in html
    else:
        assert person.get(REPORTS).status_code == 403


def test_another_municipalitys_planner_finds_nothing(
    signed_in: SignIn, nagato: Municipality, shimonoseki: Municipality, report: AnnualReport
) -> None:
    stranger = signed_in(nagato, Role.PLANNER)
    assert stranger.get(REPORTS).status_code == 404
    assert stranger.post(f"{REPORTS}2025/publish/").status_code == 404
    assert stranger.get("/nagato/office/plans/sample/reports/").status_code == 404
    assert "見本の計画" not in stranger.get("/nagato/office/plans/").content.decode()


def test_a_draft_of_a_plan_is_read_in_the_office(signed_in: SignIn, shimonoseki: Municipality, plan: Plan) -> None:
    with acting_as(shimonoseki):
        Plan.objects.update(status=Plan.Status.DRAFT)
    reader = signed_in(shimonoseki, Role.COUNCIL)
    assert "見本の計画" in reader.get("/shimonoseki/office/plans/").content.decode()
    assert "冊子の作成" in reader.get("/shimonoseki/office/plans/sample/").content.decode()


def test_publishing_is_asked_first_and_done_once(
    signed_in: SignIn, shimonoseki: Municipality, report: AnnualReport
) -> None:
    planner = signed_in(shimonoseki, Role.PLANNER)
    asked = planner.get(f"{REPORTS}2025/publish/").content.decode()
    assert "公開は取り消せません" in asked
    with acting_as(shimonoseki):
        assert AnnualReport.objects.get().status == "frozen"
    assert "公開しました" in planner.post(f"{REPORTS}2025/publish/", follow=True).content.decode()
    assert "変えられません" in planner.post(f"{REPORTS}2025/publish/", follow=True).content.decode()


def test_taking_a_freezing_back_needs_a_reason(
    signed_in: SignIn, shimonoseki: Municipality, report: AnnualReport
) -> None:
    planner = signed_in(shimonoseki, Role.PLANNER)
    refused = planner.post(f"{REPORTS}2025/unfreeze/", {"reason": " "})
    assert refused.status_code == 400
    with acting_as(shimonoseki):
        assert AnnualReport.objects.get().status == "frozen"
    planner.post(f"{REPORTS}2025/unfreeze/", {"reason": "数の誤り"})
    with acting_as(shimonoseki):
        assert AnnualReport.objects.get().status == "draft"
        assert ReportUnfreezing.objects.get().reason == "数の誤り"


def test_a_planner_corrects_a_published_report_in_the_browsers_forms(
    signed_in: SignIn, shimonoseki: Municipality, report: AnnualReport
) -> None:
    with acting_as(shimonoseki):
        publish_report(report)
    planner = signed_in(shimonoseki, Role.PLANNER)
    here = f"{REPORTS}2025/corrections/"
    assert "参加者数" in planner.get(here).content.decode()
    assert planner.get(f"{here}?place=kpi:none").status_code == 404
    form = planner.get(f"{here}?place=kpi:participants").context["form"]
    said = {name: field.initial or "" for name, field in form.fields.items()}
    assert planner.post(f"{here}?place=kpi:participants", said).status_code == 400  # no reason
    actual = next(name for name, field in form.fields.items() if field.label == "実績値")
    sent = said | {actual: "1,500人", "reason": "集計もれ"}
    page = planner.post(f"{here}?place=kpi:participants", sent, follow=True).content.decode()
    assert "参加者数（実績値）" in page
    assert "1,500人" in page
    planner.post(f"{here}make/")
    with acting_as(shimonoseki):
        job = Job.objects.get()
        kind_named(job.kind).body(Progress(), **job.parameters)
        assert AnnualReport.objects.get(edition=2).snapshot["corrections"][0]["new"] == "1,500人"


def test_a_draft_is_read_in_the_office_alone(
    client: Client, signed_in: SignIn, shimonoseki: Municipality, plan: Plan
) -> None:
    reader = signed_in(shimonoseki, Role.COUNCIL)
    page = reader.get(f"{REPORTS}2025/").content.decode()
    assert "下書き" in page
    assert "冊子の作成" in page
    assert ".pdf" not in page
    assert f"{REPORTS}2025/" in reader.get(REPORTS).content.decode()
    assert reader.get(f"{REPORTS}1999/").status_code == 404
    assert client.get("/shimonoseki/plans/sample/reports/2025/").status_code == 404
    with acting_as(shimonoseki):
        assert not AnnualReport.objects.exists()
