"""Reading the months' reports."""

from datetime import date

from django.db.models import Q
from django.utils import timezone

from centres.monthly.models import MonthlyReport
from centres.periods import MONTHS, days_of_month


def report_of(month: date) -> MonthlyReport:
    """Return the report of a month, without its PDF. Raises MonthlyReport.DoesNotExist where none has been made."""
    found = MonthlyReport.objects.select_related("closed_by").defer("pdf")
    return found.annotate(has_pdf=Q(pdf__isnull=False)).get(month=month)


def reports_of_year(fiscal_year: int) -> list[MonthlyReport]:
    """Return the report of each month of a fiscal year that has begun, the latest first; kept yet or not."""
    firsts = [days_of_month(fiscal_year, month)[0] for month in MONTHS]
    begun = [first for first in reversed(firsts) if first <= timezone.localdate()]
    kept = MonthlyReport.objects.filter(month__in=begun).select_related("closed_by").defer("pdf", "snapshot")
    by_month = {report.month: report for report in kept}
    return [by_month.get(first) or MonthlyReport(month=first) for first in begun]
