"""Long work on the months' reports."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from centres.monthly import services
from centres.monthly.rules import MAKES
from civic.jobs.kinds import Progress, job_kind
from civic.tenancy.urls import tenant_reverse

MONTHLY_REPORT = "monthly.report"


def _page(year: int, month: int) -> str:
    return tenant_reverse("monthly:report", year=year, month=month)


@job_kind(MONTHLY_REPORT, title=_("月次報告書を作る"), rule=MAKES, page=_page)
def make_monthly_report(progress: Progress, year: int, month: int) -> None:
    """Count a month and print it; a closed report is printed as it was closed."""
    services.make_report(date(year, month, 1), progress)
