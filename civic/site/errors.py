"""What is answered when something is wrong with the request, or with the portal."""

from django.http import HttpResponse
from django.template.loader import get_template
from django.views import defaults

from civic.tenancy.models import Municipality
from civic.tenancy.requests import PortalRequest


def bad_request(request: PortalRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(_without_asking(request, "400.html"), status=400)


def page_not_found(request: PortalRequest, exception: Exception) -> HttpResponse:
    """404 in the colours of the municipality that the address begins with, whatever is wrong with the rest of it."""
    if request.municipality is None:
        slug = request.path_info.split("/")[1]
        request.municipality = Municipality.objects.filter(slug=slug).first()
    return defaults.page_not_found(request, exception)


def server_error(request: PortalRequest) -> HttpResponse:
    return HttpResponse(_without_asking(request, "500.html"), status=500)


def _without_asking(request: PortalRequest, template: str) -> str:
    """Render without context processors: they ask who is signed in, and the database may be what is broken."""
    municipality = getattr(request, "municipality", None)
    return get_template(template).render({"request": {"municipality": municipality, "path": request.path}})
