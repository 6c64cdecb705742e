"""The accounts with which the portal is tried out."""

from django.test import Client

from civic.accounts.demo import create_demo_accounts
from civic.accounts.models import Department, DepartmentMember, Membership, Role, User
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality


def test_there_is_one_for_each_role_and_municipality_and_an_operator(db: None) -> None:
    addresses = create_demo_accounts("demo-password")
    assert set(addresses) == {"operator@example.jp"} | {
        f"{role}@{slug}.example.jp" for role in Role for slug in ("shimonoseki", "yamaguchi", "nagato")
    }
    assert User.objects.filter(is_sample=True).count() == 22
    assert set(User.objects.filter(is_operator=True).values_list("email", flat=True)) == {"operator@example.jp"}
    assert Membership.objects.get(user__email="planner@nagato.example.jp").role == Role.PLANNER


def test_made_again_they_stay_the_same_with_the_new_password(shimonoseki: Municipality) -> None:
    create_demo_accounts("demo-password")
    with acting_as(shimonoseki):
        department = Department.objects.create(name="課")
    create_demo_accounts("another-password")
    assert User.objects.count() == 22
    assert Membership.objects.count() == 21
    assert User.objects.get(email="staff@nagato.example.jp").check_password("another-password")
    with acting_as(shimonoseki):
        assert DepartmentMember.objects.get().department == department


def test_a_demo_manager_signs_in_and_works_with_the_password_alone(db: None, client: Client) -> None:
    create_demo_accounts("demo-password")
    client.post("/accounts/login/", {"login": "manager@shimonoseki.example.jp", "password": "demo-password"})
    assert client.get("/shimonoseki/office/members/").status_code == 200


def test_a_start_with_the_same_password_signs_nobody_out(db: None, client: Client) -> None:
    create_demo_accounts("demo-password")
    client.post("/accounts/login/", {"login": "staff@shimonoseki.example.jp", "password": "demo-password"})
    create_demo_accounts("demo-password")
    assert client.get("/shimonoseki/office/").status_code == 200
    create_demo_accounts("another-password")
    assert client.get("/shimonoseki/office/").status_code == 302
