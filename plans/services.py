"""What happens to annual reports: each function is one thing, in one transaction."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.calendar import fiscal_year_label
from civic.jobs.kinds import JobError
from civic.tenancy.context import current_municipality
from plans.models import AnnualReport, Plan, ReportPdf
from plans.queries import read_tree
from plans.reports.pdf import ReportProgress, render_pdf
from plans.reports.snapshot import build_snapshot, digest

Status = AnnualReport.Status

TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.FROZEN}),
    # Made anew as often as wanted until it is published.
    Status.FROZEN: frozenset({Status.FROZEN, Status.PUBLISHED}),
    Status.PUBLISHED: frozenset(),
    Status.CORRECTED: frozenset(),
}


class ReportRefused(JobError):
    """A report cannot go where it was asked to go. The message is for the person who asked."""


def make_report(plan: Plan, fiscal_year: int, progress: ReportProgress, *, is_sample: bool = False) -> AnnualReport:
    """Freeze a plan's report of a fiscal year: its snapshot, and the PDF made from that.

    Raises ReportRefused for a year outside the plan's period and for a report that is published, and NoJapaneseFont.
    """
    if not plan.first_fiscal_year <= fiscal_year <= plan.last_fiscal_year:
        raise ReportRefused(_("計画の期間にない年度です。"))
    progress(5, _("計画を読んでいます"))
    snapshot = build_snapshot(
        current_municipality(),
        read_tree(plan, fiscal_year),
        fiscal_year,
        made_on=timezone.localdate(),
        is_sample=is_sample,
    )
    pdf = render_pdf(snapshot, progress)
    progress(95, _("保存しています"))
    with transaction.atomic():
        AnnualReport.objects.get_or_create(plan=plan, fiscal_year=fiscal_year)
        report = _move(AnnualReport.objects.get(plan=plan, fiscal_year=fiscal_year), Status.FROZEN)
        report.snapshot, report.sha256 = snapshot, digest(snapshot)
        report.frozen_at, report.is_sample = timezone.now(), is_sample
        report.save()
        ReportPdf.objects.update_or_create(report=report, defaults={"content": pdf.content, "pages": pdf.pages})
    return report


def publish_report(report: AnnualReport) -> None:
    """Show a frozen report to everyone, as it was frozen. Raises ReportRefused where it is not frozen."""
    with transaction.atomic():
        report = _move(report, Status.PUBLISHED)
        report.published_at = timezone.now()
        report.save(update_fields=["status", "published_at"])


def _move(report: AnnualReport, to: Status) -> AnnualReport:
    """Return the report, locked, with its new status, not yet saved. Raises ReportRefused where that may not follow."""
    report = AnnualReport.objects.select_for_update().get(pk=report.pk)
    if to not in TRANSITIONS[Status(report.status)]:
        raise ReportRefused(
            _("%(year)sの報告書は「%(status)s」のため、変えられません。")
            % {"year": fiscal_year_label(report.fiscal_year), "status": report.get_status_display()}
        )
    report.status = to
    return report
