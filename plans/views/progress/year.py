"""The planner opens a year, asks the departments, sees who has reported, and closes it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from civic.accounts.queries import member_of
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow, may
from civic.calendar import fiscal_year_label
from civic.tenancy.urls import tenant_reverse
from plans.models import Plan, ReportingYear
from plans.progress import queries, services
from plans.progress.forms import CloseYearForm, OpenYearForm, ReopenYearForm, SchemeForm
from plans.rules import COLLECTS_PROGRESS, EVALUATES, READS_PROGRESS, REPORTS_PROGRESS
from plans.views.editing import form_view
from plans.views.progress.addresses import to_page, year_at


@require_safe
@allow(READS_PROGRESS)
def progress_home(request: MemberRequest) -> HttpResponse:
    member = member_of(request)
    return render(
        request,
        "plans/progress/home.html",
        {
            "years": queries.reporting_years(),
            "plans": queries.plans_to_ask_for(timezone.localdate()),
            "may_collect": may(COLLECTS_PROGRESS, member),
            "may_report": may(REPORTS_PROGRESS, member),
            "may_evaluate": may(EVALUATES, member),
        },
    )


@form_view
@allow(COLLECTS_PROGRESS)
def open_year(request: MemberRequest, plan: str) -> HttpResponse:
    found = get_object_or_404(Plan, slug=plan)
    form = OpenYearForm(found, timezone.localdate(), request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            year = services.open_year(found, **form.cleaned_data)
        except services.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("担当課に依頼しました。担当者にメールを送ります。"))
            return to_page("year_board", year)
    return render(
        request, "plans/progress/open_year.html", {"plan": found, "form": form}, status=400 if form.errors else 200
    )


@form_view
@allow(COLLECTS_PROGRESS)
def rating_scheme(request: MemberRequest, plan: str) -> HttpResponse:
    found = get_object_or_404(Plan, slug=plan)
    form = SchemeForm(
        request.POST if request.method == "POST" else None,
        initial={"scheme": "\n".join(f"{rating.mark} {rating.meaning}" for rating in found.ratings.all())},
    )
    if form.is_valid():
        try:
            services.set_scheme(found, form.cleaned_data["scheme"])
        except services.Refused as refusal:
            form.add_error("scheme", str(refusal))
        else:
            messages.success(request, _("評価の区分を保存しました。"))
            return redirect(tenant_reverse("plans:progress_home"))
    return render(
        request, "plans/progress/rating_scheme.html", {"plan": found, "form": form}, status=400 if form.errors else 200
    )


@require_safe
@allow(COLLECTS_PROGRESS)
def year_board(request: MemberRequest, plan: str, fiscal_year: int) -> HttpResponse:
    return _board(request, year_at(plan, fiscal_year), CloseYearForm())


def _board(request: MemberRequest, year: ReportingYear, form: CloseYearForm) -> HttpResponse:
    return render(
        request,
        "plans/progress/board.html",
        {
            "plan": year.plan,
            "year": year,
            "form": form,
            "rows": queries.board(year, timezone.localdate()),
            "unasked": queries.unasked(year).count() if not year.closed_at else 0,
            "is_past_due": timezone.localdate() > year.due_on,
            "reopenings": year.reopenings.select_related("by"),
        },
        status=400 if form.errors else 200,
    )


@require_POST
@allow(COLLECTS_PROGRESS)
def ask_departments(request: MemberRequest, plan: str, fiscal_year: int) -> HttpResponse:
    year = year_at(plan, fiscal_year)
    try:
        count = services.ask_departments(year)
    except services.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(count)s件の項目を依頼に加えました。") % {"count": count})
    return to_page("year_board", year)


@require_POST
@allow(COLLECTS_PROGRESS)
def close_year(request: MemberRequest, plan: str, fiscal_year: int) -> HttpResponse:
    year = year_at(plan, fiscal_year)
    form = CloseYearForm(request.POST)
    if not form.is_valid():
        return _board(request, year, form)
    try:
        services.close_year(year)
    except services.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(year)sをしめました。") % {"year": fiscal_year_label(year.fiscal_year)})
    return to_page("year_board", year)


@form_view
@allow(COLLECTS_PROGRESS)
def reopen_year(request: MemberRequest, plan: str, fiscal_year: int) -> HttpResponse:
    year = year_at(plan, fiscal_year)
    form = ReopenYearForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.reopen_year(year, form.cleaned_data["reason"], request.user)
        except services.Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request, _("%(year)sをもう一度開きました。") % {"year": fiscal_year_label(year.fiscal_year)}
            )
        return to_page("year_board", year)
    return render(
        request,
        "plans/progress/reopen_year.html",
        {"plan": year.plan, "year": year, "form": form},
        status=400 if form.errors else 200,
    )
