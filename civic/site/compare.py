"""The same published figure across municipalities."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from civic.accounts.rules import PUBLIC, allow
from plans.queries import comparisons


@require_safe
@allow(PUBLIC)
def compare(request: HttpRequest) -> HttpResponse:
    """Each figure that two municipalities or more have published, side by side."""
    return render(request, "site/compare.html", {"comparisons": comparisons()})
