"""Rooms that the tests of booking stand on, and a clock that stands still."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import pytest
from django.utils import timezone

from centres.models import Group, GroupKind, GroupStanding
from centres.rooms.booking_rules import Wanted
from centres.rooms.models import Room, RoomBand
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality

BANDS = (("午前", time(9), time(12)), ("午後", time(13), time(17)), ("夜間", time(18), time(22)))

# A Monday; the rooms' months up to the next February are open to whoever comes first.
NOW = timezone.make_aware(datetime(2026, 11, 9, 10))  # noqa: DTZ001
A_FRIDAY = date(2026, 12, 4)

MakeRoom = Callable[..., Room]
MakeGroup = Callable[..., Group]
Want = Callable[..., Wanted]
SetClock = Callable[[datetime], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Set the time that it is; at first it is `NOW`."""

    def stand_at(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    stand_at(NOW)
    return stand_at


@pytest.fixture
def make_room() -> MakeRoom:
    """Make a room of three bands. Call inside `acting_as`."""

    def make(name: str = "会議室", **values: Any) -> Room:
        room = Room.objects.create(name=name, **{"offered_from": date(2020, 4, 1)} | values)
        for band, starts, ends in BANDS:
            RoomBand.objects.create(room=room, name=band, starts=starts, ends=ends)
        return Room.objects.select_related("centre").get(pk=room.pk)

    return make


@pytest.fixture
def make_group() -> MakeGroup:
    """Make a group of the directory. Call inside `acting_as`."""

    def make(name: str = "花の会", **values: Any) -> Group:
        number = Group.objects.count() + 1
        values = {
            "standing": GroupStanding.REGISTERED,
            "is_published": True,
            "kind": GroupKind.CIVIC,
            "email": f"group{number}@example.jp",
        } | values
        return Group.objects.create(number=number, name=name, **values)

    return make


@pytest.fixture
def want() -> Want:
    """Say what is wanted: bands by their names."""

    def make(room: Room, *bands: str, day: date = A_FRIDAY, **values: Any) -> Wanted:
        return Wanted(
            room=room,
            day=day,
            bands=list(room.bands.filter(name__in=bands or ["午前"])),
            **{"purpose": "定例会", "people": 8} | values,
        )

    return make


@pytest.fixture
def room(shimonoseki: Municipality, make_room: MakeRoom) -> Room:
    with acting_as(shimonoseki):
        return make_room()
