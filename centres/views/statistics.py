"""Consultations counted, as a page and as a spreadsheet."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from centres.forms import PeriodForm
from centres.queries import fiscal_years
from centres.rules import CONSULTATIONS
from centres.statistics import Statistics, statistics
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.calendar import era_date
from civic.workbooks import XLSX, Cell, Sheet, workbook


def _form(request: MemberRequest) -> PeriodForm:
    years = fiscal_years()
    return PeriodForm(request.GET or {"fiscal_year": years[0]}, years=years)


@require_safe
@allow(CONSULTATIONS)
def consultation_statistics(request: MemberRequest) -> HttpResponse:
    """A fiscal year, this one if none is asked for, or a month. A wrong answer is named and the year shown."""
    form = _form(request)
    context = {"form": form, "statistics": statistics(form.period())}
    return render(
        request, "centres/office/consultation_statistics.html", context, status=200 if form.is_valid() else 400
    )


@require_safe
@allow(CONSULTATIONS)
def consultation_statistics_xlsx(request: MemberRequest) -> HttpResponse:
    found = statistics(_form(request).period())
    month = f"-{found.period.month:02}" if found.period.month else ""
    return HttpResponse(
        workbook(_sheets(found)),
        content_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="consultations-{found.period.fiscal_year}{month}.xlsx"'},
    )


def _sheets(found: Statistics) -> list[Sheet]:
    total = found.total.figures()
    headings = [figure.heading for figure in total]
    totals: list[Cell] = [str(found.period), *(figure.number for figure in total), era_date(timezone.localdate())]
    sheets = [Sheet(_("合計"), [_("期間"), *headings, _("作成日")], [totals])]
    for table in found.tables:
        title = _("%(title)s（複数回答）") % {"title": table.title} if table.several else table.title
        rows: list[list[Cell]] = [
            [label, *(figure.number for figure in tally.figures())] for label, tally in table.rows
        ]
        sheets.append(Sheet(title, [table.title, *headings], rows))
    return sheets
