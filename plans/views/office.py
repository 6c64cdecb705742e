"""The planner's office: reading what is not public yet, making reports and publishing them."""

from typing import cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from civic.accounts.models import Membership
from civic.accounts.queries import membership_of
from civic.accounts.rules import allow, may
from civic.calendar import fiscal_year_label
from civic.jobs.services import start
from civic.tenancy.requests import TenantRequest
from civic.tenancy.urls import tenant_reverse
from plans import queries, services
from plans.forms import ReportForm
from plans.jobs import ANNUAL_REPORT
from plans.models import AnnualReport, Plan
from plans.rules import MAKES_REPORTS, READS_DRAFTS
from plans.views.public import pdf_response, plan_page


@require_safe
@allow(READS_DRAFTS)
def plan_list(request: TenantRequest) -> HttpResponse:
    return render(request, "plans/office/plan_list.html", {"plans": Plan.objects.all()})


@require_safe
@allow(READS_DRAFTS)
def plan_detail(request: TenantRequest, plan: str) -> HttpResponse:
    return render(request, "plans/plan_detail.html", plan_page(get_object_or_404(Plan, slug=plan)))


@require_safe
@allow(READS_DRAFTS)
def report_list(request: TenantRequest, plan: str) -> HttpResponse:
    found = get_object_or_404(Plan, slug=plan)
    return _report_list(request, found, ReportForm(found, timezone.localdate()))


def _report_list(request: TenantRequest, plan: Plan, form: ReportForm) -> HttpResponse:
    return render(
        request,
        "plans/office/report_list.html",
        {
            "plan": plan,
            "reports": queries.frozen_reports(plan),
            "form": form,
            "may_make": may(MAKES_REPORTS, _member(request)),
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
        requested_by=_member(request),
        title=_("%(plan)s %(year)s 年次報告書") % {"plan": found.title, "year": fiscal_year_label(year)},
    )
    return redirect(tenant_reverse("jobs:job_detail", number=job.pk))


@require_POST
@allow(MAKES_REPORTS)
def publish_report(request: TenantRequest, plan: str, fiscal_year: int) -> HttpResponse:
    report = _report(plan, fiscal_year)
    try:
        services.publish_report(report)
    except services.ReportRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(year)sの年次報告書を公開しました。") % {"year": fiscal_year_label(fiscal_year)})
    return redirect(tenant_reverse("plans:report_list", plan=plan))


@require_safe
@allow(READS_DRAFTS)
def report_detail(request: TenantRequest, plan: str, fiscal_year: int) -> HttpResponse:
    report = _report(plan, fiscal_year)
    return render(request, "plans/report_detail.html", {"report": report, "snapshot": report.snapshot})


@require_safe
@allow(READS_DRAFTS)
def report_pdf(request: TenantRequest, plan: str, fiscal_year: int) -> HttpResponse:
    return pdf_response(_report(plan, fiscal_year))


def _member(request: TenantRequest) -> Membership:
    """Who asks: the rule of the view let only a member pass."""
    return cast(Membership, membership_of(request))


def _report(plan: str, fiscal_year: int) -> AnnualReport:
    return get_object_or_404(queries.frozen_reports(get_object_or_404(Plan, slug=plan)), fiscal_year=fiscal_year)
