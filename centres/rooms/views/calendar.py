"""The calendar as its pages, public and of the office, show it."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from centres.rooms.calendars import Span, room_calendars
from centres.rooms.forms import CalendarForm
from centres.rooms.queries import bookable_rooms, open_spaces
from civic.tenancy.requests import TenantRequest


def calendar_context(request: TenantRequest) -> tuple[dict[str, Any], bool]:
    """Return what a calendar page shows, and whether its address was understood.

    A month is shown of one room: of the first where none was asked for.
    """
    form = CalendarForm(request.GET)
    is_valid = form.is_valid()
    span, room = form.asked_span, form.asked_room
    rooms = list(bookable_rooms())
    shown = [one for one in rooms if one == room] if room else rooms
    if span is Span.MONTH:
        shown = shown[:1]
    days = span.days(form.asked_day)
    context = {
        "form": form,
        "rooms": rooms,
        "spaces": open_spaces(),
        "first": days[0],
        "last": days[-1],
        "before": days[0] - timedelta(days=1 if span is Span.MONTH else len(days)),
        "after": days[-1] + timedelta(days=1),
        "today": timezone.localdate(),
        "calendars": room_calendars(shown, days, timezone.now()),
    }
    return context, is_valid
