"""What everyone may read: plans that are adopted, and reports that are published."""

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from civic.accounts.rules import PUBLIC, allow
from civic.audit.kept_pages import kept_until_a_change
from civic.tenancy.requests import TenantRequest
from plans import queries
from plans.filtering import ItemFilter
from plans.models import AnnualReport, Plan
from plans.progress.published import progress_of
from plans.reports.data import report_as_csv, report_as_json
from plans.tree import chapters


def _plan(slug: str) -> Plan:
    return get_object_or_404(queries.adopted_plans(), slug=slug)


@kept_until_a_change
@require_safe
@allow(PUBLIC)
def plan_list(request: TenantRequest) -> HttpResponse:
    return render(request, "plans/plan_list.html", {"plans": queries.plans_with_reports(queries.adopted_plans())})


@kept_until_a_change
@require_safe
@allow(PUBLIC)
def plan_detail(request: TenantRequest, plan: str) -> HttpResponse:
    return render(request, "plans/plan_detail.html", plan_page(_plan(plan), request.GET))


def plan_page(found: Plan, asked: QueryDict) -> dict[str, object]:
    """What the page of a plan shows, adopted or not; `asked` is what to look for among its items."""
    tree = queries.read_tree(found)
    item_filter = ItemFilter(tree, asked)
    return {
        "plan": found,
        "tree": tree,
        "filter_form": item_filter,
        "found": item_filter.found(),
        "links_to_indicators": found.status != Plan.Status.DRAFT,
        "chapters": chapters(queries.passages(found.texts.all())),
        "reports": queries.published_reports(found),
    }


@kept_until_a_change
@require_safe
@allow(PUBLIC)
def item_detail(request: TenantRequest, plan: str, key: str) -> HttpResponse:
    found = _plan(plan)
    tree = queries.read_tree(found)
    path = tree.path_to(key)
    if not path:
        return _retired_item(request, found, key)
    return render(
        request,
        "plans/item_detail.html",
        {
            "plan": found,
            "tree": tree,
            "node": path[-1],
            "ancestors": path[:-1],
            "links_to_indicators": True,
            "traces": queries.public_traces(found, key),
        },
    )


def _retired_item(request: TenantRequest, plan: Plan, key: str) -> HttpResponse:
    """An item's address outlives the item: it says when and why it went, and where to. Raises Http404 for any other."""
    item = plan.items.exclude(retired_on=None).filter(key=key).first()
    if item is None:
        raise Http404(_("この項目はありません。"))
    gone = {
        "plan": plan,
        "item": item,
        "onward": plan.items.filter(retired_on=None, traces_back__from_item=item),
        "node": {"earlier": progress_of(item)},
    }
    return render(request, "plans/item_retired.html", gone, status=410)


@kept_until_a_change
@require_safe
@allow(PUBLIC)
def report_detail(request: TenantRequest, plan: str, fiscal_year: int) -> HttpResponse:
    found = _plan(plan)
    return report_page(request, _report(found, fiscal_year), queries.public_editions(found))


@kept_until_a_change
@require_safe
@allow(PUBLIC)
def report_edition(request: TenantRequest, plan: str, fiscal_year: int, edition: int) -> HttpResponse:
    found = _plan(plan)
    editions = queries.public_editions(found)
    report = get_object_or_404(editions, fiscal_year=fiscal_year, edition=edition)
    return report_page(request, report, editions)


@require_safe
@allow(PUBLIC)
def report_pdf(request: TenantRequest, plan: str, fiscal_year: int) -> HttpResponse:
    return pdf_response(_report(_plan(plan), fiscal_year))


@require_safe
@allow(PUBLIC)
def report_edition_pdf(request: TenantRequest, plan: str, fiscal_year: int, edition: int) -> HttpResponse:
    editions = queries.public_editions(_plan(plan))
    return pdf_response(get_object_or_404(editions, fiscal_year=fiscal_year, edition=edition))


@require_safe
@allow(PUBLIC)
def report_csv(request: TenantRequest, plan: str, fiscal_year: int) -> HttpResponse:
    return csv_response(_report(_plan(plan), fiscal_year))


@require_safe
@allow(PUBLIC)
def report_json(request: TenantRequest, plan: str, fiscal_year: int) -> HttpResponse:
    return json_response(_report(_plan(plan), fiscal_year))


def _report(plan: Plan, fiscal_year: int) -> AnnualReport:
    return get_object_or_404(queries.published_reports(plan), fiscal_year=fiscal_year)


def report_page(request: TenantRequest, report: AnnualReport, editions: QuerySet[AnnualReport]) -> HttpResponse:
    """One edition, with the way to the others of its year."""
    others = editions.filter(fiscal_year=report.fiscal_year).exclude(pk=report.pk)
    return render(request, "plans/report_detail.html", {"report": report, "snapshot": report.said, "others": others})


def pdf_response(report: AnnualReport) -> HttpResponse:
    """The report's stored bytes, to be read in the browser."""
    return _file(bytes(report.pdf.content), "application/pdf", report, "pdf", "inline")


def csv_response(report: AnnualReport) -> HttpResponse:
    return _file(report_as_csv(report.said), "text/csv; charset=utf-8", report, "csv", "attachment")


def json_response(report: AnnualReport) -> HttpResponse:
    return _file(report_as_json(report.said), "application/json", report, "json", "inline")


def _file(content: bytes, content_type: str, report: AnnualReport, ending: str, disposition: str) -> HttpResponse:
    edition = f"-{report.edition}" if report.edition > 1 else ""
    name = f"{report.plan.slug}-{report.fiscal_year}{edition}.{ending}"
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'{disposition}; filename="{name}"'},
    )
