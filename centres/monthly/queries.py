"""Reading the months' reports."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from centres.monthly.models import MonthlyReport
from centres.monthly.snapshot import Snapshot
from centres.periods import MONTHS, days_of_month


def editions_of(month: date, *, closed_only: bool) -> list[MonthlyReport]:
    """Return the editions of a month's report, the latest first, without what they say."""
    return list(_kept(closed_only).defer("pdf", "snapshot").filter(month=month))


def report_of(month: date, edition: int) -> MonthlyReport:
    """Return an edition of a month's report, without its PDF. Raises MonthlyReport.DoesNotExist."""
    found = _kept(closed_only=False).defer("pdf").annotate(has_pdf=Q(pdf__isnull=False))
    return found.get(month=month, edition=edition)


def reports_of_year(fiscal_year: int, *, closed_only: bool) -> list[MonthlyReport]:
    """Return the latest edition for each month of a fiscal year that has begun, the latest month first.

    Of a month without one there is a report that is not kept, unless only closed ones are asked for.
    """
    firsts = [days_of_month(fiscal_year, month)[0] for month in MONTHS]
    begun = [first for first in reversed(firsts) if first <= timezone.localdate()]
    kept = _kept(closed_only).defer("pdf", "snapshot").filter(month__in=begun).order_by("month", "edition")
    by_month = {report.month: report for report in kept}
    if closed_only:
        return [by_month[first] for first in begun if first in by_month]
    return [by_month.get(first) or MonthlyReport(month=first) for first in begun]


def closed_snapshot(month: date) -> Snapshot | None:
    """Return what the latest closed edition of a month's report says, None where there is none."""
    return _kept(closed_only=True).filter(month=month).values_list("snapshot", flat=True).first()


def _kept(closed_only: bool) -> QuerySet[MonthlyReport]:
    found = MonthlyReport.objects.select_related("closed_by")
    return found.exclude(closed_at=None) if closed_only else found
