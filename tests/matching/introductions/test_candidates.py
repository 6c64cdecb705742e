"""Who is proposed, in which order and why; each hard rule excludes and says so."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from centres.models import District, Group, GroupField
from civic.accounts.models import Role
from civic.tenancy.models import Municipality
from matching.introductions import proposing
from matching.introductions.candidates import candidates, left_out, partners
from matching.introductions.judging import minutes_of_week
from matching.introductions.moving import Actor, move
from matching.models import (
    Away,
    Consent,
    ConsentPurpose,
    GuildRule,
    HelpRequest,
    Insurance,
    Match,
    MatchState,
    NotAgain,
    RequestKind,
    RequestSkill,
    Shift,
    Skill,
    SkillLevel,
    Supporter,
    SupporterContact,
    SupporterDistrict,
    SupporterField,
    SupporterSkill,
    SupporterStatus,
    SupporterTime,
    Weekday,
)
from tests.conftest import MakeMember, SignIn
from tests.matching.conftest import AskForHelp

pytestmark = pytest.mark.usefixtures("in_shimonoseki")
ZONE = timezone.get_default_timezone()


def next_weekday(weekday: Weekday, hour: int = 9) -> datetime:
    """The next such day that is at least a week away."""
    day = timezone.localdate() + timedelta(days=7)
    day += timedelta(days=(weekday - day.weekday()) % 7)
    return datetime.combine(day, time(hour), ZONE)


def shift_of(request: HelpRequest, starts: datetime, hours: int = 2) -> Shift:
    return Shift.objects.create(
        request=request, starts_at=starts, ends_at=starts + timedelta(hours=hours), people_needed=2
    )


@pytest.fixture
def helper() -> Supporter:
    """Who fits the request of `cleaning` in everything."""
    here = District.objects.create(name="彦島", position=1)
    supporter = Supporter.objects.create(nickname="かもめ", asks_a_month=2, insured_from=date(2020, 4, 1))
    SupporterContact.objects.create(
        supporter=supporter, name="海野かもめ", born_on=date(1970, 5, 5), accessibility="階段が苦手です。"
    )
    Consent.objects.create(supporter=supporter, purpose=ConsentPurpose.INTRODUCTION)
    SupporterDistrict.objects.create(supporter=supporter, district=here)
    SupporterField.objects.create(supporter=supporter, field=7)
    SupporterTime.objects.create(supporter=supporter, weekday=Weekday.SATURDAY, starts=time(9), ends=time(12))
    skill = Skill.objects.create(name="草刈り")
    SupporterSkill.objects.create(supporter=supporter, skill=skill, level=SkillLevel.ABLE)
    return supporter


@pytest.fixture
def cleaning(helper: Supporter, ask_for_help: AskForHelp) -> Shift:
    request = ask_for_help(field=7, district=District.objects.get())
    RequestSkill.objects.create(request=request, skill=Skill.objects.get())
    return shift_of(request, next_weekday(Weekday.SATURDAY))


def why_not(shift: Shift) -> list[str]:
    """Why the only supporter is left out; nothing where they are a candidate."""
    found, total = left_out(shift.request, shift)
    assert len(candidates(shift.request, shift)) + total == 1, "everybody is on one of the two lists"
    return found[0].reasons if found else []


def test_reasons_are_told_in_words(helper: Supporter, cleaning: Shift) -> None:
    (candidate,) = candidates(cleaning.request, cleaning)
    assert candidate.supporter == helper
    assert candidate.reasons == [
        "必要なこと1個がすべてできる（草刈り）",
        "土曜日のその時間に動ける",
        "同じ地区で活動できる",
        "希望する分野",
        "最近は頼んでいない",
    ]
    assert candidate.against == [
        "ギルドでの活動は、はじめて",
        "配慮がほしいことがある（連絡先のページに書いてあります）",
    ]
    rule = GuildRule()
    assert candidate.score == (
        rule.weight_skill + rule.weight_time + rule.weight_district + rule.weight_field + rule.weight_rest
    )


def _minor(helper: Supporter, shift: Shift) -> None:
    SupporterContact.objects.update(born_on=timezone.localdate() - timedelta(days=365 * 16))


def _young(helper: Supporter, shift: Shift) -> None:
    eighteenth = timezone.localdate(shift.starts_at)
    SupporterContact.objects.update(born_on=eighteenth.replace(year=eighteenth.year - 18) + timedelta(days=1))
    SupporterContact.objects.update(guardian_name="保護者", guardian_agreed_on=timezone.localdate())
    HelpRequest.objects.update(minimum_age=18)


def _other_match(helper: Supporter, shift: Shift, minutes: int) -> None:
    other = HelpRequest.objects.create(
        title="別の募集", what="x", when="x", where="x", people_needed=1, group=None, status="open"
    )
    elsewhere = shift_of(other, shift.starts_at + timedelta(minutes=minutes))
    Match.objects.create(
        request=other, shift=elsewhere, supporter=helper, starts_at=elsewhere.starts_at, ends_at=elsewhere.ends_at
    )


def _asked(helper: Supporter, shift: Shift) -> None:
    """Twice this month, as often as they want to be asked."""
    for number in range(2):
        other = HelpRequest.objects.create(title=f"{number}", what="x", when="x", where="x", people_needed=1)
        match = Match.objects.create(request=other, supporter=helper)
        until = timezone.now() + timedelta(days=7)
        move(match, MatchState.VOLUNTEER_ASKED, actor=Actor.STAFF, answer_by=until)


def _away(helper: Supporter, shift: Shift) -> None:
    day = timezone.localdate(shift.starts_at)
    Away.objects.create(supporter=helper, first_day=day - timedelta(days=3), last_day=day)


def _not_again(helper: Supporter, shift: Shift) -> None:
    NotAgain.objects.create(supporter=helper, group=shift.request.group, wished_by="group")


def _same_request(helper: Supporter, shift: Shift) -> None:
    match = Match.objects.create(
        request=shift.request, shift=shift, supporter=helper, starts_at=shift.starts_at, ends_at=shift.ends_at
    )
    move(match, MatchState.CANCELLED, actor=Actor.STAFF)


Change = Callable[[Supporter, Shift], Any]
RULES: dict[str, tuple[Change, str]] = {
    "paused": (lambda h, s: Supporter.objects.update(status=SupporterStatus.PAUSED), "お休み中"),
    "consent": (lambda h, s: Consent.objects.update(withdrawn_at=timezone.now()), "同意していません"),
    "another consent": (lambda h, s: Consent.objects.update(purpose="share_name"), "同意していません"),
    "limit": (_asked, "頼んでよい回数"),
    "online": (lambda h, s: HelpRequest.objects.update(is_online=True), "現地・オンライン"),
    "on site": (lambda h, s: Supporter.objects.update(comes_on_site=False), "現地・オンライン"),
    "reach": (lambda h, s: SupporterDistrict.objects.all().delete(), "地区ではありません"),
    "weekday": (lambda h, s: SupporterTime.objects.update(weekday=Weekday.SUNDAY), "その時間には動けません"),
    "too long": (lambda h, s: SupporterTime.objects.update(ends=time(10, 59)), "その時間には動けません"),
    "away": (_away, "その日は動けない"),
    "same hour": (lambda h, s: _other_match(h, s, 90), "同じ時間に"),
    "skill": (lambda h, s: SupporterSkill.objects.all().delete(), "できないことがあります（草刈り）"),
    "level": (
        lambda h, s: SupporterSkill.objects.update(level=SkillLevel.BEGINNER),
        "できないことがあります（草刈り）",
    ),
    "not again": (_not_again, "もう紹介しない"),
    "answered": (_same_request, "もう候補になったか"),
    "too young": (_young, "年齢"),
    "no guardian": (_minor, "保護者の同意"),
    "insurance": (lambda h, s: HelpRequest.objects.update(insurance=Insurance.OWN), "保険"),
}


@pytest.mark.parametrize("name", RULES)
def test_a_hard_rule_excludes_and_says_so(helper: Supporter, cleaning: Shift, name: str) -> None:
    assert not why_not(cleaning), "a candidate before"
    change, words = RULES[name]
    change(helper, cleaning)
    cleaning.request.refresh_from_db()
    (reason,) = why_not(cleaning)
    assert words in reason


def _insured(helper: Supporter, shift: Shift) -> None:
    HelpRequest.objects.update(insurance=Insurance.OWN)
    Supporter.objects.update(insured_from=timezone.localdate(shift.starts_at) - timedelta(days=1))


def _of_age(helper: Supporter, shift: Shift) -> None:
    _young(helper, shift)
    SupporterContact.objects.update(born_on=SupporterContact.objects.get().born_on - timedelta(days=1))


FINE: dict[str, Change] = {
    "insured since the day before": _insured,
    "of age on the day": _of_age,
    "time not told": lambda h, s: SupporterTime.objects.all().delete(),
    "two times that touch": lambda h, s: (
        SupporterTime.objects.update(ends=time(10)),
        SupporterTime.objects.create(supporter=h, weekday=5, starts=time(10), ends=time(11)),
    ),
    "right after another": lambda h, s: _other_match(h, s, 120),
    "comes anywhere": lambda h, s: (
        SupporterDistrict.objects.all().delete(),
        Supporter.objects.update(reach="anywhere"),
    ),
    "lives there": lambda h, s: (
        SupporterDistrict.objects.all().delete(),
        Supporter.objects.update(home_district=s.request.district),
    ),
    "a minor whose guardian agreed": lambda h, s: (
        _minor(h, s),
        SupporterContact.objects.update(guardian_name="保護者", guardian_agreed_on=timezone.localdate()),
    ),
}


@pytest.mark.parametrize("name", FINE)
def test_what_is_no_hindrance(helper: Supporter, cleaning: Shift, name: str) -> None:
    FINE[name](helper, cleaning)
    cleaning.request.refresh_from_db()
    assert not why_not(cleaning)


def test_saturday_mornings_only(
    helper: Supporter, cleaning: Shift, ask_for_help: AskForHelp, in_shimonoseki: Municipality, member: MakeMember
) -> None:
    """Free on Saturday mornings alone: never proposed for Sunday, nor twice at the same hour; the reason is told."""
    staff, request = member(in_shimonoseki, Role.STAFF), ask_for_help("祭りの受付")
    sunday = shift_of(request, next_weekday(Weekday.SUNDAY))
    saturday = shift_of(request, next_weekday(Weekday.SATURDAY, 10))
    assert why_not(sunday) == ["その時間には動けません"]
    assert not why_not(saturday)
    proposal = proposing.make_proposal(staff, lambda percent, words: None)
    (line,) = proposing.lines_of(proposal)
    assert line.shift in (cleaning, saturday), "one of the two that overlap, and not Sunday"
    (first,) = candidates(cleaning.request, cleaning)
    Match.objects.create(
        request=cleaning.request,
        shift=cleaning,
        supporter=first.supporter,
        starts_at=cleaning.starts_at,
        ends_at=cleaning.ends_at,
    )
    assert why_not(saturday) == ["同じ時間に、ほかの活動やお願いがあります"]


def test_an_hour_over_midnight(helper: Supporter, cleaning: Shift) -> None:
    night = shift_of(cleaning.request, next_weekday(Weekday.SUNDAY, 23))
    SupporterTime.objects.create(supporter=helper, weekday=Weekday.SUNDAY, starts=time(20), ends=time(23, 59))
    assert why_not(night) == ["その時間には動けません"]
    SupporterTime.objects.create(supporter=helper, weekday=Weekday.MONDAY, starts=time(0), ends=time(2))
    assert not why_not(night)
    assert minutes_of_week(night.starts_at, night.ends_at) == "{[10020,10080),[0,60)}"


def test_who_fits_best_comes_first(helper: Supporter, cleaning: Shift) -> None:
    other = Supporter.objects.create(nickname="ほたる", reach="anywhere")
    Consent.objects.create(supporter=other, purpose=ConsentPurpose.INTRODUCTION)
    SupporterSkill.objects.create(supporter=other, skill=Skill.objects.get(), level=SkillLevel.EXPERT)
    names = [str(candidate.supporter) for candidate in candidates(cleaning.request, cleaning)]
    assert names == ["かもめ", "ほたる"]
    (_first, second) = candidates(cleaning.request, cleaning)
    assert second.against == ["動ける曜日や時間を、まだ聞いていない", "ほかの地区の人", "ギルドでの活動は、はじめて"]
    # What counts is the municipality's to say.
    GuildRule.objects.create(weight_time=0, weight_district=0, weight_field=0)
    RequestSkill.objects.create(request=cleaning.request, skill=Skill.objects.create(name="車"), is_needed=False)
    SupporterSkill.objects.create(supporter=other, skill=Skill.objects.get(name="車"))
    RequestSkill.objects.create(request=cleaning.request, skill=Skill.objects.create(name="写真"), is_needed=False)
    first, second = candidates(cleaning.request, cleaning)
    assert (str(first.supporter), str(second.supporter)) == ("ほたる", "かもめ")
    assert first.reasons[:2] == ["必要なこと1個がすべてできる（草刈り）", "あるとよいこと2個のうち1個ができる（車）"]
    assert not any("あるとよい" in reason for reason in second.reasons)


def test_a_request_without_a_time_asks_for_none(helper: Supporter, ask_for_help: AskForHelp) -> None:
    (candidate,) = candidates(ask_for_help(insurance=Insurance.NONE))
    assert candidate.reasons == ["最近は頼んでいない"]


def test_who_left_is_on_neither_list(helper: Supporter, cleaning: Shift) -> None:
    Supporter.objects.update(status=SupporterStatus.LEFT, left_on=timezone.localdate())
    assert (candidates(cleaning.request, cleaning), left_out(cleaning.request, cleaning)) == ([], ([], 0))


def test_however_many_there_are_the_queries_are_the_same(helper: Supporter, cleaning: Shift) -> None:
    counts = []
    for number in range(2):
        with CaptureQueriesContext(connection) as asked:
            assert len(candidates(cleaning.request, cleaning)) == 1 + number
        counts.append(len(asked))
        other = Supporter.objects.create(nickname="ほたる", reach="anywhere")
        Consent.objects.create(supporter=other, purpose=ConsentPurpose.INTRODUCTION)
        SupporterSkill.objects.create(supporter=other, skill=Skill.objects.get())
    assert counts == [4, 4]


def test_partners_are_groups_that_look_for_some(ask_for_help: AskForHelp) -> None:
    here = District.objects.create(name="彦島", position=1)
    request = ask_for_help("音楽祭", kind=RequestKind.PARTNERS, district=here, field=6)
    asking = request.group
    assert asking
    Group.objects.filter(pk=asking.pk).update(tags=["音楽"], seeks_partners=True)
    for number, (published, seeks) in enumerate([(True, True), (True, True), (True, False), (False, True)], 50):
        group = Group.objects.create(
            number=number, name=f"{number}の会", kind="civic", is_published=published, seeks_partners=seeks
        )
        if number == 51:
            Group.objects.filter(pk=group.pk).update(tags=["音楽", "子ども"], district=here)
            GroupField.objects.create(group=group, field=6)
    request = HelpRequest.objects.get(pk=request.pk)
    found = partners(request)
    assert [(partner.group.number, partner.reasons) for partner in found] == [
        (51, ["同じ活動分野", "同じ地区", "同じことば：音楽"]),
        (50, []),
    ]
    Match.objects.create(request=request, partner=found[0].group)
    assert [partner.group.number for partner in partners(request)] == [50]


def test_partners_are_ranked_by_what_they_share_however_many_there_are(ask_for_help: AskForHelp) -> None:
    """Two of every twelve groups share one thing, one shares two, and one all three."""
    asking_district, other = (District.objects.create(name=name, position=1) for name in ("彦島", "長府"))
    request = ask_for_help("音楽祭", kind=RequestKind.PARTNERS, district=other)
    assert request.group
    Group.objects.filter(pk=request.group.pk).update(tags=["子ども", "音楽"], district=asking_district)
    GroupField.objects.create(group=request.group, field=6)
    request = HelpRequest.objects.select_related("group").get(pk=request.pk)

    def add(numbers: range) -> None:
        groups = Group.objects.bulk_create(
            Group(
                number=number,
                name=f"{number}の会",
                kind="civic",
                is_published=True,
                seeks_partners=True,
                district={4: other, 6: asking_district, 8: asking_district}.get(number % 12),
                tags=["音楽", "紙芝居", "子ども"] if number % 12 in (2, 6, 8) else ["紙芝居"],
            )
            for number in numbers
        )
        GroupField.objects.bulk_create(GroupField(group=group, field=6) for group in groups if group.number % 12 == 8)

    add(range(100, 112))
    with CaptureQueriesContext(connection) as few:
        partners(request)
    add(range(112, 460))
    with CaptureQueriesContext(connection) as many:
        found = partners(request, limit=100)
    assert len(many) == len(few)
    assert "LIMIT 100" in many[-1]["sql"]
    by_remainder = {
        remainder: [number for number in range(100, 460) if number % 12 == remainder] for remainder in range(12)
    }
    assert [partner.group.number for partner in found] == [
        *by_remainder[8],
        *by_remainder[6],
        *sorted(by_remainder[2] + by_remainder[4])[:40],
    ]
    words = "同じことば：子ども、音楽"
    reasons = {partner.group.number % 12: partner.reasons for partner in found}
    assert reasons == {8: ["同じ活動分野", "同じ地区", words], 6: ["同じ地区", words], 2: [words], 4: ["同じ地区"]}


# ---- pages ----


@pytest.fixture
def staff(signed_in: SignIn, shimonoseki: Municipality) -> Client:
    return signed_in(shimonoseki, Role.STAFF)


def test_staff_see_the_candidates_of_each_shift(staff: Client, helper: Supporter, cleaning: Shift) -> None:
    address = f"/shimonoseki/office/guild/requests/{cleaning.request_id}"
    sunday = shift_of(cleaning.request, next_weekday(Weekday.SUNDAY) + timedelta(days=7))
    page = staff.get(f"{address}/candidates/").content.decode()
    assert "必要なこと1個がすべてできる（草刈り）、土曜日のその時間に動ける" in page
    page = staff.get(f"{address}/candidates/?shift={sunday.pk}").content.decode()
    assert "候補になる人がいません" in page
    page = staff.get(f"{address}/left-out/?shift={sunday.pk}").content.decode()
    assert "その時間には動けません" in page
    assert "1人" in page
    needed = sunday.people_needed
    assert f"{needed}人のうち0人が決まっています。" in page
    Match.objects.create(
        request=sunday.request,
        shift=sunday,
        supporter=Supporter.objects.create(nickname="ほたる"),
        people=needed,
        state=MatchState.INTRODUCED,
        starts_at=sunday.starts_at,
        ends_at=sunday.ends_at,
    )
    page = staff.get(f"{address}/candidates/?shift={sunday.pk}").content.decode()
    assert f"{needed}人のうち{needed}人が決まっています。満員なので" in page
    for wrong in ("x", "9" * 30, str(sunday.pk + 100)):
        assert staff.get(f"{address}/candidates/?shift={wrong}").status_code == 404


def test_a_request_for_partners_shows_groups(staff: Client, ask_for_help: AskForHelp) -> None:
    request = ask_for_help("音楽祭", kind=RequestKind.PARTNERS)
    Group.objects.create(number=77, name="はまゆう会", kind="civic", is_published=True, seeks_partners=True)
    page = staff.get(f"/shimonoseki/office/guild/requests/{request.pk}/candidates/").content.decode()
    assert "はまゆう会" in page


def test_a_candidate_is_asked_and_one_who_is_none_any_more_is_not(
    staff: Client, helper: Supporter, cleaning: Shift
) -> None:
    address = f"/shimonoseki/office/guild/requests/{cleaning.request_id}/ask/{helper.pk}/?shift={cleaning.pk}"
    Consent.objects.update(withdrawn_at=timezone.now())
    assert "いまは候補から外れています" in staff.post(address, follow=True).content.decode()
    assert not Match.objects.exists()
    Consent.objects.create(supporter=helper, purpose=ConsentPurpose.INTRODUCTION)
    staff.post(address)
    match = Match.objects.get()
    assert (match.supporter, match.shift, match.state) == (helper, cleaning, MatchState.VOLUNTEER_ASKED)
    assert match.reasons[0] == "必要なこと1個がすべてできる（草刈り）"
    assert "もう声をかけてあります" in staff.post(address, follow=True).content.decode()
    assert Match.objects.get() == match


def test_a_group_is_asked_to_be_a_partner(staff: Client, ask_for_help: AskForHelp) -> None:
    request = ask_for_help("音楽祭", kind=RequestKind.PARTNERS)
    Group.objects.create(number=77, name="はまゆう会", kind="civic", is_published=True, seeks_partners=True)
    address = f"/shimonoseki/office/guild/requests/{request.pk}/ask-group"
    assert staff.post(f"{address}/{request.group.number}/").status_code == 404, "no group is its own partner"
    staff.post(f"{address}/77/")
    assert Match.objects.get().partner == Group.objects.get(number=77)
    assert "もう声をかけてあります" in staff.post(f"{address}/77/", follow=True).content.decode()


def test_a_group_is_asked_for_each_of_the_times(staff: Client, ask_for_help: AskForHelp) -> None:
    request = ask_for_help("音楽祭", kind=RequestKind.PARTNERS)
    Group.objects.create(number=77, name="はまゆう会", kind="civic", is_published=True, seeks_partners=True)
    days = [shift_of(request, next_weekday(day)) for day in (Weekday.SATURDAY, Weekday.SUNDAY)]
    address = f"/shimonoseki/office/guild/requests/{request.pk}"
    assert (
        f"{days[0].people_needed}団体のうち0団体が決まっています。"
        in staff.get(f"{address}/candidates/").content.decode()
    )
    assert (
        f"あと{days[0].people_needed}団体"
        in Client().get(f"/shimonoseki/guild/requests/{request.pk}/").content.decode()
    )
    for day in days:
        assert f"ask-group/77/?shift={day.pk}" in staff.get(f"{address}/candidates/?shift={day.pk}").content.decode()
        staff.post(f"{address}/ask-group/77/?shift={day.pk}")
        assert "ask-group" not in staff.get(f"{address}/candidates/?shift={day.pk}").content.decode()
    assert set(Match.objects.values_list("shift", flat=True)) == {day.pk for day in days}
