"""Long work on plans."""

from django.utils.translation import gettext_lazy as _

from civic.jobs.kinds import Progress, job_kind
from civic.tenancy.urls import tenant_reverse
from plans import services
from plans.models import AnnualReport, Plan
from plans.rules import MAKES_REPORTS

ANNUAL_REPORT = "plans.annual_report"
CORRECTED_EDITION = "plans.corrected_edition"


def _list_of_reports(plan_id: int, fiscal_year: int) -> str:
    return tenant_reverse("plans:report_list", plan=Plan.objects.get(pk=plan_id).slug)


@job_kind(ANNUAL_REPORT, title=_("年次報告書を作る"), rule=MAKES_REPORTS, page=_list_of_reports)
def make_annual_report(progress: Progress, plan_id: int, fiscal_year: int) -> None:
    """Freeze a plan's report of a fiscal year."""
    services.make_report(Plan.objects.get(pk=plan_id), fiscal_year, progress)


def _list_beside(report_id: int) -> str:
    report = AnnualReport.objects.select_related("plan").defer("snapshot").get(pk=report_id)
    return tenant_reverse("plans:report_list", plan=report.plan.slug)


@job_kind(CORRECTED_EDITION, title=_("年次報告書の訂正版を作る"), rule=MAKES_REPORTS, page=_list_beside)
def make_corrected_edition(progress: Progress, report_id: int) -> None:
    """Freeze the next edition of a published report, with its corrections."""
    services.make_corrected_edition(AnnualReport.objects.select_related("plan").get(pk=report_id), progress)
