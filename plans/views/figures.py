"""Figures: a KPI's own page for everyone, and the office's table of a year with what is done to it."""

from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from civic.accounts.models import User
from civic.accounts.queries import member_of, membership_of
from civic.accounts.rules import PUBLIC, allow, may
from civic.audit.kept_pages import kept_until_a_change
from civic.calendar import fiscal_year_label, fiscal_year_of
from civic.measures.registry import MeasuredRow, Rows, find
from civic.paging import page_of
from civic.tenancy.requests import TenantRequest
from civic.tenancy.urls import tenant_reverse
from indicators import services
from indicators.evidence import rows_of
from indicators.models import Break, Closing
from plans import queries as plan_queries
from plans.figures import exchange, queries
from plans.figures import services as figures_of_plan
from plans.figures.forms import (
    BreakForm,
    CorrectionForm,
    DefinitionForm,
    FigureTableForm,
    ReasonForm,
    UploadForm,
    begun_years,
)
from plans.models import Plan, PlanIndicator
from plans.reports.corrections import KPI
from plans.rules import KEEPS_FIGURES, READS_DRAFTS, READS_EVIDENCE

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FIRST_YEAR_OF_BREAKS = 1989


@kept_until_a_change
@require_safe
@allow(PUBLIC)
def indicator_detail(request: TenantRequest, plan: str, key: str) -> HttpResponse:
    return _indicator_page(request, get_object_or_404(plan_queries.adopted_plans(), slug=plan), key)


def _indicator_page(request: TenantRequest, plan: Plan, key: str, **forms: Any) -> HttpResponse:
    try:
        page = queries.indicator_page(plan, key)
    except PlanIndicator.DoesNotExist as error:
        raise Http404(_("この指標はありません。")) from error
    member = membership_of(request)
    template = "plans/figures/office_indicator.html" if forms else "plans/figures/indicator.html"
    context = {
        "page": page,
        "plan": plan,
        "kpi": page.kpi,
        "reads_rows": member is not None and may(READS_EVIDENCE, member),
        "keeps_figures": member is not None and may(KEEPS_FIGURES, member),
        **forms,
    }
    status = 400 if any(form.errors for form in forms.values()) else 200
    return render(request, template, context, status=status)


# ---- a KPI in the office: what it is, and changes of its definition ----


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_FIGURES)
def define_indicator(request: TenantRequest, plan: str, key: str) -> HttpResponse:
    found, row = _row(plan, key)
    form = DefinitionForm(row, _years_of_breaks(), request.POST if request.method == "POST" else None)
    if form.is_valid():
        services.define(row.commitment, **form.cleaned_data)
        messages.success(request, _("指標の設定を保存しました。"))
        return _to_indicator(found, key)
    return _indicator_page(request, found, key, form=form, break_form=BreakForm(_years_of_breaks()))


@require_POST
@allow(KEEPS_FIGURES)
def record_break(request: TenantRequest, plan: str, key: str) -> HttpResponse:
    found, row = _row(plan, key)
    form = BreakForm(_years_of_breaks(), request.POST)
    if form.is_valid():
        services.record_break(row.commitment.indicator, **form.cleaned_data)
        messages.success(request, _("定義の変更を記録しました。"))
        return _to_indicator(found, key)
    return _indicator_page(request, found, key, form=DefinitionForm(row, _years_of_breaks()), break_form=form)


@require_POST
@allow(KEEPS_FIGURES)
def remove_break(request: TenantRequest, plan: str, key: str, fiscal_year: int) -> HttpResponse:
    found, row = _row(plan, key)
    services.remove_break(get_object_or_404(Break, indicator=row.commitment.indicator, fiscal_year=fiscal_year))
    messages.success(request, _("定義の変更の記録を取り消しました。"))
    return _to_indicator(found, key)


def _row(plan: str, key: str) -> tuple[Plan, PlanIndicator]:
    found = get_object_or_404(Plan, slug=plan)
    return found, get_object_or_404(found.indicators.select_related("commitment__indicator"), key=key)


def _years_of_breaks() -> range:
    return range(_this_year(), FIRST_YEAR_OF_BREAKS - 1, -1)


