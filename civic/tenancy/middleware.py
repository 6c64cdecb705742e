"""From the address to the municipality."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class RefuseNullCharacters:
    """Answer 400 to an address that holds a NUL byte: PostgreSQL cannot store one, no browser types one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            request.municipality = None  # type: ignore[attr-defined]
            return self.bad_request(request)
        return self.get_response(request)

    @staticmethod
    def bad_request(request: HttpRequest) -> HttpResponse:
        from django.views.defaults import bad_request

        return bad_request(request, BadRequest())


class ActAsMunicipality:
    """Run each view below `/{slug}/` as that municipality, in one transaction; roll it back on an error.

    The view is called from here, without the slug, so that this is the only place that decides. Sets
    `request.municipality` (None on the portal's own pages).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.municipality = None  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: list[Any],
        kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        slug = kwargs.pop("municipality", None)
        if slug is None:
            return None
        municipality = Municipality.objects.filter(slug=slug).first()
        if municipality is None:
            raise Http404(_("この自治体のページはありません。"))
        request.municipality = municipality  # type: ignore[attr-defined]
        actor_id = request.user.pk if request.user.is_authenticated else None
        with acting_as(municipality, actor_id=actor_id):
            response = view(request, *args, **kwargs)
            if hasattr(response, "render") and callable(response.render):
                # A template reads records, so it is rendered while they may be read.
                response = response.render()
            return response
