"""The officer writes: all of a department's items on one page, saved as they are typed."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import reswap, retarget

from civic.accounts.queries import member_of
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow
from civic.tenancy.urls import tenant_reverse
from plans.models import ProgressReport, ReportingYear
from plans.models.progress import WITH_DEPARTMENT
from plans.progress import queries, services
from plans.progress.forms import ProgressForm
from plans.queries import read_tree
from plans.rules import REPORTS_PROGRESS, answers_for
from plans.views.progress.addresses import line_of, to_page, year_at


@require_safe
@allow(REPORTS_PROGRESS)
def own_reports(request: MemberRequest, plan: str, fiscal_year: int) -> HttpResponse:
    return _own_page(request, year_at(plan, fiscal_year))


@require_POST
@allow(REPORTS_PROGRESS)
def save_report(request: MemberRequest, plan: str, fiscal_year: int, key: str) -> HttpResponse:
    """Keep what is typed, and hand it in where that is asked. With htmx only the item's own part is answered."""
    year = year_at(plan, fiscal_year)
    report = get_object_or_404(queries.awaited(year).select_related("item"), item__key=key)
    member = member_of(request)
    if not answers_for(member, report.item_id):
        raise PermissionDenied(_("ほかの課の項目です。"))
    form = ProgressForm(list(year.plan.ratings.all()), request.POST, instance=report)
    theirs: ProgressReport | None = None
    is_submitted = False
    if form.is_valid():
        over = form.cleaned_data["over"]
        version = form.cleaned_data["version"] if over is None else over
        try:
            saved = services.save(report, version, form.written(), member, over=over is not None)
            if request.POST.get("then") == "submit":
                services.submit(saved, member)
                is_submitted = True
        except services.WrittenMeanwhile as meanwhile:
            theirs = meanwhile.report
        except services.Refused as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as missing:
            form.add_error(None, missing)
    stored = get_object_or_404(queries.reports_of(member, year), pk=report.pk)
    if request.htmx:
        if theirs and form.cleaned_data["seen"] == theirs.version:
            # It is on the page already; a button there must not be replaced while it is being pressed.
            return HttpResponse(status=204)
        if is_submitted:
            return retarget(reswap(_own_part(request, year, stored), "outerHTML"), f"#item-{key}")
        return render(
            request, "plans/progress/saved.html", {"report": stored, "form": form, "theirs": theirs, "year": year}
        )
    if theirs or form.errors:
        return _own_page(request, year, form, theirs)
    messages.success(request, _("提出しました。") if is_submitted else _("保存しました。"))
    return redirect(tenant_reverse("plans:own_reports", plan=plan, fiscal_year=fiscal_year) + f"#item-{key}")


@require_POST
@allow(REPORTS_PROGRESS)
def submit_reports(request: MemberRequest, plan: str, fiscal_year: int) -> HttpResponse:
    year = year_at(plan, fiscal_year)
    try:
        handed_in, left = services.submit_all(year, member_of(request))
    except services.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        if handed_in:
            messages.success(request, _("%(count)s件を提出しました。") % {"count": handed_in})
        if left:
            messages.warning(
                request,
                _("%(count)s件は、「進みぐあい」か「この年度にしたこと」が空のため、提出していません。")
                % {"count": left},
            )
    return to_page("own_reports", year)


@dataclass(frozen=True)
class OwnEntry:
    """An item on its officer's page; `theirs` is what somebody else saved first."""

    line: queries.Line
    form: ProgressForm
    theirs: ProgressReport | None = None


def _own_page(
    request: MemberRequest,
    year: ReportingYear,
    typed: ProgressForm | None = None,
    theirs: ProgressReport | None = None,
) -> HttpResponse:
    """All the officer's items; `typed` is what could not be saved, as it was typed."""
    ratings = list(year.plan.ratings.all())
    entries = [
        OwnEntry(line, typed, theirs)
        if typed is not None and typed.instance.pk == line.report.pk
        else OwnEntry(line, ProgressForm(ratings, instance=line.report))
        for line in queries.lines(read_tree(year.plan), year, queries.reports_of(member_of(request), year))
    ]
    context = {
        "plan": year.plan,
        "year": year,
        "entries": entries,
        "departments": [own.department for own in member_of(request).departments.select_related("department")],
        "left": sum(entry.line.report.is_with_department for entry in entries),
        "is_past_due": timezone.localdate() > year.due_on,
    }
    status = 200 if typed is None else 409 if theirs else 400
    return render(request, "plans/progress/own_reports.html", context, status=status)


def _own_part(request: MemberRequest, year: ReportingYear, report: ProgressReport) -> HttpResponse:
    own = queries.reports_of(member_of(request), year)
    line = line_of(year, own.filter(pk=report.pk))
    entry = OwnEntry(line, ProgressForm(list(year.plan.ratings.all()), instance=report))
    context = {
        "plan": year.plan,
        "year": year,
        "entry": entry,
        "left": own.filter(state__in=WITH_DEPARTMENT).count(),
        "has_just_moved": True,
    }
    return render(request, "plans/progress/own_report.html", context)