def _to_indicator(plan: Plan, key: str) -> HttpResponse:
    return redirect(tenant_reverse("plans:define_indicator", plan=plan.slug, key=key))


# ---- the table of a year ----


@require_safe
@allow(READS_DRAFTS)
def latest_figures(request: TenantRequest, plan: str) -> HttpResponse:
    """The table of the last year of the plan that has begun."""
    found = get_object_or_404(Plan, slug=plan)
    years = begun_years(found, _this_year())
    if not years:
        raise Http404(_("この計画の期間はまだ始まっていません。"))
    return _to_table(found, years[0])


@require_safe
@allow(READS_DRAFTS)
def figure_table(request: TenantRequest, plan: str, fiscal_year: int) -> HttpResponse:
    found = _plan_in_year(plan, fiscal_year)
    return _figure_table(request, found, fiscal_year, FigureTableForm(queries.figure_table(found, fiscal_year)))


@require_POST
@allow(KEEPS_FIGURES)
def enter_figures(request: TenantRequest, plan: str, fiscal_year: int) -> HttpResponse:
    found = _plan_in_year(plan, fiscal_year)
    form = FigureTableForm(queries.figure_table(found, fiscal_year), request.POST)
    if not form.is_valid():
        return _figure_table(request, found, fiscal_year, form)
    changed = form.changed()
    try:
        services.enter_figures(fiscal_year, changed)
    except services.FigureRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(count)s件の実績値を保存しました。") % {"count": len(changed)})
    return _to_table(found, fiscal_year)


def _figure_table(request: TenantRequest, plan: Plan, fiscal_year: int, form: FigureTableForm) -> HttpResponse:
    rows = form.rows
    return render(
        request,
        "plans/figures/table.html",
        {
            "plan": plan,
            "fiscal_year": fiscal_year,
            "last_year": fiscal_year - 1,
            "years": begun_years(plan, _this_year()),
            "form": form,
            "faults": form.faults,
            "open": sum(row.closing is None for row in rows),
            "closed": sum(row.closing is not None for row in rows),
            "without_figure": sum(row.figure is None for row in rows),
            "has_ended": fiscal_year < _this_year(),
            "reported_otherwise": _reported_otherwise(plan, fiscal_year),
            "keeps_figures": may(KEEPS_FIGURES, member_of(request)),
        },
        status=400 if form.faults else 200,
    )


@require_POST
@allow(KEEPS_FIGURES)
def close_figures(request: TenantRequest, plan: str, fiscal_year: int) -> HttpResponse:
    found = _plan_in_year(plan, fiscal_year)
    closings = figures_of_plan.close_figures(found, fiscal_year, _user(request))
    messages.success(
        request,
        _("%(year)sの実績値%(count)s件を確定しました。")
        % {"year": fiscal_year_label(fiscal_year), "count": len(closings)},
    )
    return _to_table(found, fiscal_year)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_FIGURES)
