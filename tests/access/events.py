"""The records that addresses of events name, for the access table."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from centres.events.models import Booking, BookingContact, Event, EventSession, Introduction
from centres.events.tokens import token_of
from centres.models import Group

Arguments = dict[str, Any]


def an_event_at(starts: timedelta, **values: Any) -> Event:
    """A published exchange with one session of an hour."""
    values = {"status": "published", "published_at": timezone.now(), "kind": "exchange"} | values
    event = Event.objects.create(
        title="ある催し", title_kana="あるもよおし", summary="集まる", place_name="部屋", **values
    )
    begins = timezone.now() + starts
    EventSession.objects.create(event=event, starts_at=begins, ends_at=begins + timedelta(hours=1))
    return event


def an_event() -> Arguments:
    return {"pk": an_event_at(timedelta(days=1)).pk}


def a_public_event() -> Arguments:
    return {"number": an_event()["pk"]}


def a_draft_event() -> Arguments:
    return {"pk": an_event_at(timedelta(days=1), status="draft").pk}


def a_session() -> Arguments:
    return {"pk": EventSession.objects.get(event=an_event()["pk"]).pk}


def a_booking_of(event_id: int) -> Booking:
    booking = Booking.objects.create(event_id=event_id, status="booked", source="web")
    BookingContact.objects.create(booking=booking, name="ある人")
    return booking


def a_booking() -> Arguments:
    return {"pk": a_booking_of(an_event()["pk"]).pk}


def a_bookings_link() -> Arguments:
    return {"token": token_of(a_booking_of(an_event()["pk"]))}


def a_surveys_link() -> Arguments:
    return {"token": token_of(an_event_at(timedelta(hours=-1)))}


def a_booking_of_a_session() -> Arguments:
    session = a_session()
    return session | {"booking": a_booking_of(EventSession.objects.get(**session).event_id).pk}


def an_introduction() -> Arguments:
    first = Group.objects.count() + 1
    one, other = (Group.objects.create(number=first + more, name="ある会", kind="civic") for more in range(2))
    met = Introduction.objects.create(event_id=an_event()["pk"], one=one, other=other)
    return {"pk": met.pk}
