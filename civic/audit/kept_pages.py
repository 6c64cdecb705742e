"""Public pages kept in memory for as long as nothing changes in their municipality.

The trail tells: the number of a municipality's last entry stands for the state of all its records, however they were
changed. A kept page costs one short query, which asks for that number alone, and no transaction.
"""

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import caches
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from civic.accounts.rules import PUBLIC

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

# Whoever brings one of these may be somebody in particular, or is to be told something.
PERSONAL_COOKIES = (settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name)


def kept_until_a_change(view: View) -> View:
    """Name a public view whose pages are kept: they depend on their address and the municipality's records alone.

    Not for pages with a form that posts. Raises ValueError for a view that is not for everybody.
    """
    if getattr(view, "rule", None) is not PUBLIC:
        raise ValueError("Only pages that everybody may see are kept.")
    view.is_kept = True  # type: ignore[attr-defined]
    return view


class KeptPages:
    """Answer with the kept page where there is one, and keep those that are made.

    A page is kept for a minute at most (CACHES["pages"]), because two things do not show in the trail's last number:
    records that all municipalities share, and a change whose number is lower but whose transaction ended later.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        key = getattr(request, "keep_page_as", None)
        if key is not None:
            if response.status_code == 200:
                caches["pages"].set(key, response.content)
            patch_vary_headers(response, ["Cookie"])
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if not getattr(view, "is_kept", False) or request.method != "GET":
            return None
        if any(name in request.COOKIES for name in PERSONAL_COOKIES):
            return None
        request.keep_page_as = key = _key(kwargs["municipality"], request.get_full_path())  # type: ignore[attr-defined]
        content = caches["pages"].get(key)
        return None if content is None else HttpResponse(content)


def _key(slug: str, address: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_last_change(%s)", [slug])
        (last_change,) = cursor.fetchone()
    return f"{slug}:{last_change}:{hashlib.sha256(address.encode()).hexdigest()}"
