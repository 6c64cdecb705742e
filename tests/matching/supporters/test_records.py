"""A supporter's record: one's own, staff's without who it is, and what is left of who left."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from centres.models import District
from civic.accounts.models import Membership, Role
from civic.audit.models import Change, PersonalRecordView
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from matching.models import (
    Away,
    Consent,
    ConsentPurpose,
    GuildRule,
    Match,
    MatchStep,
    Participation,
    QueueEntry,
    QueueKind,
    Skill,
    Supporter,
    SupporterContact,
    SupporterSkill,
    SupporterStatus,
    SupporterTime,
)
from matching.supporters import services
from matching.supporters.queries import introducible
from tests.conftest import SignIn
from tests.matching.conftest import AskForHelp
from tests.matching.supporters.conftest import Joined

LIST = "/shimonoseki/office/guild/supporters/"
Status = SupporterStatus


def page_of(supporter: Supporter, page: str = "") -> str:
    return f"{LIST}{supporter.pk}/{page}"


def date_parts(name: str, day: date) -> dict[str, int]:
    return {f"{name}_{part}": getattr(day, part) for part in ("year", "month", "day")}


def test_one_changes_what_is_ones_own(shimonoseki: Municipality, kamome: tuple[Supporter, Client]) -> None:
    supporter, client = kamome
    with acting_as(shimonoseki):
        sign = Skill.objects.create(name="手話")
    typed = {"kind": "person", "nickname": "うみねこ", "helps_online": "on", "reach": "anywhere", "asks_a_month": "1"}
    client.post(page_of(supporter, "edit/"), typed | {"news": "never", f"skill-{sign.pk}": "2"})
    tomorrow = timezone.localdate() + timedelta(days=1)
    client.post(page_of(supporter, "away/add/"), date_parts("first_day", tomorrow) | date_parts("last_day", tomorrow))
    client.post(page_of(supporter, "times/add/"), {"weekday": "5", "starts": "09:00", "ends": "10:30"})
    page = client.get(page_of(supporter)).content.decode()
    for words in ("うみねこさん", "手話（できる）", "土曜日 09:00–10:30", "オンラインで"):
        assert words in page
    with acting_as(shimonoseki):
        away, saturday = Away.objects.get(), SupporterTime.objects.get()
        assert away.first_day == tomorrow
    # What is taken away is asked first.
    asked = {
        f"away/{away.pk}/remove/": "動けない日を消しますか",
        f"times/{saturday.pk}/remove/": "いつでもよいことになります",
    }
    for url, words in asked.items():
        assert words in client.get(page_of(supporter, url)).content.decode()
    with acting_as(shimonoseki):
        assert Away.objects.exists()
        assert SupporterTime.objects.exists()
    for url in asked:
        client.post(page_of(supporter, url))
    with acting_as(shimonoseki):
        assert not Away.objects.exists()
        assert not SupporterTime.objects.exists()


def test_another_ones_record_is_not_there(
    shimonoseki: Municipality, kamome: tuple[Supporter, Client], joined: Joined
) -> None:
    _own, client = kamome
    with acting_as(shimonoseki):
        other = joined("ちどり")
    for page in ("", "edit/", "contact/", "consents/", "leave/", "pause/", "times/add/"):
        assert client.get(page_of(other, page)).status_code == 404
    assert client.get(LIST).status_code == 403


@pytest.mark.parametrize(
    ("joined_on", "until"),
    [
        (date(2026, 4, 1), date(2027, 3, 31)),
        (date(2027, 3, 30), date(2027, 3, 31)),
        (date(2026, 3, 31), date(2027, 3, 31)),
    ],
)
def test_insurance_begins_the_next_day_and_ends_with_its_fiscal_year(joined_on: date, until: date) -> None:
    assert Supporter(insured_from=joined_on).insured_until == until


def test_times_that_meet_become_one(in_shimonoseki: Municipality, joined: Joined) -> None:
    supporter = joined()
    services.add_time(supporter, 5, time(9), time(11))
    services.add_time(supporter, 5, time(13), time(15))
    services.add_time(supporter, 6, time(9), time(11))
    services.add_time(supporter, 5, time(10), time(13))
    assert supporter.week == ["土 09:00–15:00", "日 09:00–11:00"]


def test_staff_see_who_it_is_only_after_saying_what_for(
    shimonoseki: Municipality, signed_in: SignIn, joined: Joined
) -> None:
    with acting_as(shimonoseki):
        supporter = joined()
    client = signed_in(shimonoseki, Role.STAFF)
    for page in (LIST, page_of(supporter), page_of(supporter, "contact/open/")):
        shown = client.get(page).content.decode()
        assert "かもめ" in shown
        assert "見本 花子" not in shown
        assert "hanako@example.jp" not in shown
    assert client.post(page_of(supporter, "contact/open/")).status_code == 400
    with acting_as(shimonoseki):
        assert not PersonalRecordView.objects.exists()
    assert "見本 花子" in client.post(page_of(supporter, "contact/open/"), {"purpose": "urgent"}).content.decode()
    with acting_as(shimonoseki):
        viewing = PersonalRecordView.objects.get()
        contact = SupporterContact.objects.get()
        assert (viewing.row_id, viewing.purpose) == (contact.pk, "中止などの急な連絡")


def test_ones_own_address_of_mail_is_one_that_was_proved(
    shimonoseki: Municipality, kamome: tuple[Supporter, Client]
) -> None:
    supporter, client = kamome
    url = page_of(supporter, "contact/")
    assert "supporter@shimonoseki.example.jp" in client.get(url).content.decode()
    typed = {"name": "見本 花子", "email": "unproved@example.jp"} | date_parts("born_on", date(1954, 5, 1))
    assert client.post(url, typed).status_code == 302
    with acting_as(shimonoseki):
        assert SupporterContact.objects.get().email == "hanako@example.jp"
    client.post(url, typed | {"takes_address": "on"})
    with acting_as(shimonoseki):
        assert SupporterContact.objects.get().email == "supporter@shimonoseki.example.jp"
    assert "takes_address" not in client.get(url).content.decode()


def test_consents_are_given_and_withdrawn_one_by_one(
    shimonoseki: Municipality, kamome: tuple[Supporter, Client]
) -> None:
    supporter, client = kamome
    client.post(page_of(supporter, "consents/"), {"consent-share_phone": "on"})
    with acting_as(shimonoseki):
        assert not introducible().exists()
        assert Consent.objects.get(purpose=ConsentPurpose.INTRODUCTION).withdrawn_at is not None
        assert [consent.purpose for consent in Consent.objects.filter(withdrawn_at=None)] == ["share_phone"]
    client.post(page_of(supporter, "consents/"), {"consent-share_phone": "on", "consent-introduction": "on"})
    with acting_as(shimonoseki):
        assert introducible().get() == supporter
        assert Consent.objects.filter(purpose=ConsentPurpose.INTRODUCTION).count() == 2


def test_a_new_consent_at_the_counter_needs_the_paper(
    shimonoseki: Municipality, signed_in: SignIn, joined: Joined
) -> None:
    with acting_as(shimonoseki):
        supporter = joined()
    client = signed_in(shimonoseki, Role.STAFF)
    both = {"consent-introduction": "on", "consent-share_phone": "on"}
    assert client.post(page_of(supporter, "consents/"), both).status_code == 400
    assert client.post(page_of(supporter, "consents/"), both | {"has_paper": "on"}).status_code == 302
    assert client.post(page_of(supporter, "consents/"), {"consent-introduction": "on"}).status_code == 302
    with acting_as(shimonoseki):
        withdrawn = Consent.objects.get(purpose=ConsentPurpose.SHARE_PHONE)
        assert withdrawn.is_on_paper
        assert withdrawn.withdrawn_at is not None


def test_a_pause_ends_on_the_day_after_its_last(in_shimonoseki: Municipality, joined: Joined) -> None:
    today = timezone.localdate()
    supporter, without_end = joined("短い"), joined("長い")
    services.pause(supporter, today)
    services.pause(without_end, None)
    assert not introducible().exists()
    assert services.end_pauses(today) == 0
    assert services.end_pauses(today + timedelta(days=1)) == 1
    assert introducible().get() == supporter
    services.come_back(without_end)
    assert introducible().count() == 2
    with pytest.raises(ValidationError, match="できません"):
        services.come_back(without_end)


def test_leaving_is_asked_twice_and_ends_consent_and_pages_at_once(
    shimonoseki: Municipality, kamome: tuple[Supporter, Client]
) -> None:
    supporter, client = kamome
    assert client.post(page_of(supporter, "leave/")).status_code == 400
    with acting_as(shimonoseki):
        assert introducible().exists()
    assert client.post(page_of(supporter, "leave/"), {"is_sure": "on"})["Location"] == "/shimonoseki/guild/"
    assert client.get(page_of(supporter)).status_code == 404
    with acting_as(shimonoseki):
        supporter.refresh_from_db()
        assert (supporter.status, supporter.nickname) == (Status.LEFT, "退会した方")
        assert not Consent.objects.filter(withdrawn_at=None).exists()
        assert not introducible().exists()
    assert not Membership.objects.filter(user__email__startswith="supporter@", ended_at=None).exists()


def test_a_groups_representative_who_leaves_keeps_the_groups_pages(
    shimonoseki: Municipality, signed_in: SignIn, joined: Joined
) -> None:
    client = signed_in(shimonoseki, Role.GROUP)
    membership = Membership.objects.get(user__email__startswith="group@")
    with acting_as(shimonoseki):
        services.end(joined(membership=membership))
    assert client.get("/shimonoseki/office/group/").status_code == 200


def test_who_left_is_forgotten_after_the_municipalitys_days_and_what_was_done_stays(
    in_shimonoseki: Municipality, joined: Joined, ask_for_help: AskForHelp
) -> None:
    supporter = joined(
        can_do="ピアノ", languages="手話", home_district=District.objects.create(name="本庁", position=1)
    )
    SupporterSkill.objects.create(supporter=supporter, skill=Skill.objects.create(name="楽器"))
    Match.objects.create(request=ask_for_help(), supporter=supporter)
    services.end(supporter)
    GuildRule.objects.create(contact_days=10)
    today = timezone.localdate()
    assert services.purge(today + timedelta(days=9)) == 0
    assert services.purge(today + timedelta(days=10)) == 1
    supporter.refresh_from_db()
    assert not SupporterContact.objects.exists()
    assert not SupporterSkill.objects.exists()
    assert (supporter.can_do, supporter.home_district.name) == ("", "本庁")  # type: ignore[union-attr]
    assert Match.objects.get().supporter == supporter
    trail = "".join(f"{change.before}{change.after}" for change in Change.objects.all())
    assert not [word for word in ("かもめ", "ピアノ", "手話", "花子", "hanako", "0001") if word in trail]


def test_what_is_said_of_somebody_is_not_repeated_in_the_trail(
    in_shimonoseki: Municipality, joined: Joined, ask_for_help: AskForHelp
) -> None:
    supporter = joined()
    match = Match.objects.create(request=ask_for_help(), supporter=supporter)
    MatchStep.objects.create(match=match, state=match.state, actor=MatchStep.Actor.STAFF, comment="膝が痛いそうです")
    Participation.objects.create(match=match, day=timezone.localdate(), hours=1, note="花子さんと回った")
    QueueEntry.objects.create(
        kind=QueueKind.GREET_SUPPORTER, supporter=supporter, due_at=timezone.now(), outcome="娘さんに伝言した"
    )
    trail = "".join(str(change.after) for change in Change.objects.all())
    assert not [word for word in ("膝", "花子", "娘") if word in trail]


def test_staff_find_by_what_where_and_when(shimonoseki: Municipality, signed_in: SignIn, joined: Joined) -> None:
    with acting_as(shimonoseki):
        north, south = (District.objects.create(name=name, position=number) for number, name in enumerate("北南"))
        sign = Skill.objects.create(name="手話")
        able = joined("手話の人")
        SupporterSkill.objects.create(supporter=able, skill=sign)
        able.districts.create(district=north)
        able.times.create(weekday=5, starts=time(9), ends=time(12))
        able.fields.create(field=7)
        joined("どこでもの人", reach="anywhere", status=Status.PAUSED)
        joined("退会した方", status=Status.LEFT, left_on=timezone.localdate())
    client = signed_in(shimonoseki, Role.STAFF)

    def names(**search: object) -> set[str]:
        page = client.get(LIST, search).content.decode().split("<tbody>")[-1]
        return {name for name in ("手話の人", "どこでもの人", "退会した方") if name in page}

    assert names() == {"手話の人", "どこでもの人"}
    assert names(skill=sign.pk) == names(field=7) == {"手話の人"}
    assert names(district=north.pk) == {"手話の人", "どこでもの人"}
    assert names(district=south.pk) == names(weekday=6) == {"どこでもの人"}
    assert names(status="paused") == names(q="どこでも") == {"どこでもの人"}
    assert names(status="left") == {"退会した方"}
    with acting_as(shimonoseki):
        Supporter.objects.filter(pk=able.pk).update(languages="日本語、タガログ語")
        Consent.objects.create(supporter=able, purpose=ConsentPurpose.PUBLICATION)
    assert names(q="タガログ") == names(consent="publication") == {"手話の人"}


def test_staff_see_that_there_are_needs_and_that_an_insurance_is_over(
    shimonoseki: Municipality, signed_in: SignIn, joined: Joined
) -> None:
    client = signed_in(shimonoseki, Role.STAFF)
    with acting_as(shimonoseki):
        supporter = joined(insured_from=timezone.localdate())
    warnings = ("配慮がほしいことがあります", "期限がすぎています")
    page = client.get(page_of(supporter)).content.decode()
    assert not any(words in page for words in warnings)
    with acting_as(shimonoseki):
        Supporter.objects.update(insured_from=timezone.localdate() - timedelta(days=366))
        SupporterContact.objects.update(accessibility="車いすを使います。")
    page = client.get(page_of(supporter)).content.decode()
    assert all(words in page for words in warnings)
    assert "車いす" not in page, "what they are is opened on purpose"
    assert "車いす" in client.post(page_of(supporter, "contact/open/"), {"purpose": "ask"}).content.decode()


def test_the_list_asks_the_database_the_same_however_long_it_is(
    shimonoseki: Municipality, signed_in: SignIn, joined: Joined
) -> None:
    client, counts = signed_in(shimonoseki, Role.STAFF), []
    for _ in range(2):
        with acting_as(shimonoseki):
            for number in range(3):
                supporter = joined(f"人{number}")
                supporter.times.create(weekday=5, starts=time(9), ends=time(12))
                supporter.skills.create(skill=Skill.objects.create(name=str(supporter.pk)))
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]
