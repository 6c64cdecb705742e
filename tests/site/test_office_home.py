"""The first page of signed-in work."""

from datetime import timedelta

import pytest
from django.utils import timezone

from centres.models import Consultation
from civic.accounts.models import Role
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.conftest import SignIn

URL = "/shimonoseki/office/"
NEW_CONSULTATION = 'href="/shimonoseki/office/consultations/new/"'


@pytest.mark.parametrize("role", Role)
def test_it_offers_what_the_role_may_do(signed_in: SignIn, shimonoseki: Municipality, role: Role) -> None:
    page = signed_in(shimonoseki, role).get(URL).content.decode()
    assert str(role.label) in page
    assert (NEW_CONSULTATION in page) is (role in {Role.MANAGER, Role.STAFF})
    assert ('href="/shimonoseki/office/members/"' in page) is (role == Role.MANAGER)
    assert 'href="/shimonoseki/groups/"' in page


def test_what_is_due_waits_for_the_counter(signed_in: SignIn, shimonoseki: Municipality, nagato: Municipality) -> None:
    today = timezone.localdate()
    for municipality, summary, day in (
        (shimonoseki, "きょうの相談", today),
        (shimonoseki, "あすの相談", today + timedelta(days=1)),
        (nagato, "長門の相談", today),
    ):
        with acting_as(municipality):
            Consultation.objects.create(summary=summary, follow_up_on=day)
    page = signed_in(shimonoseki, Role.STAFF).get(URL).content.decode()
    assert "きょうの相談" in page
    assert "あすの相談" not in page
    assert "長門の相談" not in page
    assert "きょうの相談" not in signed_in(shimonoseki, Role.PLANNER).get(URL).content.decode()
