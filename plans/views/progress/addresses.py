"""What the address of a page of the plan's year names, and the way on to such a page."""

from django.db.models import QuerySet
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from civic.tenancy.urls import tenant_reverse
from plans.models import ProgressReport, ReportingYear
from plans.progress import queries
from plans.queries import read_tree


def year_at(plan: str, fiscal_year: int) -> ReportingYear:
    """Return the year of a plan, by the plan's slug. Raises Http404."""
    return get_object_or_404(ReportingYear.objects.select_related("plan"), plan__slug=plan, fiscal_year=fiscal_year)


def report_at(plan: str, fiscal_year: int, key: str) -> ProgressReport:
    """Return an item's report of the year, with what its text needs. Raises Http404."""
    return get_object_or_404(queries.with_words(year_at(plan, fiscal_year)).select_related("year__plan"), item__key=key)


def line_of(year: ReportingYear, one: QuerySet[ProgressReport]) -> queries.Line:
    """Return the report that `one` holds, at its place in the plan. Raises Http404 where its item has none."""
    found = queries.lines(read_tree(year.plan), year, one)
    if not found:
        raise Http404(_("この項目は、計画にありません。"))
    return found[0]


def to_page(name: str, year: ReportingYear) -> HttpResponseRedirect:
    """Return the way on to a page of the year, by its address's name."""
    return redirect(tenant_reverse(f"plans:{name}", plan=year.plan.slug, fiscal_year=year.fiscal_year))
