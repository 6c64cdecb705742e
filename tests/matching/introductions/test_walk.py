"""Scenario 1: a citizen applies to two requests; what each group sees, when, and who is noted to have looked."""

import re
from datetime import datetime
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from centres.models import Group
from centres.registration.models import Representative
from civic.accounts.models import Membership, Role, User
from civic.audit.models import PersonalRecordView
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from matching.introductions import answering, asking, withdrawing
from matching.introductions.outbox import leave_to_staff
from matching.models import (
    ConsentPurpose,
    GuildLetter,
    HelpRequest,
    Match,
    QueueEntry,
    Shift,
    Side,
    Supporter,
    SupporterContact,
)
from tests.conftest import SignIn
from tests.matching.conftest import AskForHelp
from tests.matching.introductions.conftest import helper, shift_in

HERE = "/shimonoseki/office"
OWN = f"{HERE}/guild/own/matches/"


def at(day: int, hour: int) -> datetime:
    """A moment of May 2040, which begins on a Tuesday."""
    return datetime(2040, 5, day, hour, tzinfo=timezone.get_default_timezone())


def text(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status, url
    return unescape(response.content.decode())


def press(client: Client, url: str, **typed: str) -> str:
    response = client.post(url, typed, follow=True)
    assert response.status_code == 200, response.content.decode()
    return unescape(response.content.decode())


class Town:
    """A citizen, two groups that ask for help, each with its representative, and staff: each at their browser."""

    def __init__(self, shimonoseki: Municipality, signed_in: SignIn, ask_for_help: AskForHelp) -> None:
        self.citizen = signed_in(shimonoseki, Role.SUPPORTER)
        self.staff = signed_in(shimonoseki, Role.STAFF)
        with acting_as(shimonoseki):
            member = Membership.objects.get(role=Role.SUPPORTER)
            self.supporter = helper("かもめ", membership=member)
            self.beach = ask_for_help("海岸の清掃", responsible_name="当日の太郎", responsible_phone="083-000-0009")
            self.feast = ask_for_help("祭りの受付", people_needed=2)
            self.at_beach, self.at_feast = (
                self._represented(shimonoseki, request.group) for request in (self.beach, self.feast)
            )

    def _represented(self, shimonoseki: Municipality, group: Group) -> Client:
        user = User.objects.create_user(f"group{group.number}@example.jp", name="代表の花子")
        member = Membership.objects.create(user=user, municipality=shimonoseki, role=Role.GROUP)
        Representative.objects.create(group=group, name="代表の花子", email=user.email, membership=member)
        client = Client()
        client.force_login(user)
        return client

    def apply(self, request: HelpRequest) -> str:
        return press(self.citizen, f"{HERE}/guild/own/apply/{request.pk}/", supporter=str(self.supporter.pk))


@pytest.fixture
def town(shimonoseki: Municipality, signed_in: SignIn, ask_for_help: AskForHelp) -> Town:
    return Town(shimonoseki, signed_in, ask_for_help)


def group_list(request: HelpRequest) -> str:
    return f"{HERE}/group/{request.group.number}/matches/"


def test_from_applying_to_being_introduced_and_withdrawing(town: Town, shimonoseki: Municipality) -> None:
    for request in (town.beach, town.feast):
        assert "申し込みました" in town.apply(request)
    with acting_as(shimonoseki):
        beach, feast = (Match.objects.get(request=request) for request in (town.beach, town.feast))
        phone = town.supporter.contact.phone
        SupporterContact.objects.update(accessibility="階段が苦手です。")
    secrets = ("かもめの本名", phone, town.supporter.contact.email, "階段が苦手です。")

    # Each group sees a nickname and its own application, and nothing of the other's.
    page = text(town.at_beach, group_list(town.beach))
    assert "かもめ" in page
    assert "祭りの受付" not in page
    at_beach = f"{group_list(town.beach)}{beach.pk}/"
    page = text(town.at_beach, at_beach)
    assert "お返事をお願いします" in page
    for secret in secrets:
        assert secret not in page
    text(town.at_beach, f"{at_beach}contact/", 404)
    for stranger in (
        f"{group_list(town.beach)}{feast.pk}/",
        group_list(town.feast),
        f"{group_list(town.feast)}{feast.pk}/",
    ):
        text(town.at_beach, stranger, 404)
    assert "当日の太郎" not in text(town.citizen, f"{OWN}{beach.pk}/")
    text(town.citizen, f"{OWN}{beach.pk}/contact/", 404)
    with acting_as(shimonoseki):
        letters = {letter.match: letter.body for letter in GuildLetter.objects.filter(side=Side.GROUP)}
        assert letters.keys() == {beach, feast}
        for match, body in letters.items():
            assert "かもめ さん" in body
            assert match.request.title in body
            assert not any(secret in body for secret in secrets)
        assert not PersonalRecordView.objects.exists()

    # Both said yes: the consented fields, and each look is noted.
    assert "お返事を受け付けました" in press(town.at_beach, f"{at_beach}answer/", answer="yes")
    for secret in secrets:
        assert secret not in text(town.at_beach, at_beach), "not by the way"
    page = text(town.at_beach, f"{at_beach}contact/")
    for secret in secrets:
        assert secret in page
    assert "当日の太郎" in text(town.citizen, f"{OWN}{beach.pk}/contact/")
    text(town.at_feast, f"{group_list(town.feast)}{feast.pk}/contact/", 404)
    with acting_as(shimonoseki):
        looks = list(PersonalRecordView.objects.order_by("pk").values_list("viewer_id", "table_name", "row_id"))
        assert looks == [
            (User.objects.get(email="group1@example.jp").pk, "matching_supportercontact", town.supporter.contact.pk),
            (town.supporter.membership.user_id, "matching_helprequest", town.beach.pk),
        ]

    # One consent taken back hides one field, the one to be introduced hides all and ends it.
    consents = f"{HERE}/guild/supporters/{town.supporter.pk}/consents/"
    kept = {f"consent-{purpose}": "on" for purpose in ConsentPurpose if purpose != ConsentPurpose.SHARE_PHONE}
    press(town.citizen, consents, **kept)
    page = text(town.at_beach, f"{at_beach}contact/")
    assert phone not in page
    assert "かもめの本名" in page
    del kept["consent-introduction"]
    press(town.citizen, consents, **kept)
    text(town.at_beach, f"{at_beach}contact/", 404)
    assert "取りやめ" in text(town.at_beach, at_beach)
    for client, url in ((town.at_beach, at_beach), (town.at_feast, f"{group_list(town.feast)}{feast.pk}/")):
        for secret in secrets:
            assert secret not in text(client, url)
    assert "当日の太郎" not in text(town.citizen, f"{OWN}{beach.pk}/")
    text(town.citizen, f"{OWN}{beach.pk}/contact/", 404)

    # Who looked stays known after all is hidden, and what could not be opened is no look.
    with acting_as(shimonoseki):
        kept = list(PersonalRecordView.objects.order_by("pk").values_list("viewer_id", "table_name", "row_id"))
        assert kept == [*looks, looks[0]]
        own_looks = PersonalRecordView.objects.filter(viewer_id=town.supporter.membership.user_id)
        assert "紹介された相手の連絡先" in own_looks.get().purpose

    # Who leaves is nobody at once, in the list as well.
    press(town.citizen, f"{HERE}/guild/supporters/{town.supporter.pk}/leave/", is_sure="on")
    for client, request in ((town.at_beach, town.beach), (town.at_feast, town.feast)):
        page = text(client, group_list(request))
        assert "退会した方" in page
        assert "かもめ" not in page


def test_staff_see_all_that_happened_and_was_written(town: Town, shimonoseki: Municipality) -> None:
    town.apply(town.beach)
    with acting_as(shimonoseki):
        match = Match.objects.get()
        letter = GuildLetter.objects.get()
    address = f"{HERE}/guild/matches/{match.pk}/"
    assert "海岸の清掃" in text(town.staff, f"{HERE}/guild/matches/?state=group_asked")
    assert "海岸の清掃" not in text(town.staff, f"{HERE}/guild/matches/?state=waiting").split("<h1>")[1]
    assert "かもめ" in text(town.staff, f"{HERE}/guild/requests/{town.beach.pk}/matches/")
    assert "海岸の清掃" in text(town.staff, f"{HERE}/guild/supporters/{town.supporter.pk}/matches/")
    page = text(town.staff, address)
    assert "手伝いたい人の紹介" in page
    for secret in ("かもめの本名", "090-0000-0001", "083-000-0009"):
        assert secret not in page
    page = text(town.staff, f"{HERE}/guild/letters/{letter.pk}/")
    assert "（返事のためのリンク）" in page
    assert "/guild/answers/" not in page
    page = press(town.staff, f"{address}step/", step="group_yes", comment="電話で聞いた")
    assert "「紹介済み」になりました" in page
    assert "電話で聞いた" in page
    assert "電話で聞いた" not in text(town.at_beach, f"{group_list(town.beach)}{match.pk}/")
    assert "できません" in press(town.staff, f"{address}step/", step="group_no", comment="")
    assert "083-000-0009" in text(town.staff, f"{address}call/group/")
    assert "090-0000-0001" in text(town.staff, f"{address}call/volunteer/")
    text(town.staff, f"{address}call/nobody/", 404)
    with acting_as(shimonoseki):
        assert PersonalRecordView.objects.count() == 2
        withdrawing.withdraw_consent(town.supporter, ConsentPurpose.URGENT_CALLS, by=None)
    text(town.staff, f"{address}call/volunteer/", 404)
    page = press(town.staff, f"{address}cancel/", reason="大雨のため")
    assert "取りやめにしました" in page
    assert "大雨のため" in page


def test_from_the_match_one_goes_on_to_what_came_of_it(town: Town, shimonoseki: Municipality) -> None:
    town.apply(town.beach)
    with acting_as(shimonoseki):
        match = Match.objects.get()
        answering.answer(match, Side.GROUP, True)
    at_group = f"{group_list(town.beach)}{match.pk}/"
    for client, url in ((town.citizen, f"{OWN}{match.pk}/"), (town.at_beach, at_group)):
        assert "活動の時間と感想" not in text(client, url)
    press(town.staff, f"{HERE}/guild/matches/{match.pk}/step/", step="complete", comment="")
    for client, url in ((town.citizen, f"{OWN}{match.pk}/"), (town.at_beach, at_group)):
        [address] = re.findall(r'href="([^"]+)">活動の時間と感想', text(client, url))
        text(client, address)


def test_a_letter_that_may_not_have_arrived_is_seen_to(town: Town, shimonoseki: Municipality) -> None:
    town.apply(town.beach)
    with acting_as(shimonoseki):
        letter = GuildLetter.objects.get()
        leave_to_staff(letter)
    address = f"{HERE}/guild/letters/{letter.pk}/"
    assert "もう一度送る" in text(town.staff, address)
    assert "電話などで伝えたことを記録しました" in press(town.staff, f"{address}told/")
    assert "もう一度送る" not in text(town.staff, address)
    with acting_as(shimonoseki):
        assert not QueueEntry.objects.filter(done_at=None).exists()


def test_one_takes_back_ones_application_saying_why(town: Town, shimonoseki: Municipality) -> None:
    town.apply(town.beach)
    with acting_as(shimonoseki):
        match = Match.objects.get()
    own = f"{OWN}{match.pk}/"
    assert town.citizen.post(f"{own}cancel/", {"reason": ""}).status_code == 400
    assert "取りやめにしました" in press(town.citizen, f"{own}cancel/", reason="熱が出ました")
    assert "取りやめられません" in press(town.citizen, f"{own}cancel/", reason="もう一度")


def test_nobody_applies_as_somebody_else_or_for_the_time_of_another_request(
    town: Town, shimonoseki: Municipality
) -> None:
    with acting_as(shimonoseki):
        own, others = shift_in(town.beach, 5), shift_in(town.feast, 5)
        stranger = helper("すずめ")
    address = f"{HERE}/guild/own/apply/{town.beach.pk}/"
    right = {"supporter": town.supporter.pk, "shift": own.pk}
    for wrong in ({"supporter": stranger.pk}, {"shift": others.pk}, {"supporter": 9**18}, {"shift": 9**18}):
        assert town.citizen.post(address, right | wrong).status_code == 400
    with acting_as(shimonoseki):
        assert not Match.objects.exists()
    assert town.citizen.post(address, right).status_code == 302


def test_one_chooses_a_time_and_a_business_how_many_come(town: Town, shimonoseki: Municipality) -> None:
    with acting_as(shimonoseki):
        shift = shift_in(town.beach, 5, people=3)
        Shift.objects.update(**{name: at(19, hour) for name, hour in (("starts_at", 9), ("ends_at", 11))})
        shift.refresh_from_db()
        Supporter.objects.update(kind="business")
    address = f"{HERE}/guild/own/apply/{town.beach.pk}/"
    page = text(town.citizen, address)
    assert "あと3人" in page
    assert town.citizen.post(address, {"supporter": town.supporter.pk, "people": "3"}).status_code == 400
    press(town.citizen, address, supporter=str(town.supporter.pk), people="3", shift=str(shift.pk))
    with acting_as(shimonoseki):
        match = Match.objects.get()
        assert (match.people, match.shift, match.starts_at) == (3, shift, shift.starts_at)
        letter = GuildLetter.objects.get()
    assert "満員" in text(town.citizen, address)
    # One says a time of one's week by its day.
    pages = [
        page,
        text(town.citizen, f"{OWN}{match.pk}/"),
        text(Client(), f"/shimonoseki/guild/requests/{town.beach.pk}/"),
    ]
    assert all("令和22年5月19日（土）09:00〜11:00" in words for words in [*pages, letter.body])


def test_a_group_offers_to_be_anothers_partner(town: Town, shimonoseki: Municipality) -> None:
    with acting_as(shimonoseki):
        HelpRequest.objects.filter(pk=town.feast.pk).update(kind="partners")
    address = f"{HERE}/group/{town.beach.group.number}/partner/{town.feast.pk}/"
    assert f'href="{address}"' in text(town.at_beach, group_list(town.beach))
    assert "内容を見て申し込む" not in text(town.at_feast, group_list(town.feast)), "one's own"
    assert "申し込みますか" in text(town.at_beach, address)
    assert "申し込みました" in press(town.at_beach, address, people="1")
    with acting_as(shimonoseki):
        match = Match.objects.get()
    asked = f"{group_list(town.feast)}{match.pk}/"
    assert "海岸の清掃の会" in text(town.at_feast, asked)
    assert "group1@example.jp" not in text(town.at_feast, asked)
    press(town.at_feast, f"{asked}answer/", answer="yes")
    assert "group1@example.jp" in text(town.at_feast, f"{asked}contact/")
    assert "group2@example.jp" in text(town.at_beach, f"{group_list(town.beach)}{match.pk}/contact/")
    assert "祭りの受付" in text(town.at_beach, group_list(town.beach))
    # The volunteers' way does not lead to it, nor the partners' to what seeks volunteers.
    text(town.citizen, f"{HERE}/guild/own/apply/{town.feast.pk}/", 404)
    text(town.at_feast, f"{HERE}/group/{town.feast.group.number}/partner/{town.beach.pk}/", 404)


def test_lists_ask_the_database_the_same_however_long_they_are(town: Town, shimonoseki: Municipality) -> None:
    counts: dict[str, list[int]] = {}
    for _ in range(2):
        with acting_as(shimonoseki):
            HelpRequest.objects.update(people_needed=50)
            for number in range(3):
                asking.apply(town.beach, None, helper(f"人{number}"), by=None)
                asking.apply(town.feast, shift_in(town.feast, 3 + Match.objects.count()), town.supporter, by=None)
        for client, url in (
            (town.citizen, OWN),
            (town.at_beach, group_list(town.beach)),
            (town.staff, f"{HERE}/guild/matches/"),
            (town.staff, f"{HERE}/guild/requests/{town.beach.pk}/matches/"),
        ):
            with CaptureQueriesContext(connection) as queries:
                page = text(client, url)
            assert re.search(r"<tbody>", page)
            counts.setdefault(url, []).append(len(queries))
    assert all(first == second for first, second in counts.values()), counts
