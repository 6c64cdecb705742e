"""What staff see of activities: what may go wrong, what was said of them, and how much there was."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from centres.forms import PeriodForm
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.calendar import era_date, fiscal_year_of
from civic.paging import page_of
from civic.workbooks import XLSX, Cell, Sheet, workbook
from matching.afterwards.queries import concerns, feedbacks, first_introduction
from matching.afterwards.statistics import Statistics, statistics
from matching.rules import KEEPS_GUILD


@require_safe
@allow(KEEPS_GUILD)
def concern_list(request: MemberRequest) -> HttpResponse:
    """Requests that lack people shortly before they begin, days that nobody told of, and who did not come."""
    return render(request, "matching/afterwards/concerns.html", {"concerns": concerns(timezone.now())})


@require_safe
@allow(KEEPS_GUILD)
def feedback_list(request: MemberRequest) -> HttpResponse:
    """What both sides said, the newest first."""
    return render(request, "matching/afterwards/feedback_list.html", {"page": page_of(request, feedbacks())})


def _form(request: MemberRequest) -> PeriodForm:
    this_year = fiscal_year_of(timezone.localdate())
    first = first_introduction()
    years = range(this_year, (fiscal_year_of(first) if first else this_year) - 1, -1)
    return PeriodForm(request.GET if "fiscal_year" in request.GET else {"fiscal_year": this_year}, years=years)


@require_safe
@allow(KEEPS_GUILD)
def guild_statistics(request: MemberRequest) -> HttpResponse:
    """A fiscal year, this one if none is asked for, or a month. A wrong answer is named and the year shown."""
    form = _form(request)
    context = {"form": form, "statistics": statistics(form.period())}
    return render(request, "matching/afterwards/statistics.html", context, status=200 if form.is_valid() else 400)


@require_safe
@allow(KEEPS_GUILD)
def guild_statistics_rows(request: MemberRequest) -> HttpResponse:
    """The records that the figures of a period add up, each with the match that it is of."""
    form = _form(request)
    found = statistics(form.period())
    context = {"form": form, "period": found.period, "page": page_of(request, found.events, 50)}
    return render(request, "matching/afterwards/statistics_rows.html", context, status=200 if form.is_valid() else 400)


@require_safe
@allow(KEEPS_GUILD)
def guild_statistics_xlsx(request: MemberRequest) -> HttpResponse:
    found = statistics(_form(request).period())
    month = f"-{found.period.month:02}" if found.period.month else ""
    return HttpResponse(
        workbook(_sheets(found)),
        content_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="guild-{found.period.fiscal_year}{month}.xlsx"'},
    )


def _sheets(found: Statistics) -> list[Sheet]:
    total = found.total.figures()
    headings = [figure.heading for figure in total]
    totals: list[Cell] = [str(found.period), *(figure.number for figure in total), era_date(timezone.localdate())]
    sheets = [Sheet(_("合計"), [_("期間"), *headings, _("作成日")], [totals])]
    for table in found.tables:
        rows: list[list[Cell]] = [
            [label, *(figure.number for figure in tally.figures())] for label, tally in table.rows
        ]
        sheets.append(Sheet(table.title, [table.title, *headings], rows))
    records: list[list[Cell]] = [
        [event.day.isoformat(), event.match, event.title, event.introduced, event.completed, event.hours]
        for event in found.events
    ]
    sheets.append(Sheet(_("もとになった記録"), [_("日"), _("マッチングの番号"), _("募集"), *headings], records))
    return sheets
