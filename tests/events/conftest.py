"""Records that the tests of events stand on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from centres.events import services
from centres.events.models import Booking, BookingContact, BookingSource, Event, EventSession, EventStatus
from centres.models import Group, GroupKind
from civic.accounts.models import Role
from civic.celery import app as celery_app
from civic.tenancy.models import Municipality
from tests.accounts.conftest import attempts_of_its_own  # noqa: F401  bookings are counted as well
from tests.conftest import SignIn

MakeEvent = Callable[..., Event]
MakeGroup = Callable[[str], Group]
Book = Callable[..., Booking]


def add_session(event: Event, starts: timedelta) -> EventSession:
    begins = timezone.now() + starts
    return EventSession.objects.create(event=event, starts_at=begins, ends_at=begins + timedelta(hours=2))


@pytest.fixture
def make_event() -> MakeEvent:
    """Make a published course with sessions of two hours, so long from now. Call inside `acting_as`."""

    def make(title: str = "手話講座", *starts: timedelta, **values: Any) -> Event:
        values = {
            "title_kana": "しゅわこうざ",
            "summary": "手話を学びます。",
            "place_name": "会議室",
            "status": EventStatus.PUBLISHED,
            "published_at": timezone.now(),
        } | values
        event = Event.objects.create(title=title, **values)
        for start in starts or (timedelta(days=7),):
            add_session(event, start)
        return event

    return make


@pytest.fixture
def make_group() -> MakeGroup:
    """Make a published group. Call inside `acting_as`."""

    def make(name: str) -> Group:
        number = Group.objects.count() + 1
        return Group.objects.create(number=number, name=name, kind=GroupKind.CIVIC, is_published=True)

    return make


@pytest.fixture
def book() -> Book:
    """Book at the counter, with an address made from the name. Call inside `acting_as`."""

    def make(event: Event, name: str = "hanako", people: int = 1) -> Booking:
        contact = BookingContact(name=name, email=f"{name}@example.jp")
        return services.book(event, people, contact, BookingSource.COUNTER)

    return make


@pytest.fixture
def staff(signed_in: SignIn, shimonoseki: Municipality) -> Client:
    return signed_in(shimonoseki, Role.STAFF)


@pytest.fixture
def letters(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[mail.EmailMessage]:
    """The letters sent, by tasks that run as soon as they are sent."""
    settings.PORTAL_URL = "https://portal.example.jp"
    monkeypatch.setitem(celery_app.conf, "task_always_eager", True)
    mail.outbox = []
    return mail.outbox
