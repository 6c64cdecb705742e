"""Pages of long lists."""

from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _


def page_of(request: HttpRequest, records: Any, per_page: int = 30) -> Page:
    """Return the page of `records` that the address asks for with `?page=`, the first without.

    Raises Http404 for a page that is not there.
    """
    try:
        return Paginator(records, per_page).page(request.GET.get("page") or 1)
    except InvalidPage as error:
        raise Http404(_("このページはありません。")) from error
