"""The planner reads what departments handed in, sends it back or accepts it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from civic.accounts.models import Role
from civic.accounts.queries import member_of
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow, may
from civic.tenancy.urls import tenant_reverse
from plans.models import ProgressReport
from plans.progress import queries, services
from plans.progress.forms import AcceptForm, SendBackForm
from plans.queries import read_tree
from plans.rules import COLLECTS_PROGRESS, READS_PROGRESS, answers_for
from plans.views.editing import form_view
from plans.views.progress.addresses import line_of, report_at, to_page, year_at


@form_view
@allow(COLLECTS_PROGRESS)
def review_queue(request: MemberRequest, plan: str, fiscal_year: int) -> HttpResponse:
    year = year_at(plan, fiscal_year)
    form = AcceptForm(year, request.POST if request.method == "POST" else None)
    if form.is_valid():
        reports = list(form.cleaned_data["reports"])
        try:
            services.accept(reports, request.user)
        except services.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(count)s件を承認しました。") % {"count": len(reports)})
            return to_page("review_queue", year)
    lines = queries.lines(read_tree(year.plan), year, queries.submitted(year))
    return render(
        request,
        "plans/progress/review_queue.html",
        {"plan": year.plan, "year": year, "lines": lines, "form": form},
        status=400 if form.errors else 200,
    )


@require_safe
@allow(READS_PROGRESS)
def report_page(request: MemberRequest, plan: str, fiscal_year: int, key: str) -> HttpResponse:
    return _report_page(request, report_at(plan, fiscal_year, key), SendBackForm())


@require_POST
@allow(COLLECTS_PROGRESS)
def accept_report(request: MemberRequest, plan: str, fiscal_year: int, key: str) -> HttpResponse:
    report = report_at(plan, fiscal_year, key)
    try:
        services.accept([report], request.user)
    except services.Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(tenant_reverse("plans:progress_report", plan=plan, fiscal_year=fiscal_year, key=key))
    messages.success(request, _("「%(item)s」を承認しました。") % {"item": report.item.title})
    return to_page("review_queue", report.year)


@require_POST
@allow(COLLECTS_PROGRESS)
def send_back_report(request: MemberRequest, plan: str, fiscal_year: int, key: str) -> HttpResponse:
    report = report_at(plan, fiscal_year, key)
    form = SendBackForm(request.POST)
    if form.is_valid():
        try:
            services.send_back(report, form.cleaned_data["comment"], request.user)
        except services.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("「%(item)s」を差し戻しました。担当者にメールを送ります。") % {"item": report.item.title}
            )
            return to_page("review_queue", report.year)
    return _report_page(request, report, form)


def _report_page(request: MemberRequest, report: ProgressReport, form: SendBackForm) -> HttpResponse:
    member = member_of(request)
    if member.role == Role.OFFICER and not answers_for(member, report.item_id):
        raise PermissionDenied(_("ほかの課の項目です。"))
    year = report.year
    line = line_of(year, queries.with_words(year).filter(pk=report.pk))
    return render(
        request,
        "plans/progress/report_page.html",
        {
            "plan": year.plan,
            "year": year,
            "line": line,
            "rounds": queries.rounds_of(report),
            "evaluations": queries.evaluations_of(year).filter(item=report.item_id),
            "form": form,
            "may_collect": may(COLLECTS_PROGRESS, member),
        },
        status=400 if form.errors else 200,
    )
