"""From an application to a published group: each step, who did it, and what the group is told."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from centres.models import District, Group, GroupStanding
from centres.queries import public_groups
from centres.registration import services
from centres.registration.models import (
    TRANSITIONS,
    Application,
    ApplicationState,
    FieldRule,
    Letter,
    Publicity,
    RegistrationRule,
    Representative,
)
from centres.registration.tokens import token_of
from civic.accounts.models import Invitation, Membership, Role
from civic.jobs.models import Job
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.centres.conftest import Mailbox
from tests.centres.registration.conftest import ANSWERS, TYPED, Register
from tests.conftest import SignIn

# Jobs are sent by name, which no worker does at once.
pytestmark = pytest.mark.filterwarnings("ignore:task_always_eager has no effect")
State = ApplicationState
URL = "/shimonoseki/registration/apply/"


def test_an_application_reaches_the_centre_once_its_mail_is_opened(
    shimonoseki: Municipality,
    client: Client,
    mailbox: Mailbox,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(URL, TYPED).content.decode()
    assert "hanako@example.jp に確認のメールを送りました" in page
    [(subject, text)] = mailbox.to("hanako@example.jp")
    assert subject == "【下関市】団体登録の申込みを確かめてください"
    with acting_as(shimonoseki):
        application = Application.objects.get()
        assert application.state == State.UNCONFIRMED
        link = f"/shimonoseki/registration/applications/{token_of(application)}/"
    assert f"https://portal.example.jp{link}" in text
    assert "この内容で申し込みます" in client.get(link).content.decode()
    for _twice in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            assert client.post(f"{link}confirm/").status_code == 302
    assert [said[0] for said in mailbox.to("hanako@example.jp")][1:] == ["【下関市】団体登録の申込みを受け付けました"]
    with acting_as(shimonoseki):
        application.refresh_from_db()
        assert [step.state for step in application.steps.all()] == [State.UNCONFIRMED, State.RECEIVED]
    assert "センターの職員が確かめています" in client.get(link).content.decode()


def test_a_guessed_link_opens_nothing(shimonoseki: Municipality, client: Client) -> None:
    with acting_as(shimonoseki):
        application = services.apply(ANSWERS, "花子", "hanako@example.jp")
    token = token_of(application)
    for guessed in (str(application.pk), f"{application.pk}:x", token[:-1]):
        assert client.get(f"/shimonoseki/registration/applications/{guessed}/").status_code == 404
    assert client.get(f"/nagato/registration/applications/{token}/").status_code == 404
    assert client.get(f"/shimonoseki/registration/applications/{token}/").status_code == 200


def test_nobody_is_written_to_without_end(
    shimonoseki: Municipality,
    client: Client,
    mailbox: Mailbox,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """Five applications an hour for an address, from whichever machine and however it is spelled."""

    def send(address: str, machine: str) -> int:
        with django_capture_on_commit_callbacks(execute=True):
            typed = TYPED | {"representative_email": address}
            return client.post(URL, typed, REMOTE_ADDR=machine).status_code

    addresses = ["hanako@example.jp", "Hanako@example.jp", "HANAKO@example.jp"] * 2
    answers = [send(address, f"192.0.2.{number}") for number, address in enumerate(addresses, start=1)]
    assert answers == [200] * 5 + [429]
    assert len(mailbox.to("hanako@example.jp")) == 5
    assert send("taro@example.jp", "192.0.2.6") == 200, "another address is another's"
    with acting_as(shimonoseki):
        assert Application.objects.count() == 6


def test_one_machine_writes_to_few_addresses(shimonoseki: Municipality, client: Client) -> None:
    answers = [
        client.post(URL, TYPED | {"representative_email": f"somebody-{number}@example.jp"}) for number in range(21)
    ]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    assert "エラー番号 429" in answers[-1].content.decode()
    with acting_as(shimonoseki):
        assert Application.objects.count() == 20


def test_too_few_members_are_refused_by_the_municipalitys_own_rule(shimonoseki: Municipality, client: Client) -> None:
    with acting_as(shimonoseki):
        RegistrationRule.objects.create(minimum_members=10)
    answer = client.post(URL, TYPED)
    assert answer.status_code == 400
    assert "登録には、会員が10人以上必要です。" in answer.content.decode()
    with acting_as(shimonoseki):
        assert not Application.objects.exists()


def test_sent_back_corrected_approved_published(
    received: Application,
    clerk: Membership,
    mailbox: Mailbox,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        services.begin_review(received, by=clerk.user)
        services.send_back(received, "会則を付けてください。", by=clerk.user)
    [(subject, text)] = mailbox.to("hanako@example.jp")
    assert "直していただきたい" in subject
    assert "会則を付けてください。" in text
    assert token_of(received) in text

    services.correct(received, {**ANSWERS, "purpose": "公園に花を植えます。"}, "花子", by=None)
    assert not Group.objects.exists()
    services.begin_review(received, by=clerk.user)
    with django_capture_on_commit_callbacks(execute=True):
        group = services.approve(received, by=clerk)
    assert (group.number, group.purpose, group.standing) == (1, "公園に花を植えます。", GroupStanding.REGISTERED)
    assert group.registered_on == group.last_confirmed_on == timezone.localdate()
    assert not public_groups().exists()
    services.publish(received, by=clerk.user)
    assert [found.name for found in public_groups()] == ["花の会"]
    assert [(step.state, step.by) for step in received.steps.all()] == [
        (State.UNCONFIRMED, None),
        (State.RECEIVED, None),
        (State.UNDER_REVIEW, clerk.user),
        (State.SENT_BACK, clerk.user),
        (State.RECEIVED, None),
        (State.UNDER_REVIEW, clerk.user),
        (State.APPROVED, clerk.user),
        (State.PUBLISHED, clerk.user),
    ]
    registration = group.registrations.get()
    assert (registration.valid_until.month, registration.valid_until.day) == (3, 31)
    assert registration.valid_until > timezone.localdate()
    subjects = [said[0] for said in mailbox.to("hanako@example.jp")]
    assert subjects[1:] == ["【下関市】団体登録の申込みを承認しました", "【下関市】市民活動ポータルへの招待"]
    assert Job.objects.get().kind == services.CERTIFICATE


def test_a_step_that_may_not_follow_is_refused_and_leaves_nothing(received: Application, clerk: Membership) -> None:
    stale = Application.objects.get(pk=received.pk)
    services.begin_review(received, by=clerk.user)
    services.refuse(received, "市外の団体です。", by=clerk.user)
    with pytest.raises(ValidationError, match="いま「不承認」なので、「承認済み」にはできません"):
        services.approve(stale, by=clerk)
    assert not Group.objects.exists()
    assert TRANSITIONS[State.REFUSED] == frozenset()


def test_the_database_refuses_a_granted_application_without_a_group(received: Application) -> None:
    for wrong in ({"state": State.APPROVED}, {"state": "other"}, {"state": State.UNCONFIRMED, "email": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Application.objects.filter(pk=received.pk).update(**wrong)


def test_who_has_no_mail_is_registered_at_the_counter(register: Register, clerk: Membership) -> None:
    group = register(email="")
    assert group.is_published
    assert not Letter.objects.exists()
    assert not Invitation.objects.exists()
    assert Representative.objects.get(group=group).name == "花子"


def test_numbers_follow_each_other(register: Register) -> None:
    assert [register(name, email="").number for name in ("一の会", "二の会", "三の会")] == [1, 2, 3]


def test_a_representatives_address_that_is_a_clerks_stops_the_approval(
    received: Application, clerk: Membership
) -> None:
    Application.objects.filter(pk=received.pk).update(email=clerk.user.email)
    received.refresh_from_db()
    services.begin_review(received, by=clerk.user)
    with pytest.raises(ValidationError, match="別のメールアドレスを使ってください"):
        services.approve(received, by=clerk)
    received.refresh_from_db()
    assert received.state == State.UNDER_REVIEW
    assert not Group.objects.exists()


def test_publicity_goes_by_the_rule_of_each_field(clerk: Membership, register: Register) -> None:
    FieldRule.objects.create(name="phone", publicity=Publicity.NEVER)
    FieldRule.objects.create(name="email", publicity=Publicity.ALWAYS)
    application = services.apply_at_counter(
        {**ANSWERS, "email": "flowers@example.jp", "email_is_public": False}, "花子", "", by=clerk.user
    )
    services.begin_review(application, by=clerk.user)
    group = services.approve(application, by=clerk)
    assert (group.phone_is_public, group.email_is_public) == (False, True)


def test_the_form_offers_a_choice_only_where_the_rule_does(shimonoseki: Municipality, client: Client) -> None:
    with acting_as(shimonoseki):
        FieldRule.objects.create(name="phone", publicity=Publicity.NEVER)
    page = client.get(URL).content.decode()
    assert "phone_is_public" not in page
    assert "fax_is_public" in page


def test_who_represents_two_groups_is_invited_once(register: Register, clerk: Membership) -> None:
    for name in ("一の会", "二の会"):
        register(name)
    assert Invitation.objects.get().role == Role.GROUP
    assert Representative.objects.filter(ended_at=None).count() == 2


def test_an_end_before_the_beginning_of_the_year_is_the_same_year() -> None:
    rule = RegistrationRule()
    assert rule.end_after(date(2026, 3, 31)) == date(2026, 3, 31)
    assert rule.end_after(date(2026, 4, 1)) == date(2027, 3, 31)


def test_what_is_entered_at_the_counter_is_all_that_the_directory_shows(
    shimonoseki: Municipality, signed_in: SignIn, client: Client
) -> None:
    with acting_as(shimonoseki):
        east, west = (District.objects.create(name=f"{name}地区").pk for name in "東西")
    typed = TYPED | {
        "tags": "子育て、朝市",
        "district": east,
        "active_districts": [east, west],
        "description": "毎月、花を植えかえます。",
        "seeks_members": "on",
        "seeks_volunteers": "on",
        "seeks_partners": "on",
        "looking_for": "水やりの手",
        "meeting_day": "第2日曜日",
        "meeting_place": "駅前広場",
        "founded_year": 1999,
        "website": "https://hana.example.jp/",
    }
    staff = signed_in(shimonoseki, Role.STAFF)
    assert staff.post("/shimonoseki/office/registration/new/", typed).status_code == 302
    with acting_as(shimonoseki):
        office = f"/shimonoseki/office/registration/{Application.objects.get().pk}/"
    staff.post(f"{office}review/")
    staff.post(f"{office}approve/", {"publish": "on"})
    page = client.get("/shimonoseki/groups/1/").content.decode()
    for words in (
        "子育て",
        "朝市",
        "東地区",
        "西地区",
        "毎月、花を",
        "会員",
        "ボランティア",
        "協働の相手",
        "水やりの手",
    ):
        assert words in page
    for words in (
        "第2日曜日",
        "駅前広場",
        "1999年",
        "https://hana.example.jp/",
        "まちづくりの推進を図る活動",
        "000-0000-0001",
    ):
        assert words in page


def test_the_staffs_list_is_a_fixed_number_of_queries(shimonoseki: Municipality, signed_in: SignIn) -> None:
    staff = signed_in(shimonoseki, Role.STAFF)
    counts = []
    for more in (1, 9):
        with acting_as(shimonoseki):
            for _ in range(more):
                services.confirm(services.apply(ANSWERS, "花子", "hanako@example.jp"))
        with CaptureQueriesContext(connection) as queries:
            page = staff.get("/shimonoseki/office/registration/").content.decode()
        counts.append(len(queries))
    assert page.count("花の会") == 10
    assert counts[0] == counts[1]
