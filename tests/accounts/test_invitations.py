"""An invitation: sent, accepted once, lapsed, revoked, and of no use elsewhere."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from civic.accounts import queries, services
from civic.accounts.models import Department, Invitation, InvitationState, Membership, Role, User
from civic.accounts.tasks import send_invitation
from civic.accounts.tokens import token_of
from civic.celery import app as celery_app
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.conftest import MakeMember, SignIn

Invite = Callable[..., Invitation]
ADDRESS = "new-staff@example.jp"


@pytest.fixture
def invite(member: MakeMember, monkeypatch: pytest.MonkeyPatch) -> Invite:
    """Invite someone as a municipality's manager; nothing is sent."""
    monkeypatch.setattr(send_invitation, "delay", lambda *ids: None)

    def make(municipality: Municipality, email: str = ADDRESS, role: Role = Role.STAFF, **fields: Any) -> Invitation:
        manager = User.objects.filter(email=f"manager@{municipality.slug}.example.jp").first() or member(
            municipality, Role.MANAGER
        )
        with acting_as(municipality):
            invitation = services.invite(email, role, None, manager)
            for name, value in fields.items():
                setattr(invitation, name, value)
            invitation.save()
        return invitation

    return make


def link(municipality: Municipality, invitation: Invitation) -> str:
    return f"/accounts/invitations/{municipality.slug}/{token_of(invitation)}/"


def registration(**changes: str) -> dict[str, str]:
    return {"name": "山田 花子", "password": "tsumugi-akari-77", "repeated": "tsumugi-akari-77", **changes}


