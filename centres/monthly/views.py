"""The months' reports in the office. Those of the city read what is closed; the centre's own people all of it."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centres.forms import YearForm
from centres.monthly import queries, services
from centres.monthly.forms import CloseForm, CorrectionForm, EditionForm, MonthForm, WordsForm
from centres.monthly.jobs import MONTHLY_REPORT
from centres.monthly.models import MonthlyReport
from centres.monthly.rules import CLOSES, MAKES, READS
from centres.monthly.sheets import spreadsheet
from centres.periods import Period
from centres.queries import fiscal_years
from civic.accounts.queries import member_of
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow, may
from civic.calendar import fiscal_year_of
from civic.jobs.services import start
from civic.tenancy.urls import tenant_reverse
from civic.workbooks import XLSX


def _month(year: int, month: int) -> date:
    """The month of an address, told by its first day. Raises Http404 where there is no such month."""
    try:
        return date(year, month, 1)
    except (ValueError, OverflowError):
        raise Http404 from None


def _editions(request: MemberRequest, month: date) -> list[MonthlyReport]:
    """The editions of a month that the person may read, the latest first. Raises Http404 where there is none."""
    editions = queries.editions_of(month, closed_only=not may(MAKES, member_of(request)))
    if not editions:
        raise Http404
    return editions


def _latest(request: MemberRequest, month: date) -> MonthlyReport:
    return queries.report_of(month, _editions(request, month)[0].edition)


def _asked_for(request: MemberRequest, editions: list[MonthlyReport]) -> MonthlyReport:
    """The edition that the address names, else the latest of those that the person may read. Raises Http404."""
    form = EditionForm(request.GET)
    if not form.is_valid():
        raise Http404
    asked = form.cleaned_data["edition"] or editions[0].edition
    if asked not in {edition.edition for edition in editions}:
        raise Http404
    return queries.report_of(editions[0].month, asked)


def _label(month: date) -> str:
    return str(Period(fiscal_year_of(month), month.month))


def _page_of(month: date) -> str:
    return tenant_reverse("monthly:report", year=month.year, month=month.month)


def _list(request: MemberRequest, *, status: int = 200) -> HttpResponse:
    """The months of a fiscal year, this one if none is asked for. A wrong year is named and this one shown."""
    years = fiscal_years()
    form = YearForm(request.GET or {"fiscal_year": years[0]}, years=years)
    fiscal_year = form.asked_for()
    may_make = may(MAKES, member_of(request))
    reports = queries.reports_of_year(fiscal_year, closed_only=not may_make)
    context = {
        "form": form,
        "fiscal_year": fiscal_year,
        "reports": [(_label(report.month), report) for report in reports],
        "may_make": may_make,
    }
    return render(request, "monthly/report_list.html", context, status=status if form.is_valid() else 400)


@require_safe
@allow(READS)
def report_list(request: MemberRequest) -> HttpResponse:
    return _list(request)


@require_safe
@allow(READS)
def report(request: MemberRequest, year: int, month: int) -> HttpResponse:
    editions = _editions(request, _month(year, month))
    found = _asked_for(request, editions)
    context = {
        "report": found,
        "editions": editions,
        "is_latest": found.edition == editions[0].edition,
        "label": _label(found.month),
        "may_make": may(MAKES, member_of(request)),
        "may_close": may(CLOSES, member_of(request)),
    }
    return render(request, "monthly/report.html", context)


def _start(request: MemberRequest, month: date) -> HttpResponse:
    job = start(
        MONTHLY_REPORT,
        {"year": month.year, "month": month.month},
        requested_by=member_of(request),
        title=_("%(month)s 月次報告書") % {"month": _label(month)},
    )
    return redirect(tenant_reverse("jobs:job_detail", number=job.pk))


@require_POST
@allow(MAKES)
def make(request: MemberRequest) -> HttpResponse:
    """Have a month's report made, or its PDF, and show how far that is."""
    form = MonthForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("この月の報告書は作れません。"))
        return _list(request, status=400)
    return _start(request, form.cleaned_data["month"])


@require_http_methods(["GET", "HEAD", "POST"])
@allow(MAKES)
def words(request: MemberRequest, year: int, month: int) -> HttpResponse:
    """Write what the centre says of the month. A closed report has its words already."""
    found = _latest(request, _month(year, month))
    if found.is_closed:
        return redirect(_page_of(found.month))
    form = WordsForm(request.POST if request.method == "POST" else None, instance=found)
    if form.is_valid():
        try:
            services.write_words(found.month, form.cleaned_data["words"])
        except services.Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("ひとことを保存しました。"))
        return redirect(_page_of(found.month))
    context = {"form": form, "report": found, "label": _label(found.month)}
    return render(request, "monthly/words.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(CLOSES)
def close(request: MemberRequest, year: int, month: int) -> HttpResponse:
    """Sign off, asked first; the PDF is then made as what is handed to the city."""
    found = _latest(request, _month(year, month))
    if found.is_closed:
        return redirect(_page_of(found.month))
    seen = {"seen": found.made_at.isoformat()}
    form = CloseForm(request.POST if request.method == "POST" else None, initial=seen)
    if form.is_valid():
        try:
            services.close_report(found.month, seen=form.cleaned_data["seen"], by=request.user)
        except services.Refused as refused:
            messages.error(request, str(refused))
            return redirect(_page_of(found.month))
        return _start(request, found.month)
    context = {"form": form, "report": found, "label": _label(found.month)}
    return render(request, "monthly/close.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(CLOSES)
def correct(request: MemberRequest, year: int, month: int) -> HttpResponse:
    """Begin the next edition of a closed report, for a reason, and count it anew."""
    found = _latest(request, _month(year, month))
    if not found.is_closed:
        return redirect(_page_of(found.month))
    form = CorrectionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.correct_report(found.month, form.cleaned_data["reason"])
        except services.Refused as refused:
            messages.error(request, str(refused))
            return redirect(_page_of(found.month))
        return _start(request, found.month)
    context = {"form": form, "report": found, "label": _label(found.month)}
    return render(request, "monthly/correct.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(CLOSES)
def correct_drop(request: MemberRequest, year: int, month: int) -> HttpResponse:
    """Give up a correction that was begun, asked first."""
    found = _latest(request, _month(year, month))
    if found.is_closed or found.edition == 1:
        return redirect(_page_of(found.month))
    if request.method != "POST":
        return render(request, "monthly/correct_drop.html", {"report": found, "label": _label(found.month)})
    try:
        services.drop_correction(found.month)
    except services.Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("訂正を取りやめました。締めた版は、そのままです。"))
    return redirect(_page_of(found.month))


@require_safe
@allow(READS)
def report_pdf(request: MemberRequest, year: int, month: int) -> HttpResponse:
    found = _asked_for(request, _editions(request, _month(year, month)))
    if found.pdf is None:
        raise Http404
    return _file(found, bytes(found.pdf), "application/pdf", "pdf")


@require_safe
@allow(READS)
def report_xlsx(request: MemberRequest, year: int, month: int) -> HttpResponse:
    found = _asked_for(request, _editions(request, _month(year, month)))
    return _file(found, spreadsheet(found.snapshot), XLSX, "xlsx")


def _file(found: MonthlyReport, content: bytes, content_type: str, ending: str) -> HttpResponse:
    edition = f"-{found.edition}" if found.edition > 1 else ""
    filename = f"monthly-{found.month:%Y-%m}{edition}.{ending}"
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )
