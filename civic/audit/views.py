"""The trail, for managers."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from civic.accounts.models import Role
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import allow, for_roles
from civic.audit import queries
from civic.audit.forms import TraceFilter
from civic.audit.readable import readable_changes, readable_viewings
from civic.paging import page_of

READ_TRAIL = for_roles("read the trail", Role.MANAGER)


@require_safe
@allow(READ_TRAIL)
def change_list(request: MemberRequest) -> HttpResponse:
    return _trail(request, queries.changes, readable_changes, "audit/change_list.html")


@require_safe
@allow(READ_TRAIL)
def viewing_list(request: MemberRequest) -> HttpResponse:
    return _trail(request, queries.viewings, readable_viewings, "audit/viewing_list.html")


def _trail(
    request: MemberRequest, find: Callable[..., Any], put_into_words: Callable[..., list[Any]], template: str
) -> HttpResponse:
    form = TraceFilter(request.GET)
    if not form.is_valid():
        return render(request, template, {"form": form}, status=400)
    page = page_of(request, find(**form.chosen()))
    return render(request, template, {"form": form, "page": page, "traces": put_into_words(page)})