def test_the_mail_goes_out_after_the_commit_and_its_link_opens(
    shimonoseki: Municipality,
    member: MakeMember,
    client: Client,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    manager = member(shimonoseki, Role.MANAGER)
    monkeypatch.setitem(celery_app.conf, "task_always_eager", True)
    with django_capture_on_commit_callbacks(execute=True), acting_as(shimonoseki):
        invitation = services.invite("New-Staff@Example.jp", Role.STAFF, None, manager)
        assert mail.outbox == [], "not before the commit"
    [letter] = mail.outbox
    assert letter.to == [ADDRESS]
    assert "下関市" in letter.subject
    assert "センター職員" in letter.body
    assert manager.name in letter.body
    [address] = re.findall(r"https?://[^/]+(/\S+)", letter.body)
    assert client.get(address).status_code == 200

    send_invitation(shimonoseki.pk, invitation.pk)
    assert len(mail.outbox) == 1, "a task that runs twice sends once"


def test_a_broker_that_is_away_loses_no_invitation(
    shimonoseki: Municipality,
    signed_in: SignIn,
    tmp_path: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    browser = signed_in(shimonoseki, Role.MANAGER)
    monkeypatch.setitem(celery_app.conf, "broker_url", f"redis+socket://{tmp_path}/nobody-listens")
    # What is connected already is connected to the suite's own Redis.
    monkeypatch.setattr(celery_app, "_pool", None)
    monkeypatch.setattr(celery_app.amqp, "_producer_pool", None)
    with django_capture_on_commit_callbacks(execute=True) as sent:
        answer = browser.post("/shimonoseki/office/members/invite/", {"email": ADDRESS, "role": "staff"}, follow=True)
    assert len(sent) == 1
    assert "was not sent" in caplog.text
    assert answer.status_code == 200
    assert "メールを送っています" in answer.content.decode(), "and not that it was sent"
    with acting_as(shimonoseki):
        assert Invitation.objects.get(email=ADDRESS).mailed_at is None


def test_accepting_makes_the_account_and_the_membership(
    shimonoseki: Municipality, invite: Invite, client: Client
) -> None:
    invitation = invite(shimonoseki)
    answer = client.post(link(shimonoseki, invitation), registration(), follow=True)
    assert answer.redirect_chain[-1][0].startswith("/accounts/login/")
    user = User.objects.get(email=ADDRESS)
    assert user.name == "山田 花子"
    assert user.check_password("tsumugi-akari-77")
    assert EmailAddress.objects.get(user=user).verified
    with acting_as(shimonoseki):
        assert queries.members().get(user=user).role == Role.STAFF
        assert Invitation.objects.get(pk=invitation.pk).state is InvitationState.ACCEPTED
    signed_in = client.post(
        answer.request["PATH_INFO"] + "?next=/shimonoseki/office/", {"login": ADDRESS, "password": "tsumugi-akari-77"}
    )
    assert signed_in.headers["Location"] == "/shimonoseki/office/"


def test_an_officer_is_given_the_department_named_in_the_invitation(
    shimonoseki: Municipality, member: MakeMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(send_invitation, "delay", lambda *ids: None)
    manager = member(shimonoseki, Role.MANAGER)
    with acting_as(shimonoseki):
        department = Department.objects.create(name="まちづくり政策課")
        invitation = services.invite(ADDRESS, Role.OFFICER, department, manager)
        user = services.register_invited(invitation, "職員", "tsumugi-akari-77")
        place = queries.members().get(user=user)
        assert [answers.department for answers in place.departments.all()] == [department]


def test_an_officers_invitation_names_a_department_and_no_other_does(in_shimonoseki: Municipality) -> None:
    department = Department.objects.create(name="課")
    for role, given in ((Role.OFFICER, None), (Role.STAFF, department)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Invitation.objects.create(email=ADDRESS, role=role, department=given)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"password": "short", "repeated": "short"}, "短すぎます"),
        ({"password": "1234567890", "repeated": "1234567890"}, "数字"),
        ({"password": "password123", "repeated": "password123"}, "一般的すぎます"),
        ({"password": "new-staff@example", "repeated": "new-staff@example"}, "似"),
        ({"repeated": "tsumugi-akari-78"}, "同じではありません"),
        ({"name": ""}, "入力してください"),
        ({"name": "a\0b"}, "文字"),
        ({"name": "あ" * 101}, "100"),
    ],
)
def test_a_wrong_registration_is_shown_again_with_what_was_typed(
    shimonoseki: Municipality, invite: Invite, client: Client, wrong: dict[str, str], says: str
) -> None:
    answer = client.post(link(shimonoseki, invite(shimonoseki)), registration(**wrong))
    assert answer.status_code == 200
    assert says in str(answer.context["form"].errors)
    assert not User.objects.filter(email=ADDRESS).exists()
    if wrong.get("name") != "":
        assert registration(**wrong)["name"].replace("\0", "") in answer.content.decode().replace("\0", "")


def test_someone_with_an_account_signs_in_and_joins(
    shimonoseki: Municipality, yamaguchi: Municipality, invite: Invite, signed_in: SignIn, client: Client
) -> None:
    browser = signed_in(yamaguchi, Role.STAFF)
    invitation = invite(shimonoseki, "staff@yamaguchi.example.jp", Role.COUNCIL)
    address = link(shimonoseki, invitation)

    stranger = client.post(address, registration())
    assert stranger.status_code == 200
    assert f"/accounts/login/?next={address}" in stranger.content.decode().replace("%3A", ":")
    assert User.objects.filter(email="staff@yamaguchi.example.jp").count() == 1

    assert browser.get(address).status_code == 200
    assert Membership.objects.filter(municipality=shimonoseki, role=Role.COUNCIL).count() == 0, "not by looking"
    assert browser.post(address).headers["Location"] == "/shimonoseki/office/"
    places = Membership.objects.filter(user__email="staff@yamaguchi.example.jp").order_by("municipality__code")
    assert [(place.municipality.slug, place.role) for place in places] == [
        ("shimonoseki", "council"),
        ("yamaguchi", "staff"),
    ]


def test_an_invitation_is_for_its_own_address(shimonoseki: Municipality, invite: Invite, signed_in: SignIn) -> None:
    browser = signed_in(shimonoseki, Role.SUPPORTER)
    answer = browser.post(link(shimonoseki, invite(shimonoseki)))
    assert answer.status_code == 403
    assert ADDRESS in answer.content.decode()
    assert Membership.objects.filter(municipality=shimonoseki, role=Role.STAFF).count() == 0


