"""A group that is in the register twice."""

import pytest
from django.core.exceptions import ValidationError

from centres.models import Consultation, Group, GroupField, GroupStanding
from centres.registration import merging
from centres.registration.models import Representative
from civic.accounts.models import Membership, Role
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from matching.models import HelpRequest
from tests.centres.conftest import MakeGroup
from tests.centres.registration.conftest import Register
from tests.conftest import SignIn

pytestmark = pytest.mark.filterwarnings("ignore:task_always_eager has no effect")
S = GroupStanding


def test_doubles_are_found_by_name_telephone_or_mail(in_shimonoseki: Municipality, make_group: MakeGroup) -> None:
    make_group("ＮＰＯ法人 髙橋子ども会")
    make_group("高橋こども会")
    make_group("花の会", phone="083-000-0001", email="a@example.jp")
    make_group("フラワー", phone="0830000001", email="A@example.jp")
    make_group("ひとりの会", phone="", email="")
    make_group("もうない花の会", phone="083-000-0001", is_published=False, standing=S.DISSOLVED)
    found = merging.possible_duplicates()
    assert [([group.number for group in alike.groups], alike.shared) for alike in found] == [
        ([1, 2], "団体名"),
        ([3, 4], "メール・電話"),
    ]
    assert [group.number for group in merging.alike_to("特定非営利活動法人高橋子供会")] == [1, 2]


def test_merged_everything_is_with_the_one_that_stays(
    register: Register, make_group: MakeGroup, clerk: Membership
) -> None:
    old = register("花の会")
    new = make_group("花の会（下関）", 3, phone="", purpose="広場に花を植えます。")
    asked = HelpRequest.objects.create(group=old, title="草とり", what="草", when="朝", where="庭", people_needed=1)
    called = Consultation.objects.create(summary="相談", group=old)
    history = old.standing_changes.count()
    merging.merge(old, new, by=clerk.user)
    for record in (old, new, asked, called):
        record.refresh_from_db()
    assert (asked.group, called.group) == (new, new)
    assert (old.standing, old.merged_into, old.is_published) == (S.MERGED, new, False)
    assert new.standing == S.REGISTERED, "the registration came along"
    assert new.registrations.count() == 1
    assert (new.phone, new.phone_is_public) == ("000-0000-0001", True), "what was missing is filled"
    assert new.purpose == "広場に花を植えます。", "what was there stays"
    assert sorted(field.field for field in new.fields.all()) == [3, 7]
    assert GroupField.objects.filter(group=old, field=3).exists(), "what both have stays with the old number"
    assert old.standing_changes.count() == history + 1
    assert Representative.objects.get(group=new, ended_at=None).name == "花子"
    with pytest.raises(ValidationError):
        merging.merge(old, new, by=clerk.user)
    with pytest.raises(ValidationError):
        merging.merge(new, new, by=clerk.user)


def test_of_two_representatives_that_of_the_one_that_stays_stays(register: Register, clerk: Membership) -> None:
    old, new = register("花の会"), register("月の会", "tsukiko@example.jp")
    merging.merge(old, new, by=clerk.user)
    assert [seat.name for seat in Representative.objects.filter(ended_at=None)] == ["花子"]
    assert Representative.objects.get(ended_at=None).email == "tsukiko@example.jp"


def test_asked_before_it_is_done_and_the_old_number_leads_on(
    shimonoseki: Municipality, make_group: MakeGroup, signed_in: SignIn
) -> None:
    with acting_as(shimonoseki):
        make_group("花の会")
        make_group("花の会（下関）")
    staff = signed_in(shimonoseki, Role.STAFF)
    url = "/shimonoseki/office/registration/groups/1/merge/"
    assert staff.post(url, {"into": 99}).status_code == 400
    assert "まとめる前の確認" in staff.post(url, {"into": 2}).content.decode()
    with acting_as(shimonoseki):
        assert Group.objects.get(number=1).standing == S.LISTED
    assert staff.post(url, {"into": 2, "confirmed": "yes"}).status_code == 302
    assert staff.get("/shimonoseki/groups/1/").headers["Location"] == "/shimonoseki/groups/2/"
