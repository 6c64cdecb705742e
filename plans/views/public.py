"""What everyone may read: plans that are adopted, and reports that are published."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from civic.accounts.rules import PUBLIC, allow
from civic.audit.kept_pages import kept_until_a_change
from civic.tenancy.requests import TenantRequest
from plans import queries
from plans.models import AnnualReport, Plan
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
    return render(request, "plans/plan_detail.html", plan_page(_plan(plan)))


def plan_page(found: Plan) -> dict[str, object]:
    """What the page of a plan shows, adopted or not."""
    return {
        "plan": found,
        "tree": queries.read_tree(found),
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
        raise Http404(_("この項目はありません。"))
    return render(
        request, "plans/item_detail.html", {"plan": found, "tree": tree, "node": path[-1], "ancestors": path[:-1]}
    )


@kept_until_a_change
@require_safe
@allow(PUBLIC)
def report_detail(request: TenantRequest, plan: str, fiscal_year: int) -> HttpResponse:
    report = get_object_or_404(queries.published_reports(_plan(plan)), fiscal_year=fiscal_year)
    return render(request, "plans/report_detail.html", {"report": report, "snapshot": report.snapshot})


@require_safe
@allow(PUBLIC)
def report_pdf(request: TenantRequest, plan: str, fiscal_year: int) -> HttpResponse:
    report = get_object_or_404(queries.published_reports(_plan(plan)), fiscal_year=fiscal_year)
    return pdf_response(report)


def pdf_response(report: AnnualReport) -> HttpResponse:
    """The report's stored bytes, to be read in the browser."""
    return HttpResponse(
        bytes(report.pdf.content),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{report.plan.slug}-{report.fiscal_year}.pdf"'},
    )
