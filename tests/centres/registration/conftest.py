"""Applications, and the people around them."""

from collections.abc import Callable
from typing import Any

import pytest

from centres.models import Group
from centres.registration import services
from centres.registration.models import Application
from civic.accounts.models import Membership, Role
from civic.tenancy.models import Municipality
from tests.accounts.conftest import attempts_of_its_own  # noqa: F401  applications are counted as well
from tests.conftest import MakeMember

ANSWERS: dict[str, Any] = {
    "name": "花の会",
    "name_kana": "はなのかい",
    "kind": "civic",
    "activity_fields": [3, 7],
    "district": None,
    "purpose": "駅前に花を植えます。",
    "members_count": 8,
    "phone": "000-0000-0001",
    "phone_is_public": True,
}
TYPED: dict[str, Any] = {name: value for name, value in ANSWERS.items() if value is not None} | {
    "phone_is_public": "on",
    "representative_name": "花子",
    "representative_email": "hanako@example.jp",
}

Register = Callable[..., Group]


@pytest.fixture
def clerk(in_shimonoseki: Municipality, member: MakeMember) -> Membership:
    """A member of staff in Shimonoseki, as which the test acts."""
    return Membership.objects.get(user=member(in_shimonoseki, Role.STAFF))


@pytest.fixture
def received(clerk: Membership) -> Application:
    """An application that reached the centre by the web."""
    application = services.apply(ANSWERS, "花子", "hanako@example.jp")
    services.confirm(application)
    return application


@pytest.fixture
def register(clerk: Membership) -> Register:
    """Register a group at the counter and publish it."""

    def make(name: str = "花の会", email: str = "hanako@example.jp") -> Group:
        application = services.apply_at_counter({**ANSWERS, "name": name}, "花子", email, by=clerk.user)
        services.begin_review(application, by=clerk.user)
        group = services.approve(application, by=clerk)
        services.publish(application, by=clerk.user)
        group.refresh_from_db()
        return group

    return make
