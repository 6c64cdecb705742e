"""The request as the portal's views see it (types only)."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from civic.tenancy.models import Municipality


class PortalRequest(HttpRequest):
    """A request for one of the portal's own pages, or for a municipality's."""

    municipality: Municipality | None
    htmx: HtmxDetails


class TenantRequest(PortalRequest):
    """A request for a page of a municipality."""

    municipality: Municipality
