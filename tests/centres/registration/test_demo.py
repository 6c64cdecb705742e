"""The sample registrations."""

from random import Random

from centres.models import Group, GroupKind, GroupStanding
from centres.registration.demo import load_demo
from centres.registration.loading import load
from centres.registration.models import Application, ApplicationState, Registration, Representative
from civic.accounts.demo import create_demo_accounts
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.centres.conftest import MakeGroup

PASSWORD = "asagao-himawari-2026"


def test_sample_groups_are_registered_and_others_left_alone(shimonoseki: Municipality, make_group: MakeGroup) -> None:
    create_demo_accounts(PASSWORD)
    with acting_as(shimonoseki):
        load()
        sample = make_group("サンプルの会", is_sample=True, registered_on="2020-05-01")
        make_group("協議会", kind=GroupKind.COUNCIL)
        for _twice in range(2):
            load_demo(Random(1))
        assert dict(Group.objects.values_list("name", "standing")) == {
            "サンプルの会": GroupStanding.REGISTERED,
            "協議会": GroupStanding.LISTED,
        }
        assert Registration.objects.get().is_sample
        assert Representative.objects.get().group == sample
        assert set(Application.objects.values_list("state", "is_sample")) == {
            (ApplicationState.RECEIVED, True),
            (ApplicationState.UNDER_REVIEW, True),
            (ApplicationState.SENT_BACK, True),
        }
