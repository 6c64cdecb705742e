"""Whoever asked can be led on to an event that is still to come."""

from collections.abc import Iterator

from django.utils import timezone

from centres.events.models import EventStatus
from centres.events.queries import public_events, upcoming
from centres.occasions import Occasion, register


def _to_come() -> Iterator[Occasion]:
    for event in upcoming(public_events().filter(status=EventStatus.PUBLISHED), timezone.now()):
        yield Occasion(event.pk, event.title, timezone.localdate(event.next_at))  # type: ignore[attr-defined]


register(_to_come)