def reopen_figures(request: TenantRequest, plan: str, fiscal_year: int) -> HttpResponse:
    found = _plan_in_year(plan, fiscal_year)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        count = figures_of_plan.reopen_figures(found, fiscal_year, _user(request), form.cleaned_data["reason"])
        messages.success(request, _("%(count)s件の確定を取り消しました。") % {"count": count})
        return _to_table(found, fiscal_year)
    context = {"plan": found, "fiscal_year": fiscal_year, "form": form}
    return render(request, "plans/figures/reopen.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_FIGURES)
def correct_figure(request: TenantRequest, plan: str, fiscal_year: int, key: str) -> HttpResponse:
    found = _plan_in_year(plan, fiscal_year)
    row = queries.figure_row(found, fiscal_year, key)
    if row is None:
        raise Http404(_("この指標はありません。"))
    form = CorrectionForm(row, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.correct(row.indicator, fiscal_year, by=_user(request), **form.cleaned_data)
        except services.FigureRefused as refusal:
            form.add_error("value", str(refusal))
        else:
            messages.success(request, _("訂正を記録しました。公開している報告書は変わりません。"))
            return _after_correction(found, fiscal_year, key)
    context = {"plan": found, "fiscal_year": fiscal_year, "row": row, "form": form}
    return render(request, "plans/figures/correct.html", context, status=400 if form.errors else 200)


def _after_correction(plan: Plan, fiscal_year: int, key: str) -> HttpResponse:
    """On to the correction of the report that printed the figure, where one is published."""
    if not any(figure.now.key == key for figure in _reported_otherwise(plan, fiscal_year)):
        return _to_table(plan, fiscal_year)
    address = tenant_reverse("plans:correct_report", plan=plan.slug, fiscal_year=fiscal_year)
    return redirect(f"{address}?{urlencode({'place': f'{KPI}:{key}'})}")


def _reported_otherwise(plan: Plan, fiscal_year: int) -> list[queries.ChangedFigure]:
    """The figures of a year that are no longer what its published report says."""
    report = plan_queries.published_reports(plan).filter(fiscal_year=fiscal_year).first()
    return queries.changed_figures(plan, report.said) if report else []


# ---- the records behind a figure ----


@require_safe
@allow(READS_EVIDENCE)
def figure_rows(request: TenantRequest, plan: str, fiscal_year: int, key: str) -> HttpResponse:
    """The records that a figure counts today; with `?as_of=closing` those it counted when its year was closed."""
    found = _plan_in_year(plan, fiscal_year)
    row = queries.figure_row(found, fiscal_year, key)
    if row is None or not row.measure:
        raise Http404(_("この指標は記録から集計していません。"))
    closing = Closing.objects.get(pk=row.closing.pk) if row.closing else None
    measure = find(row.measure)
    rows: Rows | list[MeasuredRow] = measure.rows(fiscal_year)
    as_of_closing = request.GET.get("as_of") == "closing"
    if as_of_closing:
        if closing is None:
            raise Http404(_("この年度は確定していません。"))
        rows = rows_of(closing.rows or [])
    return render(
        request,
        "plans/figures/rows.html",
        {
            "plan": found,
            "fiscal_year": fiscal_year,
            "row": row,
            "measure": measure,
            "closing": closing,
            "as_of_closing": as_of_closing,
            "page": page_of(request, rows),
        },
    )


# ---- the table as a spreadsheet ----


@require_safe
@allow(KEEPS_FIGURES)
def figure_template(request: TenantRequest, plan: str, fiscal_year: int) -> HttpResponse:
    found = _plan_in_year(plan, fiscal_year)
    filename = f"figures-{found.slug}-{fiscal_year}.xlsx"
    return HttpResponse(
        exchange.template(queries.figure_table(found, fiscal_year), fiscal_year),
        content_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@allow(KEEPS_FIGURES)
def import_figures(request: TenantRequest, plan: str, fiscal_year: int) -> HttpResponse:
    """Read a filled-in template and show what it would change; it is saved, if wanted, as if typed into the table."""
    found = _plan_in_year(plan, fiscal_year)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    reading = None
    if form.is_valid():
        reading = exchange.read(form.cleaned_data["file"], queries.figure_table(found, fiscal_year), fiscal_year)
    context = {"plan": found, "fiscal_year": fiscal_year, "form": form, "reading": reading}
    is_wrong = bool(form.errors or (reading and reading.faults))
    return render(request, "plans/figures/import.html", context, status=400 if is_wrong else 200)


def _plan_in_year(slug: str, fiscal_year: int) -> Plan:
    """The plan, where the year is one of its own and has begun. Raises Http404."""
    plan = get_object_or_404(Plan, slug=slug)
    if fiscal_year not in begun_years(plan, _this_year()):
        raise Http404(_("計画の期間にない年度か、まだ始まっていない年度です。"))
    return plan


def _to_table(plan: Plan, fiscal_year: int) -> HttpResponse:
    return redirect(tenant_reverse("plans:figure_table", plan=plan.slug, fiscal_year=fiscal_year))


def _this_year() -> int:
    return fiscal_year_of(timezone.localdate())


def _user(request: TenantRequest) -> User:
    return cast(User, request.user)  # the rule of the view let only a member pass
