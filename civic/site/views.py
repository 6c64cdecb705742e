"""The portal's root pages and its probes."""

import redis
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from centres.events.queries import public_events, upcoming
from centres.information.queries import closing_soon, public_news
from centres.opening import is_open
from centres.queries import centre_of_municipality, follow_ups_due, has_samples, newest_groups
from centres.rules import CONSULTATIONS
from civic.accounts.queries import membership_of
from civic.accounts.requests import MemberRequest
from civic.accounts.rules import ANY_MEMBER, PUBLIC, allow
from civic.audit.kept_pages import kept_until_a_change
from civic.calendar import fiscal_year_of
from civic.measures.registry import find
from civic.tenancy.floor import faults
from civic.tenancy.models import Municipality
from civic.tenancy.requests import TenantRequest
from plans.queries import adopted_plans

FOLLOW_UPS_SHOWN = 10
EVENTS_SHOWN = 3
HOME_MEASURES = ("centres.active_groups", "centres.consultations")


@require_safe
@allow(PUBLIC)
def municipality_list(request: HttpRequest) -> HttpResponse:
    return render(request, "site/municipality_list.html", {"municipalities": Municipality.objects.all()})


@kept_until_a_change
@require_safe
@allow(PUBLIC)
def home(request: TenantRequest) -> HttpResponse:
    """One municipality: what can be done here, its centre, and how much is going on."""
    centre = centre_of_municipality()
    today = timezone.localdate()
    fiscal_year = fiscal_year_of(today)
    context = {
        "centre": centre,
        "is_open_today": is_open(centre, today) if centre and centre.opens else None,
        "fiscal_year": fiscal_year,
        "figures": [(measure, measure.count(fiscal_year)) for measure in map(find, HOME_MEASURES)],
        "has_samples": has_samples(),
        "plans": adopted_plans(),
        "newest": newest_groups(3),
        "latest_news": public_news(today)[:3],
        "grants": closing_soon(today, 3),
        "events": upcoming(public_events(), timezone.now())[:EVENTS_SHOWN],
    }
    return render(request, "site/home.html", context)


@require_safe
@allow(PUBLIC)
def accessibility(request: TenantRequest) -> HttpResponse:
    """What is done so that everybody can use the portal, and what is not yet known."""
    return render(request, "site/accessibility.html")


@require_safe
@allow(PUBLIC)
def privacy(request: TenantRequest) -> HttpResponse:
    """What becomes of personal data."""
    return render(request, "site/privacy.html")


@require_safe
@allow(ANY_MEMBER)
def office_home(request: MemberRequest) -> HttpResponse:
    """What a member can do here, and what waits for those who work at the counter."""
    membership = membership_of(request)
    at_counter = membership is not None and membership.role in CONSULTATIONS.roles
    follow_ups = follow_ups_due(timezone.localdate())[:FOLLOW_UPS_SHOWN] if at_counter else []
    return render(request, "site/office_home.html", {"follow_ups": follow_ups})


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
