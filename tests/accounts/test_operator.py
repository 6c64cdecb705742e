"""The operator registers municipalities and invites their managers, and reads nobody's record."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from civic.accounts.management.commands import create_operator
from civic.accounts.models import Invitation, Role, User
from civic.accounts.tasks import send_invitation
from civic.audit.models import Change
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.conftest import PASSWORD, TOTP_SECRET, MakeMember

NEW = {
    "code": "352021",
    "slug": "ube",
    "name": "宇部市",
    "name_kana": "うべし",
    "prefecture": "山口県",
    "theme": "teal",
    "guild_name": "ギルド",
    "office_name": "市民活動課",
    "licence": "cc0-1.0",
}


@pytest.fixture
def operator(db: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The operator's browser; nothing is sent."""
    monkeypatch.setattr(send_invitation, "delay", lambda *ids: None)
    user = User.objects.create_user("operator@example.org", PASSWORD, is_operator=True)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": TOTP_SECRET})
    client.force_login(user)
    return client


def test_an_operator_adds_a_municipality_that_serves_at_once(operator: Client) -> None:
    answer = operator.post("/operator/new-municipality/", NEW)
    assert answer.headers["Location"] == "/operator/municipalities/ube/invite/"
    assert operator.get("/ube/").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": "35202"}, "code"),
        ({"code": "352012"}, "code"),
        ({"slug": "operator"}, "slug"),
        ({"slug": "宇部"}, "slug"),
        ({"slug": "nagato"}, "slug"),
        ({"name": "市" * 51}, "name"),
        ({"theme": "black"}, "theme"),
    ],
)
def test_a_wrong_municipality_stays_in_the_form(operator: Client, wrong: dict[str, str], field: str) -> None:
    answer = operator.post("/operator/new-municipality/", NEW | wrong)
    assert list(answer.context["form"].errors) == [field]
    assert not Municipality.objects.filter(name="宇部市").exists()


def test_an_operator_corrects_a_municipality_but_not_its_address(operator: Client, nagato: Municipality) -> None:
    operator.post("/operator/municipalities/nagato/", NEW | {"name": "新しい名"})
    nagato.refresh_from_db()
    assert (nagato.name, nagato.slug, nagato.code) == ("新しい名", "nagato", "352110")


def test_an_operator_invites_a_manager_and_again(operator: Client, nagato: Municipality) -> None:
    for _time in range(2):
        answer = operator.post("/operator/municipalities/nagato/invite/", {"email": "Chief@nagato.example.jp"})
        assert answer.headers["Location"] == "/operator/"
    with acting_as(nagato):
        invitation = Invitation.objects.get()
        assert (invitation.email, invitation.role) == ("chief@nagato.example.jp", Role.MANAGER)
        trace = Change.objects.filter(table_name="accounts_invitation").earliest("at")
        assert trace.actor_id == User.objects.get(email="operator@example.org").pk


def test_an_operator_reads_no_personal_data(operator: Client, shimonoseki: Municipality, member: MakeMember) -> None:
    person = member(shimonoseki, Role.MANAGER)
    for page in ("/operator/", "/operator/municipalities/shimonoseki/", "/operator/municipalities/shimonoseki/invite/"):
        shown = operator.get(page).content.decode()
        assert person.email not in shown
        assert person.name not in shown
    for page in ("/shimonoseki/office/", "/shimonoseki/office/members/", "/shimonoseki/office/audit/"):
        assert operator.get(page).status_code == 404


def test_the_list_is_searched_and_paged(
    operator: Client,
) -> None:
    with CaptureQueriesContext(connection) as few:
        operator.get("/operator/")
    Municipality.objects.bulk_create(
        Municipality(
            code=f"9{number:05}",
            slug=f"town{number}",
            name=f"{number}番町",
            prefecture="県",
            guild_name="ギ",
            office_name="課",
        )
        for number in range(40)
    )
    with CaptureQueriesContext(connection) as many:
        first = operator.get("/operator/")
    assert len(few) == len(many)
    assert len(first.context["page"]) == 30
    assert len(operator.get("/operator/?page=2").context["page"]) == 13
    for wrong in ("3", "0", "-1", "x", "9" * 40):
        assert operator.get(f"/operator/?page={wrong}").status_code == 404
    found = operator.get("/operator/?q=長門").context["page"]
    assert [municipality.slug for municipality in found] == ["nagato"]


def test_the_first_operator_is_made_by_a_command(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(create_operator, "getpass", lambda prompt: "short")
    with pytest.raises(CommandError):
        call_command("create_operator", "first@example.org", "運用 太郎")
    monkeypatch.setattr(create_operator, "getpass", lambda prompt: "tsumugi-akari-77")
    call_command("create_operator", "First@example.org", "運用 太郎")
    user = User.objects.get(email="first@example.org")
    assert user.is_operator
    assert user.check_password("tsumugi-akari-77")
    with pytest.raises(CommandError, match="account already"):
        call_command("create_operator", "first@example.org", "別の人")
