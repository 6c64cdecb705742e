"""Forty at once for the last seat: one has it, everybody else waits in a line without gaps or doubles."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, connections
from django.test import Client
from pytest_django import DjangoDbBlocker

from centres.events.models import Booking, BookingStatus, Event
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.events.conftest import MakeEvent

CLIENTS = 40


@pytest.fixture
def last_seat(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, make_event: MakeEvent, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Event]:
    """An event with one seat left that all connections see: it is committed, and deleted after the test."""
    monkeypatch.setitem(connection.settings_dict["OPTIONS"]["pool"], "max_size", CLIENTS)
    with django_db_blocker.unblock():
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]
        with acting_as(Municipality.objects.get(slug="shimonoseki")):
            event = make_event(capacity=2)
            Booking.objects.create(event=event, status=BookingStatus.BOOKED, source="web")
        # Or this thread would hold one of the forty connections.
        connection.close()
        yield event
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]
        with connections["owner"].cursor() as owner:
            owner.execute("TRUNCATE events_event, audit_change CASCADE")
        connections.close_all()


def test_of_forty_clients_one_has_it_and_the_rest_are_told_their_place(last_seat: Event) -> None:
    all_are_ready = Barrier(CLIENTS)

    def ask(number: int) -> str:
        client = Client(REMOTE_ADDR=f"192.0.2.{number}")
        # Each has a connection of its own before the first asks.
        client.get("/shimonoseki/events/")
        all_are_ready.wait(30)
        try:
            asked = {"name": f"人{number}", "email": f"n{number}@example.jp", "people": "1"}
            answer = client.post(f"/shimonoseki/events/{last_seat.pk}/book/", asked)
            assert answer.status_code == 302, answer.content.decode()
            return client.get(answer.headers["Location"]).content.decode()
        finally:
            connection.close()

    with ThreadPoolExecutor(CLIENTS) as threads:
        pages = list(threads.map(ask, range(CLIENTS)))
    told = [re.search(r"キャンセル待ちの(\d+)番目", page) for page in pages]
    assert (
        sum(place is None and "申し込みを受け付けました" in page for place, page in zip(told, pages, strict=True)) == 1
    )
    assert sorted(int(place[1]) for place in told if place) == list(range(1, CLIENTS))
    with acting_as(Municipality.objects.get(slug="shimonoseki")):
        taken = Booking.objects.filter(event=last_seat.pk, status=BookingStatus.BOOKED)
        assert taken.count() == 2
        assert Booking.objects.filter(event=last_seat.pk).count() == CLIENTS + 1


def test_without_any_service_the_database_still_gives_it_once(last_seat: Event) -> None:
    """Ten connections insert at the same moment, each sure that a seat is left."""
    clients = 10
    all_have_begun = Barrier(clients)

    def insert(_number: int) -> bool:
        try:
            with acting_as(Municipality.objects.get(slug="shimonoseki")):
                all_have_begun.wait(30)
                Booking.objects.create(event_id=last_seat.pk, status=BookingStatus.BOOKED, source="web")
            return True
        except IntegrityError:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(clients) as threads:
        assert sum(threads.map(insert, range(clients))) == 1
    with acting_as(Municipality.objects.get(slug="shimonoseki")):
        assert Booking.objects.filter(event=last_seat.pk, status=BookingStatus.BOOKED).count() == 2
