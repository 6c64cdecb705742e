"""The portal's addresses, and a bare view with one query to measure them against."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from civic.tenancy.models import Municipality


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{Municipality.objects.count()}\n")


urlpatterns = [path("bare/", bare), path("", include("civic.urls"))]
