"""The planner's office: reading what is not public yet, making reports and publishing them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from civic.accounts.queries import member_of
from civic.accounts.rules import allow, may
from civic.calendar import fiscal_year_label
from civic.jobs.services import start
from civic.tenancy.requests import TenantRequest
from civic.tenancy.urls import tenant_reverse
from plans import queries, services
from plans.figures.queries import changed_figures, figure_table
from plans.forms import CorrectionForm, ReasonForm, ReportForm
from plans.jobs import ANNUAL_REPORT, CORRECTED_EDITION
from plans.models import AnnualReport, Plan, ReportCorrection
from plans.reports.corrections import KPI, places, words_at
from plans.reports.snapshot import printed_figures
from plans.rules import EDITS_PLANS, MAKES_REPORTS, READS_DRAFTS
from plans.views.public import csv_response, json_response, pdf_response, plan_page, report_page


@require_safe
@allow(READS_DRAFTS)
def plan_list(request: TenantRequest) -> HttpResponse:
    may_edit = may(EDITS_PLANS, member_of(request))
    return render(request, "plans/office/plan_list.html", {"plans": Plan.objects.all(), "may_edit": may_edit})


@require_safe
@allow(READS_DRAFTS)
def plan_detail(request: TenantRequest, plan: str) -> HttpResponse:
    return render(request, "plans/plan_detail.html", plan_page(get_object_or_404(Plan, slug=plan), request.GET))


@require_safe
@allow(READS_DRAFTS)
def report_list(request: TenantRequest, plan: str) -> HttpResponse:
    found = get_object_or_404(Plan, slug=plan)
    return _report_list(request, found, ReportForm(found, timezone.localdate()))


def _report_list(request: TenantRequest, plan: Plan, form: ReportForm) -> HttpResponse:
    reports = list(queries.frozen_reports(plan))
    frozen = {report.fiscal_year for report in reports}
    return render(
        request,
        "plans/office/report_list.html",
        {
            "plan": plan,
            "reports": reports,
            "drafts": [year for year in form.years if year not in frozen],
            "form": form,
            "may_make": may(MAKES_REPORTS, member_of(request)),
        },
        status=400 if form.errors else 200,
    )


@require_POST
@allow(MAKES_REPORTS)
def make_report(request: TenantRequest, plan: str) -> HttpResponse:
    found = get_object_or_404(Plan, slug=plan)
    form = ReportForm(found, timezone.localdate(), request.POST)
    if not form.is_valid():
        return _report_list(request, found, form)
    year = form.cleaned_data["fiscal_year"]
    job = start(
        ANNUAL_REPORT,
        {"plan_id": found.pk, "fiscal_year": year},
        requested_by=member_of(request),
        title=_("%(plan)s %(year)s 年次報告書") % {"plan": found.title, "year": fiscal_year_label(year)},
    )
    return redirect(tenant_reverse("jobs:job_detail", number=job.pk))


@require_http_methods(["GET", "HEAD", "POST"])
@allow(MAKES_REPORTS)
def publish_report(request: TenantRequest, plan: str, fiscal_year: int) -> HttpResponse:
    """Asked first: what is published cannot be taken back."""
    report = _report(plan, fiscal_year)
    if request.method != "POST":
        printed = printed_figures(report.said)
        figures = [row for row in figure_table(report.plan, fiscal_year) if row.key in printed and not row.closing]
        closing = figures if report.edition == 1 else []
        return render(request, "plans/office/publish_report.html", {"report": report, "closing": closing})
    return _done(
        request,
        report,
        lambda: services.publish_report(report, member_of(request).user),
        _("%(year)sの年次報告書を公開しました。"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@allow(MAKES_REPORTS)
def unfreeze_report(request: TenantRequest, plan: str, fiscal_year: int) -> HttpResponse:
    """Asked first, with a reason: the frozen snapshot and its PDF go."""
    report = _report(plan, fiscal_year)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(
            request,
            "plans/office/unfreeze_report.html",
            {"report": report, "form": form},
            status=400 if form.errors else 200,
        )
    return _done(
        request,
        report,
        lambda: services.unfreeze_report(report, form.cleaned_data["reason"], member_of(request).user),
        _("%(year)sの年次報告書の確定を取り消しました。"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@allow(MAKES_REPORTS)
def correct_report(request: TenantRequest, plan: str, fiscal_year: int) -> HttpResponse:
    """What is to be put right: first the place, then its words, with the reason.

    Where a figure was put right, its new words and the reason stand in the form already.
    """
    report = get_object_or_404(queries.published_reports(get_object_or_404(Plan, slug=plan)), fiscal_year=fiscal_year)
    place = request.GET.get("place", "")
    changed = {f"{KPI}:{figure.now.key}": figure for figure in changed_figures(report.plan, report.said)}
    form = None
    if place:
        try:
            words = words_at(report.said, place)
        except LookupError:
            raise Http404(_("報告書にないところです。")) from None
        figure = changed.get(place)
        form = CorrectionForm(
            words,
            figure.words if figure else {},
            figure.reason if figure else "",
            request.POST if request.method == "POST" else None,
        )
        if form.is_valid():
            return _done(
                request,
                report,
                lambda: services.correct_report(
                    report, place, form.words(), form.cleaned_data["reason"], member_of(request).user
                ),
                _("%(year)sの年次報告書の訂正を書きとめました。訂正版を作って公開すると、だれでも見られます。"),
                "plans:correct_report",
            )
    return render(
        request,
        "plans/office/correct_report.html",
        {
            "report": report,
            "places": places(report.said),
            "place": place,
            "form": form,
            "changed": changed,
            "corrections": report.corrections.select_related("made_by"),
            "following": queries.correcting_edition(report),
        },
        status=400 if form and form.errors else 200,
    )


@require_POST
@allow(MAKES_REPORTS)
def withdraw_correction(request: TenantRequest, plan: str, fiscal_year: int, pk: int) -> HttpResponse:
    correction = get_object_or_404(
        ReportCorrection.objects.select_related("report__plan"),
        pk=pk,
        report__plan__slug=plan,
        report__fiscal_year=fiscal_year,
    )
    return _done(
        request,
        correction.report,
        lambda: services.withdraw_correction(correction),
        _("%(year)sの年次報告書の訂正を取りやめました。"),
        "plans:correct_report",
    )


@require_POST
@allow(MAKES_REPORTS)
def make_corrected_edition(request: TenantRequest, plan: str, fiscal_year: int) -> HttpResponse:
    report = get_object_or_404(queries.published_reports(get_object_or_404(Plan, slug=plan)), fiscal_year=fiscal_year)
    job = start(
        CORRECTED_EDITION,
        {"report_id": report.pk},
        requested_by=member_of(request),
        title=_("%(plan)s %(year)s 年次報告書（訂正版）")
        % {"plan": report.plan.title, "year": fiscal_year_label(fiscal_year)},
    )
    return redirect(tenant_reverse("jobs:job_detail", number=job.pk))


@require_safe
@allow(READS_DRAFTS)
def report_detail(request: TenantRequest, plan: str, fiscal_year: int) -> HttpResponse:
    """The last edition, or what the report would say today where none is frozen."""
    found = get_object_or_404(Plan, slug=plan)
    report = queries.frozen_reports(found).filter(fiscal_year=fiscal_year).first()
    if report is None:
        report = AnnualReport(plan=found, fiscal_year=fiscal_year)
        try:
            report.snapshot = services.draft_snapshot(found, fiscal_year)
        except services.ReportRefused as refusal:
            raise Http404(str(refusal)) from None
    return report_page(request, report, queries.public_editions(found))


@require_safe
@allow(READS_DRAFTS)
def report_pdf(request: TenantRequest, plan: str, fiscal_year: int) -> HttpResponse:
    return pdf_response(_report(plan, fiscal_year))


@require_safe
@allow(READS_DRAFTS)
def report_csv(request: TenantRequest, plan: str, fiscal_year: int) -> HttpResponse:
    return csv_response(_report(plan, fiscal_year))


@require_safe
@allow(READS_DRAFTS)
def report_json(request: TenantRequest, plan: str, fiscal_year: int) -> HttpResponse:
    return json_response(_report(plan, fiscal_year))


def _done(
    request: TenantRequest,
    report: AnnualReport,
    step: Callable[[], object],
    words: str,
    then: str = "plans:report_list",
) -> HttpResponse:
    """Take a step with a report, say how it went, and lead on."""
    try:
        step()
    except services.ReportRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words % {"year": fiscal_year_label(report.fiscal_year)})
    arguments: dict[str, Any] = {"plan": report.plan.slug}
    if then == "plans:correct_report":
        arguments["fiscal_year"] = report.fiscal_year
    return redirect(tenant_reverse(then, **arguments))


def _report(plan: str, fiscal_year: int) -> AnnualReport:
    """The last edition that is frozen, public or not."""
    editions = queries.frozen_reports(get_object_or_404(Plan, slug=plan)).filter(fiscal_year=fiscal_year)
    report = editions.first()
    if report is None:
        raise Http404(_("この年度の報告書はまだありません。"))
    return report
