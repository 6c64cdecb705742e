"""What everybody may read."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from centres.information.forms import CaseSearchForm, GrantSearchForm, WordsForm
from centres.information.models import Grant
from centres.information.queries import (
    closing_soon,
    grants,
    public_cases,
    public_news,
    searched_cases,
    searched_news,
)
from civic.accounts.rules import PUBLIC, allow
from civic.audit.kept_pages import kept_until_a_change
from civic.paging import page_of
from civic.tenancy.requests import TenantRequest

GRANTS_BESIDE_NEWS = 3


@kept_until_a_change
@require_safe
@allow(PUBLIC)
def news_list(request: TenantRequest) -> HttpResponse:
    """The notices, searched, and which grants close next. What is wrong in a search is answered with 400."""
    form = WordsForm(request.GET)
    is_valid = form.is_valid()
    today = timezone.localdate()
    context = {
        "form": form,
        "page": page_of(request, searched_news(today, form.words())),
        "grants": closing_soon(today, GRANTS_BESIDE_NEWS),
    }
    return render(request, "information/news_list.html", context, status=200 if is_valid else 400)


@kept_until_a_change
@require_safe
@allow(PUBLIC)
def news_detail(request: TenantRequest, pk: int) -> HttpResponse:
    news = get_object_or_404(public_news(timezone.localdate()), pk=pk)
    return render(request, "information/news_detail.html", {"news": news})


@kept_until_a_change
@require_safe
@allow(PUBLIC)
def grant_list(request: TenantRequest) -> HttpResponse:
    """The grants that one can apply for, those that close soonest first; with `?over=on` the past ones."""
    form = GrantSearchForm(request.GET)
    is_valid = form.is_valid()
    search = form.search()
    context = {"form": form, "search": search, "page": page_of(request, grants(search, timezone.localdate()))}
    return render(request, "information/grant_list.html", context, status=200 if is_valid else 400)


@kept_until_a_change
@require_safe
@allow(PUBLIC)
def grant_detail(request: TenantRequest, pk: int) -> HttpResponse:
    grant = get_object_or_404(Grant, pk=pk, is_published=True)
    return render(request, "information/grant_detail.html", {"grant": grant})


@kept_until_a_change
@require_safe
@allow(PUBLIC)
def case_list(request: TenantRequest) -> HttpResponse:
    """The case library, searched. What is wrong in a search is answered with 400."""
    form = CaseSearchForm(request.GET)
    is_valid = form.is_valid()
    context = {"form": form, "page": page_of(request, searched_cases(form.search()))}
    return render(request, "information/case_list.html", context, status=200 if is_valid else 400)


@kept_until_a_change
@require_safe
@allow(PUBLIC)
def case_detail(request: TenantRequest, pk: int) -> HttpResponse:
    case = get_object_or_404(public_cases().prefetch_related("photos"), pk=pk)
    return render(request, "information/case_detail.html", {"case": case})
