"""The night after 31 March, by the scheduler's tasks: listing, bookings and requests follow the one rule, once."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from centres.models import Group
from centres.registration import services
from centres.registration.models import RegistrationRule
from centres.registration.tasks import turn_day
from centres.rooms import services as rooms
from centres.rooms.booking_rules import Wanted
from centres.rooms.models import Booking, BookingStatus, Room, RoomBand
from centres.rooms.tasks import begin_day
from civic.accounts.models import Membership, Role
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from matching.models import HelpRequest, RequestStatus
from tests.centres.conftest import Mailbox
from tests.centres.registration.conftest import ANSWERS
from tests.conftest import MakeMember

LAST = date(2027, 3, 31)
AFTERWARDS = date(2027, 4, 9)
NIGHTLY = {task.name: task for task in (turn_day, begin_day)}
Night = Callable[[date], None]


@pytest.fixture
def night(monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Night:
    """Let a day begin: what the scheduler starts, in its order, each at its time; and once more, as after a restart."""
    entries = sorted(
        (min(entry["schedule"].hour), min(entry["schedule"].minute), entry["task"])
        for entry in settings.CELERY_BEAT_SCHEDULE.values()
        if entry["task"] in NIGHTLY
    )
    assert [task for _hour, _minute, task in entries] == [turn_day.name, begin_day.name]

    def begin(day: date) -> None:
        for hour, minute, task in entries * 2:
            moment = timezone.make_aware(datetime.combine(day, time(hour, minute)))
            monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
            with django_capture_on_commit_callbacks(execute=True):
                NIGHTLY[task]()

    return begin


def registered(name: str, clerk: Membership) -> Group:
    """Registered until 31 March, listed, with a room for April in the band of its name, and an open request."""
    application = services.apply_at_counter({**ANSWERS, "name": name}, "花子", "hanako@example.jp", by=clerk.user)
    services.begin_review(application, by=clerk.user)
    group = services.approve(application, by=clerk)
    services.publish(application, by=clerk.user)
    Group.objects.filter(pk=group.pk).update(email="group@example.jp")
    group.refresh_from_db()
    room = Room.objects.select_related("centre").get()
    bands = list(room.bands.filter(name=name))
    rooms.book(Wanted(room=room, day=AFTERWARDS, bands=bands, purpose="会議", people=5, group=group), None)
    HelpRequest.objects.create(
        group=group, title=f"{name}の募集", what="草", when="朝", where="庭", people_needed=1, status=RequestStatus.OPEN
    )
    return group


def test_what_ends_on_31_march_is_gone_the_next_morning_once(
    client: Client,
    shimonoseki: Municipality,
    nagato: Municipality,
    member: MakeMember,
    mailbox: Mailbox,
    night: Night,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    in_february = timezone.make_aware(datetime(2027, 2, 1, 10))  # noqa: DTZ001  made aware right here
    monkeypatch.setattr(timezone, "now", lambda: in_february)
    clerk = Membership.objects.get(user=member(shimonoseki, Role.STAFF))
    with acting_as(shimonoseki):
        RegistrationRule.objects.create(grace_days=0, reminder_days=[])
        room = Room.objects.create(name="会議室", offered_from=date(2026, 4, 1), draws_first_day=False)
        for name, hour in (("終わる会", 9), ("続く会", 13)):
            RoomBand.objects.create(room=room, name=name, starts=time(hour), ends=time(hour + 3))
        ends, goes_on = (registered(name, clerk) for name in ("終わる会", "続く会"))
        goes_on.registrations.update(valid_until=date(2028, 3, 31))

    def found() -> tuple[list[int], list[bool], list[str]]:
        """What everybody sees of the two groups, and how their bookings stand."""
        pages = [client.get(f"/shimonoseki/groups/{group.number}/").status_code for group in (ends, goes_on)]
        asked = client.get("/shimonoseki/guild/").content.decode()
        with acting_as(shimonoseki):
            bookings = list(Booking.objects.order_by("pk").values_list("status", flat=True))
        return pages, [f"{name}の募集" in asked for name in ("終わる会", "続く会")], bookings

    night(LAST)
    assert found() == ([200, 200], [True, True], [BookingStatus.BOOKED, BookingStatus.BOOKED])
    mailbox.letters.clear()
    night(LAST + timedelta(days=1))
    after = ([404, 200], [False, True], [BookingStatus.CANCELLED, BookingStatus.BOOKED])
    assert found() == after
    [(ended, _text)] = mailbox.to("hanako@example.jp")
    assert ended == "【下関市】団体登録の期間が終わりました"
    [(cancelled, text)] = mailbox.to("group@example.jp")
    assert cancelled == "【下関市】部屋の予約の取消しのお知らせ"
    assert "団体の登録が切れたため" in text
    assert "令和9年4月9日（金） 終わる会" in text
    night(LAST + timedelta(days=2))
    assert found() == after
    assert len(mailbox.letters) == 2, "each letter goes out once"
