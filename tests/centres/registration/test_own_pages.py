"""A group's own pages: who gets in, what changes at once, what waits, and who no longer gets in."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from centres.models import Group
from centres.registration import representatives, services
from centres.registration.models import Application, ApplicationKind, ApplicationState, Representative
from civic.accounts import services as accounts
from civic.accounts.models import Invitation, Membership, Role, User
from civic.tenancy.models import Municipality
from tests.centres.registration.conftest import TYPED, Register
from tests.conftest import PASSWORD, MakeMember

pytestmark = pytest.mark.filterwarnings("ignore:task_always_eager has no effect")
OFFICE = "/shimonoseki/office/"
ENTRY = {name: value for name, value in TYPED.items() if not name.startswith("representative")}


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def join(email: str, name: str) -> Client:
    """Accept the invitation that went to an address, and sign in."""
    return browser_of(accounts.register_invited(Invitation.objects.get(email=email), name, PASSWORD))


@pytest.fixture
def group(register: Register) -> Group:
    return register()


@pytest.fixture
def hanako(group: Group) -> Client:
    """The representative, who has accepted the invitation and signed in."""
    return join("hanako@example.jp", "花子")


def own(group: Group, page: str = "") -> str:
    return f"{OFFICE}group/{group.number}/{page}"


def test_the_representative_gets_in_by_the_invitation(group: Group, hanako: Client) -> None:
    membership = Membership.objects.get(user__email="hanako@example.jp", ended_at=None)
    assert membership.role == Role.GROUP
    assert "花の会" in hanako.get(f"{OFFICE}group/").content.decode()
    assert hanako.get(own(group)).status_code == 200


def test_another_groups_pages_are_not_there(register: Register, group: Group, hanako: Client) -> None:
    other = register("月の会", "tsukiko@example.jp")
    for page in ("", "edit/", "renew/", "hand-over/", "certificate.pdf"):
        assert hanako.get(own(other, page)).status_code == 404
    assert hanako.post(own(other, "confirm/")).status_code == 404
    assert "月の会" not in hanako.get(f"{OFFICE}group/").content.decode()


def test_what_needs_no_approval_changes_at_once_and_the_rest_waits_beside_the_old(
    group: Group, hanako: Client, clerk: Membership
) -> None:
    changed = ENTRY | {"meeting_day": "毎週土曜日", "purpose": "公園に花を植えます。"}
    assert hanako.post(own(group, "edit/"), changed).status_code == 302
    group.refresh_from_db()
    assert (group.meeting_day, group.purpose) == ("毎週土曜日", "駅前に花を植えます。")
    waiting = Application.objects.get(kind=ApplicationKind.CHANGE)
    assert waiting.answers == {"purpose": "公園に花を植えます。"}
    assert "職員の確認を待っています" in hanako.get(own(group)).content.decode()

    page = browser_of(clerk.user).get(f"{OFFICE}registration/{waiting.pk}/").content.decode()
    assert page.index("駅前に花を植えます。") < page.index("公園に花を植えます。")
    services.begin_review(waiting, by=clerk.user)
    services.approve(waiting, by=clerk)
    group.refresh_from_db()
    assert group.purpose == "公園に花を植えます。"
    assert group.registrations.count() == 1, "a change is no new registration"


def test_a_second_change_waits_for_the_first_and_loses_nothing_that_was_kept(group: Group, hanako: Client) -> None:
    assert hanako.post(own(group, "edit/"), ENTRY | {"purpose": "一つ目"}).status_code == 302
    answer = hanako.post(own(group, "edit/"), ENTRY | {"purpose": "二つ目", "meeting_day": "毎週土曜日"})
    assert answer.status_code == 400
    assert "センターがまだ確かめています" in answer.content.decode()
    group.refresh_from_db()
    assert group.meeting_day == "", "all of it or nothing"


def test_the_day_of_confirmation_is_not_the_day_of_saving(group: Group, hanako: Client) -> None:
    Group.objects.filter(pk=group.pk).update(last_confirmed_on=None)
    hanako.post(own(group, "edit/"), ENTRY | {"meeting_day": "毎週土曜日"})
    group.refresh_from_db()
    assert group.last_confirmed_on is None
    hanako.post(own(group, "confirm/"))
    group.refresh_from_db()
    assert group.last_confirmed_on == timezone.localdate()


def test_handed_over_the_old_one_is_out_and_the_new_one_in_with_the_next_request(group: Group, hanako: Client) -> None:
    answer = hanako.post(own(group, "hand-over/"), {"name": "月子", "email": "tsukiko@example.jp"})
    assert answer.status_code == 302
    for page in ("", "edit/"):
        assert hanako.get(own(group, page)).status_code == 404
    assert hanako.get(OFFICE).status_code == 404, "the place in the municipality has ended as well"
    tsukiko = join("tsukiko@example.jp", "月子")
    assert tsukiko.get(own(group)).status_code == 200
    seats = Representative.objects.filter(group=group)
    assert [(seat.name, seat.ended_at is None) for seat in seats] == [("花子", False), ("月子", True)]


def test_at_the_counter_the_next_one_needs_no_address(group: Group, hanako: Client, clerk: Membership) -> None:
    staff = browser_of(clerk.user)
    register = f"{OFFICE}registration/groups/"
    assert "花の会" in staff.get(f"{register}?q=ハナノ").content.decode()
    assert "花の会" not in staff.get(f"{register}?q=鳥").content.decode()
    assert "花の会" not in staff.get(f"{register}?standing=expired").content.decode()
    assert staff.get(f"{register}?q=%00&standing=x").status_code == 400
    page = staff.post(f"{register}{group.number}/hand-over/", {"name": "月子"}, follow=True).content.decode()
    assert "代表者を交代しました。</" in page
    assert "月子（メールなし）" in page
    assert hanako.get(own(group)).status_code == 404


def test_an_invitation_that_was_not_accepted_ends_with_the_handing_over(group: Group, clerk: Membership) -> None:
    representatives.seat(group, "月子", "tsukiko@example.jp", by=clerk.user)
    first = Invitation.objects.get(email="hanako@example.jp")
    assert first.revoked_at is not None
    with pytest.raises(ValidationError):
        accounts.register_invited(first, "花子", PASSWORD)


def test_who_represents_another_group_keeps_that_one(register: Register, group: Group, hanako: Client) -> None:
    other = register("月の会", "hanako@example.jp")
    hanako.post(own(group, "hand-over/"), {"name": "月子", "email": "tsukiko@example.jp"})
    assert hanako.get(own(group)).status_code == 404
    assert hanako.get(own(other)).status_code == 200


def test_a_guild_member_represents_a_group_and_stays_one_afterwards(
    shimonoseki: Municipality, group: Group, clerk: Membership, member: MakeMember
) -> None:
    supporter = member(shimonoseki, Role.SUPPORTER)
    representatives.seat(group, "支える人", supporter.email, by=clerk.user)
    client = browser_of(supporter)
    assert client.get(own(group)).status_code == 200
    representatives.seat(group, "月子", "tsukiko@example.jp", by=clerk.user)
    assert client.get(own(group)).status_code == 404
    assert client.get(OFFICE).status_code == 200


def test_renewal_is_offered_when_its_time_has_come(group: Group, hanako: Client) -> None:
    term = group.registrations.get()
    term.valid_until = timezone.localdate().replace(year=timezone.localdate().year + 2)
    term.save()
    assert "更新を申し込む" not in hanako.get(own(group)).content.decode()
    assert hanako.post(own(group, "renew/"), TYPED).status_code == 302
    assert not Application.objects.filter(kind=ApplicationKind.RENEWAL).exists()
    term.valid_until = term.valid_from
    term.save()
    assert "更新を申し込む" in hanako.get(own(group)).content.decode()
    assert hanako.post(own(group, "renew/"), TYPED | {"members_count": 9}).status_code == 302
    renewal = Application.objects.get(kind=ApplicationKind.RENEWAL)
    assert (renewal.state, renewal.answers["members_count"]) == (ApplicationState.RECEIVED, 9)
