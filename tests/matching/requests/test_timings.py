"""A request for each kind of time, from its form to whoever applies: once, several times, again and again, and open."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from civic.accounts.models import Membership, Role
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from matching.models import Consent, ConsentPurpose, HelpRequest, Match, Supporter, SupporterTime, Timing
from tests.conftest import SignIn
from tests.matching.requests.conftest import OFFICE, TYPED, date_parts, text


@pytest.fixture
def saturday() -> date:
    """A Saturday, a week from now or later."""
    today = timezone.localdate()
    return today + timedelta(days=7 + (5 - today.weekday()) % 7)


@pytest.fixture
def kamome(shimonoseki: Municipality, signed_in: SignIn) -> Client:
    """The browser of somebody who has time on Saturday mornings."""
    client = signed_in(shimonoseki, Role.SUPPORTER)
    with acting_as(shimonoseki):
        supporter = Supporter.objects.create(nickname="かもめ", reach="anywhere", membership=Membership.objects.get())
        Consent.objects.create(supporter=supporter, purpose=ConsentPurpose.INTRODUCTION)
        SupporterTime.objects.create(supporter=supporter, weekday=5, starts="08:00", ends="12:00")
    return client


@pytest.mark.parametrize("timing", Timing)
def test_from_the_form_to_whoever_applies(
    shimonoseki: Municipality, signed_in: SignIn, kamome: Client, saturday: date, timing: Timing
) -> None:
    staff = signed_in(shimonoseki, Role.STAFF)
    url = staff.post(f"{OFFICE}new/", TYPED | {"timing": timing, "people_needed": "1"})["Location"]
    times = {"starts": "09:00", "ends": "11:00", "people": "1"}
    days = {Timing.ONCE: 1, Timing.SHIFTS: 2, Timing.RECURRING: 3, Timing.OPEN: 0}[timing]
    if timing == Timing.RECURRING:
        series = date_parts("first", saturday) | date_parts("until", saturday + timedelta(days=14))
        chosen = [(saturday + timedelta(weeks=week)).isoformat() for week in range(days)]
        typed = times | series | {"every": "week", "weekdays": ["5"], "day": chosen}
        assert staff.post(f"{url}shifts/series/", typed).status_code == 302
    else:
        for week in range(days):
            day = date_parts("day", saturday + timedelta(weeks=week))
            assert staff.post(f"{url}shifts/add/", times | day).status_code == 302
    staff.post(f"{url}open/")
    with acting_as(shimonoseki):
        asked = HelpRequest.objects.get()
        shifts, supporter = list(asked.shifts.all()), Supporter.objects.get()
    assert len(shifts) == days
    public = f"/shimonoseki/guild/requests/{asked.pk}/"
    page = text(Client(), public)
    assert str(timing.label) in page
    assert page.count("あと1人") == days
    for shift in shifts or [None]:
        query = f"?shift={shift.pk}" if shift else ""
        assert "かもめ" in text(staff, f"{url}candidates/{query}").partition("<main")[2]
    apply = f"/shimonoseki/office/guild/own/apply/{asked.pk}/"
    assert text(kamome, apply).count("（土）") == days
    wanted = {"supporter": supporter.pk, "shift": [shift.pk for shift in shifts]}
    assert kamome.post(apply, wanted).status_code == 302
    with acting_as(shimonoseki):
        assert [match.shift for match in Match.objects.order_by("pk")] == (shifts or [None])
    # Nobody else finds a place, but a line to wait in.
    page = text(Client(), public)
    assert "満員" in page
    assert "空き待ちになります" in page
    assert apply in page


def test_what_is_for_once_has_one_time(shimonoseki: Municipality, signed_in: SignIn, saturday: date) -> None:
    staff = signed_in(shimonoseki, Role.STAFF)
    url = staff.post(f"{OFFICE}new/", TYPED | {"timing": "once"})["Location"]
    assert "shifts/series/" not in text(staff, url)
    times = {"starts": "09:00", "ends": "11:00", "people": "1"}
    for week in range(2):
        day = date_parts("day", saturday + timedelta(weeks=week))
        page = staff.post(f"{url}shifts/add/", times | day, follow=True).content.decode()
    assert "日時の種類を変えてください" in page
    assert "shifts/add/" not in page
    assert staff.post(f"{url}edit/", TYPED | {"timing": "shifts"}).status_code == 302
    staff.post(f"{url}shifts/add/", times | day)
    with acting_as(shimonoseki):
        assert HelpRequest.objects.get().shifts.count() == 2
    assert staff.post(f"{url}edit/", TYPED | {"timing": "once"}).status_code == 400
