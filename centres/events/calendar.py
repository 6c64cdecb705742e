"""Events as iCalendar (RFC 5545), each session an entry of its own."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from django.conf import settings
from django.utils import timezone

from centres.events.models import Event, EventSession
from civic.tenancy.context import current_municipality
from civic.tenancy.urls import tenant_reverse

LINE_OCTETS = 75


def calendar_of(events: Iterable[Event]) -> bytes:
    """Return a calendar of the events' sessions. One that is called off stays in it, so that it is seen to be.

    Run in `acting_as`; the events have their sessions prefetched.
    """
    name = f"{current_municipality().name} 市民活動の催し"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//civic-activity-portal//events//JA"]
    lines += [f"NAME:{_text(name)}", f"X-WR-CALNAME:{_text(name)}"]
    for event in events:
        for session in event.sessions.all():
            lines += _entry(event, session)
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _entry(event: Event, session: EventSession) -> Iterator[str]:
    url = settings.PORTAL_URL + tenant_reverse("events:event_detail", number=event.pk)
    yield "BEGIN:VEVENT"
    yield f"UID:session-{session.pk}@{settings.PORTAL_URL.partition('://')[2]}"
    yield f"DTSTAMP:{_moment(timezone.now())}"
    yield f"DTSTART:{_moment(session.starts_at)}"
    yield f"DTEND:{_moment(session.ends_at)}"
    yield f"SUMMARY:{_text(event.title)}"
    yield f"DESCRIPTION:{_text(event.summary)}"
    yield f"LOCATION:{_text(' '.join(filter(None, (event.place_name, event.place_note, event.place_address))))}"
    yield f"URL:{url}"
    yield f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}"
    yield "END:VEVENT"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    """Text with what has a meaning in iCalendar marked as not meant so."""
    for character in ("\\", ";", ","):
        words = words.replace(character, f"\\{character}")
    return "\\n".join(words.splitlines())


def _folded(line: str) -> bytes:
    """The line, broken so that no part is longer than 75 octets; no character is torn apart."""
    parts, room = [b""], LINE_OCTETS
    for character in line:
        octets = character.encode()
        if len(parts[-1]) + len(octets) > room:
            # The blank that begins a continued line counts as one.
            parts.append(b"")
            room = LINE_OCTETS - 1
        parts[-1] += octets
    return b"\r\n ".join(parts) + b"\r\n"
