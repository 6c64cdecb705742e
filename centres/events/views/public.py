"""What is on, for everybody."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from centres.events.calendar import calendar_of
from centres.events.feed import feed_of
from centres.events.forms import EventSearchForm
from centres.events.open_data import events_as_csv
from centres.events.queries import past, public_events, survey_is_open, upcoming
from centres.queries import centre_of_municipality
from civic.accounts.rules import PUBLIC, allow
from civic.audit.kept_pages import kept_until_a_change
from civic.paging import page_of
from civic.tenancy.requests import TenantRequest

FEED_ENTRIES = 50


@kept_until_a_change
@require_safe
@allow(PUBLIC)
def event_list(request: TenantRequest) -> HttpResponse:
    """What is to come; with `?when=past` what was. A wrong filter is answered with 400 and left out."""
    form = EventSearchForm(request.GET)
    is_valid = form.is_valid()
    search = form.search()
    is_past = request.GET.get("when") == "past"
    found = (past if is_past else upcoming)(public_events(search), timezone.now())
    context = {"form": form, "is_narrowed": search.is_narrowed, "is_past": is_past, "page": page_of(request, found)}
    return render(request, "events/event_list.html", context, status=200 if is_valid else 400)


@kept_until_a_change
@require_safe
@allow(PUBLIC)
def event_detail(request: TenantRequest, number: int) -> HttpResponse:
    event = get_object_or_404(public_events(), pk=number)
    now = timezone.now()
    context = {
        "event": event,
        "can_be_booked": event.can_be_booked(now),
        "survey_is_open": survey_is_open(event, now),
        "centre": centre_of_municipality(),
    }
    return render(request, "events/event_detail.html", context)


@require_safe
@allow(PUBLIC)
def calendar(request: TenantRequest) -> HttpResponse:
    """Everything to come, for a calendar program that subscribes to it."""
    return _calendar(calendar_of(upcoming(public_events(), timezone.now())), request.municipality.slug)


@require_safe
@allow(PUBLIC)
def event_calendar(request: TenantRequest, number: int) -> HttpResponse:
    """One event, to be put into one's own calendar."""
    event = get_object_or_404(public_events(), pk=number)
    return _calendar(calendar_of([event]), f"{request.municipality.slug}-{number}")


def _calendar(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}.ics"'}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)


@require_safe
@allow(PUBLIC)
def feed(request: TenantRequest) -> HttpResponse:
    """What is to come, for a feed reader: what was announced last is first."""
    found = upcoming(public_events(), timezone.now()).order_by("-published_at")[:FEED_ENTRIES]
    return HttpResponse(feed_of(request.municipality, found), content_type="application/atom+xml; charset=utf-8")


@require_safe
@allow(PUBLIC)
def events_csv(request: TenantRequest) -> HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="{request.municipality.slug}-events.csv"',
        "Link": request.municipality.licence_link,
    }
    return HttpResponse(events_as_csv(request.municipality), content_type="text/csv; charset=utf-8", headers=headers)
