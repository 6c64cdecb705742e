"""A place in a municipality: held, changed, ended."""

from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client

from civic.accounts import queries, services
from civic.accounts.models import Department, DepartmentMember, Membership, Role, User
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.conftest import MakeMember, SignIn


def test_an_ended_membership_ends_with_the_next_request(shimonoseki: Municipality, member: MakeMember) -> None:
    manager, staff = member(shimonoseki, Role.MANAGER), member(shimonoseki, Role.STAFF)
    browser = Client()
    browser.force_login(staff)
    assert browser.get("/shimonoseki/office/").status_code == 200
    with acting_as(shimonoseki):
        services.end_membership(queries.members().get(user=staff), manager)
    assert browser.get("/shimonoseki/office/").status_code == 404


def test_a_changed_role_holds_with_the_next_request(shimonoseki: Municipality, member: MakeMember) -> None:
    manager, staff = member(shimonoseki, Role.MANAGER), member(shimonoseki, Role.STAFF)
    browser = Client()
    browser.force_login(staff)
    assert browser.get("/shimonoseki/office/members/").status_code == 403
    with acting_as(shimonoseki):
        services.change_role(queries.members().get(user=staff), Role.MANAGER, None, manager)
    # Led to the second factor that the new role needs.
    assert browser.get("/shimonoseki/office/members/").status_code == 302


def test_one_person_serves_two_municipalities_with_a_role_in_each(
    shimonoseki: Municipality, yamaguchi: Municipality, signed_in: SignIn
) -> None:
    browser = signed_in(shimonoseki, Role.MANAGER)
    person = User.objects.get(email="manager@shimonoseki.example.jp")
    Membership.objects.create(user=person, municipality=yamaguchi, role=Role.STAFF)
    assert browser.get("/shimonoseki/office/members/").status_code == 200
    assert browser.get("/yamaguchi/office/").status_code == 200
    assert browser.get("/yamaguchi/office/members/").status_code == 403
    assert browser.get("/nagato/office/").status_code == 404


def test_who_left_may_come_back_with_another_role(shimonoseki: Municipality, member: MakeMember) -> None:
    manager, staff = member(shimonoseki, Role.MANAGER), member(shimonoseki, Role.STAFF)
    with acting_as(shimonoseki):
        services.end_membership(queries.members().get(user=staff), manager)
        Membership.objects.create(user=staff, municipality=shimonoseki, role=Role.COUNCIL)
        assert queries.members().get(user=staff).role == Role.COUNCIL


def test_an_officer_answers_for_a_department_until_the_role_changes(
    shimonoseki: Municipality, member: MakeMember
) -> None:
    manager, person = member(shimonoseki, Role.MANAGER), member(shimonoseki, Role.STAFF)
    with acting_as(shimonoseki):
        membership = queries.members().get(user=person)
        department = Department.objects.create(name="まちづくり政策課")
        services.change_role(membership, Role.OFFICER, department, manager)
        assert DepartmentMember.objects.get(membership=membership).department == department
        services.change_role(membership, Role.STAFF, None, manager)
        assert not DepartmentMember.objects.filter(membership=membership).exists()


def test_a_manager_ends_neither_their_own_place_nor_changes_their_own_role(
    shimonoseki: Municipality, member: MakeMember
) -> None:
    manager = member(shimonoseki, Role.MANAGER)
    with acting_as(shimonoseki):
        own = queries.members().get(user=manager)
        with pytest.raises(ValidationError, match="ご自分"):
            services.end_membership(own, manager)
        with pytest.raises(ValidationError, match="ご自分"):
            services.change_role(own, Role.STAFF, None, manager)


def test_the_last_manager_stays(shimonoseki: Municipality, member: MakeMember) -> None:
    last = member(shimonoseki, Role.MANAGER)
    # Someone whose own place ended a moment ago, in another window.
    other = User.objects.create_user("former-manager@example.jp")
    with acting_as(shimonoseki):
        own = queries.members().get(user=last)
        with pytest.raises(ValidationError, match="館長が一人も"):
            services.end_membership(own, other)
        with pytest.raises(ValidationError, match="館長が一人も"):
            services.change_role(own, Role.STAFF, None, other)


@pytest.fixture
def two_managers(committed: None) -> list[Membership]:
    """Two managers of Nagato whom other connections see as well."""
    nagato = Municipality.objects.get(slug="nagato")
    users = [User.objects.create_user(f"manager{number}@nagato.example.jp") for number in range(2)]
    return [Membership.objects.create(user=user, municipality=nagato, role=Role.MANAGER) for user in users]


def test_two_managers_who_end_each_other_leave_one(two_managers: list[Membership]) -> None:
    first, second = two_managers
    start = Barrier(2)
    refused: list[str] = []

    def end(place: Membership, by: User) -> None:
        try:
            with acting_as(first.municipality):
                start.wait(timeout=10)
                services.end_membership(place, by)
        except ValidationError as refusal:
            refused.append(refusal.messages[0])
        finally:
            connection.close()

    threads = [Thread(target=end, args=pair) for pair in ((first, second.user), (second, first.user))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with acting_as(first.municipality):
        assert queries.members().count() == 1
    assert len(refused) == 1


def test_another_municipalitys_members_are_not_listed(
    shimonoseki: Municipality, yamaguchi: Municipality, member: MakeMember
) -> None:
    here, elsewhere = member(shimonoseki, Role.STAFF), member(yamaguchi, Role.STAFF)
    with acting_as(shimonoseki):
        assert [place.user for place in queries.members()] == [here]
        assert list(queries.people_ever()) == [here]
    with acting_as(yamaguchi):
        assert [place.user for place in queries.members()] == [elsewhere]
