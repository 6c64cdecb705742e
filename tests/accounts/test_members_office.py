"""A manager's pages about who works for the municipality."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from civic.accounts import queries
from civic.accounts.models import Department, DepartmentMember, Invitation, Membership, Role, User
from civic.accounts.tasks import send_invitation
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.conftest import MakeMember, SignIn

OFFICE = "/shimonoseki/office"


@pytest.fixture
def manager(shimonoseki: Municipality, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The browser of Shimonoseki's manager; nothing is sent."""
    monkeypatch.setattr(send_invitation, "delay", lambda *ids: None)
    return signed_in(shimonoseki, Role.MANAGER)


def place_of(user: User) -> Membership:
    return Membership.objects.get(user=user, ended_at=None)


def test_the_list_shows_this_municipalitys_people_only(
    shimonoseki: Municipality, yamaguchi: Municipality, member: MakeMember, manager: Client
) -> None:
    member(shimonoseki, Role.STAFF)
    member(yamaguchi, Role.STAFF)
    with acting_as(yamaguchi):
        Invitation.objects.create(email="invited@yamaguchi.example.jp", role=Role.STAFF)
    page = manager.get(f"{OFFICE}/members/").content.decode()
    assert "staff@shimonoseki.example.jp" in page
    assert "@yamaguchi.example.jp" not in page


def test_the_list_takes_as_many_queries_for_many_people_as_for_few(shimonoseki: Municipality, manager: Client) -> None:
    counts = []
    for people in (2, 20):
        with acting_as(shimonoseki):
            department = Department.objects.create(name=f"課{people}")
            for number in range(people):
                user = User.objects.create_user(f"officer{people}-{number}@example.jp")
                place = Membership.objects.create(user=user, municipality=shimonoseki, role=Role.OFFICER)
                DepartmentMember.objects.create(membership=place, department=department)
                Invitation.objects.create(
                    email=f"new{people}-{number}@example.jp", role=Role.OFFICER, department=department, invited_by=user
                )
        with CaptureQueriesContext(connection) as queries:
            manager.get(f"{OFFICE}/members/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_manager_invites(shimonoseki: Municipality, manager: Client) -> None:
    answer = manager.post(f"{OFFICE}/members/invite/", {"email": "New@example.jp", "role": "staff"})
    assert answer.headers["Location"] == f"{OFFICE}/members/"
    with acting_as(shimonoseki):
        invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role) == ("new@example.jp", "staff")
    assert invitation.invited_by == User.objects.get(email="manager@shimonoseki.example.jp")


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"email": "nowhere", "role": "staff"}, "email"),
        ({"email": "a@example.jp", "role": "emperor"}, "role"),
        ({"email": "a@example.jp", "role": "operator"}, "role"),
        ({"email": "a@example.jp", "role": "officer"}, "department"),
        ({"email": "a@example.jp", "role": "officer", "department": "9" * 30}, "department"),
        ({"email": "a" * 250 + "@example.jp", "role": "staff"}, "email"),
        ({"email": "manager@shimonoseki.example.jp", "role": "staff"}, "email"),
    ],
)
def test_a_wrong_invitation_stays_in_the_form(
    shimonoseki: Municipality, manager: Client, sent: dict[str, str], field: str
) -> None:
    answer = manager.post(f"{OFFICE}/members/invite/", sent)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert sent["email"] in answer.content.decode()
    with acting_as(shimonoseki):
        assert not Invitation.objects.exists()


def test_another_municipalitys_department_is_no_choice(
    shimonoseki: Municipality, yamaguchi: Municipality, member: MakeMember, manager: Client
) -> None:
    with acting_as(yamaguchi):
        theirs = Department.objects.create(name="協働推進課")
    sent = {"email": "a@example.jp", "role": "officer", "department": theirs.pk}
    assert list(manager.post(f"{OFFICE}/members/invite/", sent).context["form"].errors) == ["department"]
    staff = place_of(member(shimonoseki, Role.STAFF))
    answer = manager.post(f"{OFFICE}/members/{staff.pk}/role/", {"role": "officer", "department": theirs.pk})
    assert list(answer.context["form"].errors) == ["department"]


def test_a_manager_changes_a_role(shimonoseki: Municipality, member: MakeMember, manager: Client) -> None:
    staff = member(shimonoseki, Role.STAFF)
    page = manager.get(f"{OFFICE}/members/{place_of(staff).pk}/role/")
    assert page.context["form"].initial["role"] == "staff"
    manager.post(f"{OFFICE}/members/{place_of(staff).pk}/role/", {"role": "council"})
    assert place_of(staff).role == Role.COUNCIL


def test_ending_a_membership_asks_first(shimonoseki: Municipality, member: MakeMember, manager: Client) -> None:
    staff = member(shimonoseki, Role.STAFF)
    address = f"{OFFICE}/members/{place_of(staff).pk}/end/"
    assert staff.email in manager.get(address).content.decode()
    assert place_of(staff)
    manager.post(address)
    assert not Membership.objects.filter(user=staff, ended_at=None).exists()
    assert manager.post(address).status_code == 404


def test_ones_own_place_stays_and_the_page_says_why(shimonoseki: Municipality, manager: Client) -> None:
    own = Membership.objects.get(user__email="manager@shimonoseki.example.jp")
    ended = manager.post(f"{OFFICE}/members/{own.pk}/end/", follow=True)
    assert "ご自分の役割は変えられません" in ended.content.decode()
    changed = manager.post(f"{OFFICE}/members/{own.pk}/role/", {"role": "staff"})
    assert "ご自分の役割は変えられません" in changed.content.decode()
    own.refresh_from_db()
    assert (own.role, own.ended_at) == ("manager", None)


def test_an_invitation_is_sent_again_or_taken_back(shimonoseki: Municipality, manager: Client) -> None:
    with acting_as(shimonoseki):
        invitation = Invitation.objects.create(email="invited@example.jp", role=Role.STAFF)
        before = invitation.expires_at
    manager.post(f"{OFFICE}/invitations/{invitation.pk}/resend/")
    with acting_as(shimonoseki):
        invitation.refresh_from_db()
        assert invitation.expires_at > before
    manager.post(f"{OFFICE}/invitations/{invitation.pk}/revoke/")
    with acting_as(shimonoseki):
        assert not queries.unanswered_invitations().exists()
    late = manager.post(f"{OFFICE}/invitations/{invitation.pk}/resend/", follow=True)
    assert "すでに使われたか、取り消されています" in late.content.decode()
