"""The portal's root pages and its probes."""

import redis
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from civic.accounts.requests import MemberRequest
from civic.accounts.rules import ANY_MEMBER, PUBLIC, allow
from civic.tenancy.floor import faults
from civic.tenancy.models import Municipality


@require_safe
@allow(PUBLIC)
def municipality_list(request: HttpRequest) -> HttpResponse:
    return render(request, "site/municipality_list.html", {"municipalities": Municipality.objects.all()})


@require_safe
@allow(PUBLIC)
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "site/home.html")


@require_safe
@allow(ANY_MEMBER)
def office_home(request: MemberRequest) -> HttpResponse:
    return render(request, "site/office_home.html")


@never_cache
@require_safe
@allow(PUBLIC)
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: the process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
@allow(PUBLIC)
def readyz(request: HttpRequest) -> HttpResponse:
    """Ready to serve: the database is reached and its floor holds, the broker answers. 503 with reasons otherwise."""
    reasons: list[str] = []
    try:
        reasons += faults()
    except DatabaseError:
        reasons.append("the database cannot be reached")
    try:
        redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2).ping()
    except redis.RedisError:
        reasons.append("the broker cannot be reached")
    return JsonResponse({"ready": not reasons, "reasons": reasons}, status=503 if reasons else 200)
