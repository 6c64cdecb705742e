"""Forty clients want the last band at the same moment: real connections, real threads, one winner."""

from collections.abc import Callable, Iterator
from datetime import date, time
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, connections

from centres.models import Group, GroupKind, GroupStanding
from centres.rooms import services
from centres.rooms.booking_rules import Wanted
from centres.rooms.models import BookedBand, Booking, Room, RoomBand
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.centres.rooms.conftest import A_FRIDAY, SetClock

CLIENTS = 40

pytestmark = pytest.mark.slow


@pytest.fixture
def last_band(clock: SetClock, committed: None) -> Iterator[None]:
    """A committed room of which one band is left on a Friday, and a connection for every client."""
    pool = connections.settings["default"]["OPTIONS"]["pool"]
    few = pool["max_size"]
    connection.close_pool()  # type: ignore[attr-defined]
    pool["max_size"] = CLIENTS + 2
    with acting_as(Municipality.objects.get(slug="shimonoseki")):
        room = Room.objects.create(name="会議室", offered_from=date(2020, 4, 1))
        bands = [
            RoomBand.objects.create(room=room, name=name, starts=time(starts), ends=time(starts + 3))
            for name, starts in (("午前", 9), ("午後", 13))
        ]
        services.book(Wanted(room, A_FRIDAY, bands[:1], "前からの予約", 5), None)
        for number in range(1, CLIENTS + 1):
            Group.objects.create(
                number=number, name=f"会{number}", kind=GroupKind.CIVIC, standing=GroupStanding.REGISTERED
            )
    yield
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    pool["max_size"] = few


def all_at_once(work: Callable[[Group, RoomBand], None]) -> list[str]:
    """Let every client do its work at the same moment, each in a transaction of its own; return what each was told."""
    told: list[str] = []
    barrier = Barrier(CLIENTS, timeout=60)
    municipality = Municipality.objects.get(slug="shimonoseki")

    def client(number: int) -> None:
        try:
            with acting_as(municipality):
                group = Group.objects.get(number=number)
                band = RoomBand.objects.select_related("room").get(name="午後")
                barrier.wait()
                work(group, band)
            told.append("")
        except ValidationError as refusal:
            told.append(refusal.message)
        except IntegrityError as error:
            told.append(str(error))
        finally:
            connection.close()

    clients = [Thread(target=client, args=(number,)) for number in range(1, CLIENTS + 1)]
    for one in clients:
        one.start()
    for one in clients:
        one.join(120)
    return told


def held(municipality: Municipality) -> int:
    with acting_as(municipality):
        return BookedBand.objects.filter(band__name="午後", day=A_FRIDAY, is_held=True).count()


@pytest.mark.usefixtures("last_band")
def test_one_wins_and_the_others_are_told() -> None:
    told = all_at_once(
        lambda group, band: services.book(Wanted(band.room, A_FRIDAY, [band], "定例会", 8, group), None) and None
    )
    assert len(told) == CLIENTS
    assert told.count("") == 1
    assert set(told) - {""} == {"ほかの予約が入っています。"}
    assert held(Municipality.objects.get(slug="shimonoseki")) == 1


@pytest.mark.usefixtures("last_band")
def test_the_database_alone_lets_one_win() -> None:
    """Whoever goes round the service and its lock meets the constraint."""

    def write(group: Group, band: RoomBand) -> None:
        booking = Booking.objects.create(room=band.room, day=A_FRIDAY, group=group, purpose="定例会", people=8)
        BookedBand.objects.create(booking=booking, room=band.room, band=band, day=A_FRIDAY, is_held=True)

    told = all_at_once(write)
    assert len(told) == CLIENTS
    assert told.count("") == 1
    assert all("rooms_band_held_once" in words for words in told if words)
    assert held(Municipality.objects.get(slug="shimonoseki")) == 1
