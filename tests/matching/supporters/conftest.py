"""What one types to join, and those who have joined."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from civic.accounts.models import Membership, Role
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from matching.models import Consent, ConsentPurpose, Supporter, SupporterContact
from tests.conftest import MakeMember

TYPED: dict[str, Any] = {
    "kind": "person",
    "nickname": "かもめ",
    "name": "見本 花子",
    "email": "Hanako@example.jp",
    "phone": "000-0000-0001",
    "born_on_year": "1954",
    "born_on_month": "5",
    "born_on_day": "1",
    "comes_on_site": "on",
    "reach": "anywhere",
    "asks_a_month": "2",
    "news": "monthly",
    "times-5": ["morning", "afternoon"],
    "consent-introduction": "on",
}

Joined = Callable[..., Supporter]


@pytest.fixture
def joined() -> Joined:
    """Somebody with a contact, who agrees to be introduced; in the municipality acted as."""

    def make(nickname: str = "かもめ", **values: Any) -> Supporter:
        supporter = Supporter.objects.create(nickname=nickname, **values)
        SupporterContact.objects.create(
            supporter=supporter, name="見本 花子", email="hanako@example.jp", phone="000-0000-0001"
        )
        Consent.objects.create(supporter=supporter, purpose=ConsentPurpose.INTRODUCTION)
        return supporter

    return make


@pytest.fixture
def kamome(shimonoseki: Municipality, member: MakeMember, joined: Joined) -> tuple[Supporter, Client]:
    """A supporter of Shimonoseki, and their browser."""
    user = member(shimonoseki, Role.SUPPORTER)
    with acting_as(shimonoseki):
        supporter = joined(membership=Membership.objects.get(user=user))
    client = Client()
    client.force_login(user)
    return supporter, client
