"""The municipality's own rule, settled in the browser by its manager."""

from typing import Any

import pytest
from django.test import Client

from centres.models import Group
from centres.registration.loading import load
from centres.registration.models import FieldRule, Question, RegistrationRule, RequiredPaper
from centres.registration.queries import registration_rule
from civic.accounts.models import Role
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.centres.conftest import MakeGroup
from tests.centres.registration.conftest import TYPED
from tests.conftest import SignIn

RULE = "/shimonoseki/office/registration/rule/"
SETTLED: dict[str, Any] = {
    "minimum_members": 3,
    "expires_month": 3,
    "expires_day": 31,
    "renewal_opens_days": 90,
    "reminders": "３０、7，60",
    "grace_days": 0,
    "kept_months": 24,
    "guidance": "",
}
PUBLICITY = {"contact_name": "choice", "address": "never", "phone": "choice", "fax": "choice", "email": "always"}


@pytest.fixture
def manager(signed_in: SignIn, shimonoseki: Municipality) -> Client:
    with acting_as(shimonoseki):
        load()
    return signed_in(shimonoseki, Role.MANAGER)


def test_a_rule_begins_as_a_sample_and_is_the_citys_own_once_settled(
    manager: Client, shimonoseki: Municipality
) -> None:
    assert "サンプル" in manager.get(RULE).content.decode()
    assert manager.post(f"{RULE}edit/", SETTLED).status_code == 302
    with acting_as(shimonoseki):
        rule = registration_rule()
        assert (rule.minimum_members, rule.reminder_days, rule.grace_days) == (3, [60, 30, 7], 0)
        assert rule.kept_months == 24
        assert not rule.is_sample
        load()
        assert RegistrationRule.objects.count() == 1, "loading again changes nothing"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"expires_month": 2, "expires_day": 29}, "毎年ある日を入力してください。"),
        ({"reminders": "60日前"}, "1から365までの数字を"),
        ({"grace_days": 400}, "365"),
        ({"kept_months": 0}, "1 以上"),
    ],
)
def test_what_no_year_can_hold_is_refused(manager: Client, wrong: dict[str, Any], words: str) -> None:
    answer = manager.post(f"{RULE}edit/", SETTLED | wrong)
    assert answer.status_code == 400
    assert words in answer.content.decode()


def test_what_may_no_longer_be_public_is_taken_back_at_once(
    manager: Client, shimonoseki: Municipality, make_group: MakeGroup
) -> None:
    with acting_as(shimonoseki):
        make_group("花の会", address="どこか", address_is_public=True, email="a@example.jp")
    assert manager.post(f"{RULE}fields/", {"needs_approval": ["name"], **PUBLICITY}).status_code == 302
    with acting_as(shimonoseki):
        group = Group.objects.get()
        assert not group.address_is_public
        assert not group.email_is_public, "nobody is made public behind their back"
        assert [rule.name for rule in FieldRule.objects.filter(needs_approval=True)] == ["name"]


def test_own_questions_and_papers_are_asked_for(manager: Client, shimonoseki: Municipality, client: Client) -> None:
    question = {"words": "きっかけ", "kind": "choice", "is_required": "on", "position": 1}
    assert manager.post(f"{RULE}questions/new/", question).status_code == 400, "nothing to choose from"
    assert manager.post(f"{RULE}questions/new/", question | {"choices": "広報\n知人"}).status_code == 302
    with acting_as(shimonoseki):
        RequiredPaper.objects.all().delete()
        asked = Question.objects.get()
    assert client.post("/shimonoseki/registration/apply/", TYPED).status_code == 400
    answered = TYPED | {f"own-{asked.pk}": "知人"}
    assert client.post("/shimonoseki/registration/apply/", answered).status_code == 200
    assert manager.post(f"{RULE}questions/{asked.pk}/delete/").status_code == 302
    assert manager.post(f"{RULE}papers/new/", {"name": "規約", "position": 1}).status_code == 302
    assert manager.post(f"{RULE}papers/new/", {"name": "規約", "position": 2}).status_code == 400
    assert manager.get(f"{RULE}other/new/").status_code == 404