@pytest.mark.parametrize(
    ("field", "status", "says"),
    [
        ("expires_at", 410, "期限が切れています"),
        ("accepted_at", 410, "もう使われています"),
        ("revoked_at", 410, "取り消されました"),
    ],
)
def test_an_invitation_that_has_ended_says_so_and_makes_nothing(
    shimonoseki: Municipality, invite: Invite, client: Client, field: str, status: int, says: str
) -> None:
    invitation = invite(shimonoseki, **{field: timezone.now() - timedelta(seconds=1)})
    for answer in (
        client.get(link(shimonoseki, invitation)),
        client.post(link(shimonoseki, invitation), registration()),
    ):
        assert answer.status_code == status
        assert says in answer.content.decode()
    assert not User.objects.filter(email=ADDRESS).exists()


def test_an_invitation_is_used_once(shimonoseki: Municipality, invite: Invite, client: Client) -> None:
    invitation = invite(shimonoseki)
    address = link(shimonoseki, invitation)
    assert client.post(address, registration()).status_code == 302
    assert client.post(address, registration(name="別の人")).status_code == 410
    # Past the view as well: what was read before the other request's commit is read again under lock.
    stale = invitation
    stale.accepted_at = None
    with acting_as(shimonoseki), pytest.raises(ValidationError):
        services.accept_invitation(stale, User.objects.create_user("other@example.jp"))


def test_a_wrong_link_says_what_to_do(shimonoseki: Municipality, invite: Invite, client: Client) -> None:
    token = token_of(invite(shimonoseki))
    for wrong in (token[:-1], f"9{token}", "x", "1:2:3", "１" * 300):
        answer = client.get(f"/accounts/invitations/shimonoseki/{wrong}/")
        assert answer.status_code == 404
        assert "招待が見つかりません" in answer.content.decode()


def test_a_link_opens_nothing_in_another_municipality(
    shimonoseki: Municipality, yamaguchi: Municipality, invite: Invite, client: Client
) -> None:
    token = token_of(invite(shimonoseki))
    assert client.get(f"/accounts/invitations/yamaguchi/{token}/").status_code == 404
    assert client.post(f"/accounts/invitations/yamaguchi/{token}/", registration()).status_code == 404
    assert not Membership.objects.filter(municipality=yamaguchi).exists()


def test_sending_again_gives_the_full_time_and_a_new_mail(shimonoseki: Municipality, invite: Invite) -> None:
    now = timezone.now()
    invitation = invite(shimonoseki, expires_at=now - timedelta(days=1), mailed_at=now - timedelta(days=15))
    with acting_as(shimonoseki):
        services.resend_invitation(invitation)
        again = Invitation.objects.get(pk=invitation.pk)
    assert again.state is InvitationState.OPEN
    assert again.expires_at > now + timedelta(days=13)
    send_invitation(shimonoseki.pk, invitation.pk)
    assert [letter.to for letter in mail.outbox] == [[ADDRESS]]


def test_a_revoked_invitation_is_not_mailed_nor_sent_again(shimonoseki: Municipality, invite: Invite) -> None:
    invitation = invite(shimonoseki)
    with acting_as(shimonoseki):
        services.revoke_invitation(invitation)
        with pytest.raises(ValidationError):
            services.resend_invitation(invitation)
    send_invitation(shimonoseki.pk, invitation.pk)
    assert mail.outbox == []


def test_nobody_is_invited_twice(shimonoseki: Municipality, member: MakeMember, invite: Invite) -> None:
    manager = member(shimonoseki, Role.MANAGER)
    member(shimonoseki, Role.STAFF)
    invite(shimonoseki)
    with acting_as(shimonoseki):
        with pytest.raises(ValidationError, match="すでに招待を"):
            services.invite(ADDRESS.upper(), Role.PLANNER, None, manager)
        with pytest.raises(ValidationError, match="すでにこの自治体の利用者"):
            services.invite("staff@shimonoseki.example.jp", Role.PLANNER, None, manager)
