"""Days of activity are told, confirmed and counted; few words are kept for staff."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from centres.periods import Period
from civic.accounts.models import Role, User
from civic.audit.models import Change
from civic.calendar import era_date, fiscal_year_of
from civic.measures.registry import find
from civic.tenancy.models import Municipality
from matching.afterwards import services
from matching.afterwards.queries import Activity, activities_for, activities_of, activity_in, concerns, confirmed_days
from matching.afterwards.statistics import Tally, statistics
from matching.introductions import answering, withdrawing
from matching.introductions.moving import Actor, NotPossible, move
from matching.models import (
    AgeBand,
    Feedback,
    HelpRequest,
    LetterKind,
    Match,
    MatchState,
    NotAgain,
    Participation,
    QueueEntry,
    QueueKind,
    Side,
    Supporter,
    SupporterContact,
)
from matching.supporters import services as supporters
from tests.conftest import MakeMember
from tests.matching.afterwards.conftest import Introduce

State = MatchState
pytestmark = pytest.mark.usefixtures("in_shimonoseki")


@pytest.fixture
def clerk(shimonoseki: Municipality, member: MakeMember) -> User:
    return member(shimonoseki, Role.STAFF)


def test_the_first_day_makes_an_introduction_an_activity(introduce: Introduce) -> None:
    match = introduce()
    services.tell(match, timezone.localdate(), Decimal("1.5"), "受付")
    services.tell(match, timezone.localdate() - timedelta(days=1), Decimal(2))
    match.refresh_from_db()
    assert match.state == State.ACTIVE
    assert [step.state for step in match.steps.all()][-1] == State.ACTIVE
    assert match.participations.count() == 2


def test_a_day_is_told_once_and_never_beforehand(introduce: Introduce) -> None:
    match = introduce()
    services.tell(match, timezone.localdate(), Decimal(1))
    with pytest.raises(ValidationError, match="もう記録して"):
        services.tell(match, timezone.localdate(), Decimal(2))
    with pytest.raises(ValidationError, match="これからの日"):
        services.tell(match, timezone.localdate() + timedelta(days=1), Decimal(2))
    assert Participation.objects.get().hours == 1


def test_a_day_lies_within_the_activity(introduce: Introduce) -> None:
    today = timezone.localdate()
    agreed = introduce(starts=timezone.now() - timedelta(days=5))
    with pytest.raises(ValidationError, match=f"この活動は、{era_date(today - timedelta(days=5))}からです"):
        services.tell(agreed, today - timedelta(days=6), Decimal(2))
    services.tell(agreed, today - timedelta(days=4), Decimal(2), "雨で1日のばした")
    whenever = introduce()
    with pytest.raises(ValidationError, match="からです"):
        services.tell(whenever, timezone.localdate(whenever.made_at) - timedelta(days=1), Decimal(2))
    assert Participation.objects.get().match == agreed


def test_a_day_is_confirmed_once(introduce: Introduce, clerk: User, shimonoseki: Municipality) -> None:
    told = services.tell(introduce(), timezone.localdate(), Decimal(2))
    services.confirm(told, by=clerk)
    confirmed_at = Participation.objects.get().confirmed_at
    with pytest.raises(ValidationError, match="もう確認されたか"):
        services.confirm(told, by=User.objects.create_user("second@example.jp"))
    stands = Participation.objects.get()
    assert (stands.confirmed_by, stands.confirmed_at) == (clerk, confirmed_at)
    services.remove(told)
    with pytest.raises(ValidationError, match="取り消されています"):
        services.confirm(told, by=clerk)


def test_staff_put_a_day_right_and_it_stays_confirmed(introduce: Introduce, clerk: User) -> None:
    today = timezone.localdate()
    match = introduce()
    told = services.tell(match, today, Decimal(20), "受付")
    services.tell(match, today - timedelta(days=1), Decimal(1))
    services.confirm(told, by=clerk)
    for wrong in (today + timedelta(days=1), today - timedelta(days=11), today - timedelta(days=1)):
        with pytest.raises(ValidationError):
            services.correct(told, wrong, Decimal(2))
    stands = Participation.objects.get(pk=told.pk)
    assert (stands.day, stands.hours, stands.note) == (today, 20, "受付")
    services.correct(told, today - timedelta(days=2), Decimal(2), "受付と片づけ")
    stands.refresh_from_db()
    assert (stands.day, stands.hours, stands.note) == (today - timedelta(days=2), 2, "受付と片づけ")
    assert stands.confirmed_by == clerk
    assert find("matching.hours").count(fiscal_year_of(stands.day)).value == 2


def test_what_was_called_off_midway_keeps_its_days_on_both_sides(introduce: Introduce) -> None:
    never, midway = introduce(), introduce()
    services.tell(midway, timezone.localdate(), Decimal(2))
    for match in (never, midway):
        withdrawing.cancel(match, actor=Actor.VOLUNTEER, reason="引っ越し")
    assert list(activities_of(Supporter.objects.all())) == [midway]
    assert list(activities_for(midway.request.group)) == [midway]


def test_two_activities_of_one_day_are_one_day(introduce: Introduce, clerk: User) -> None:
    today = timezone.localdate()
    morning, afternoon = introduce(), introduce()
    Match.objects.filter(pk=afternoon.pk).update(supporter=morning.supporter)
    for match in (morning, afternoon):
        services.confirm(services.tell(match, today, Decimal(2)), by=clerk)
    own = confirmed_days(Supporter.objects.filter(pk=morning.supporter_id), fiscal_year_of(today))
    assert (len(own), activity_in(own)) == (2, Activity(days=1, hours=Decimal(4)))


def test_nobody_tells_before_the_introduction(introduce: Introduce) -> None:
    match = introduce(state=State.GROUP_ASKED)
    with pytest.raises(ValidationError, match="紹介が決まってから"):
        services.tell(match, timezone.localdate(), Decimal(1))


def test_what_is_confirmed_is_not_taken_back(introduce: Introduce, clerk: User) -> None:
    match = introduce()
    mistaken = services.tell(match, timezone.localdate(), Decimal(8))
    services.take_back(mistaken)
    told = services.tell(match, timezone.localdate(), Decimal(2))
    services.confirm(told, by=clerk)
    with pytest.raises(ValidationError, match="取り消せません"):
        services.take_back(told)
    assert (Participation.objects.get().hours, Participation.objects.get().confirmed_by) == (2, clerk)


def test_completing_confirms_what_was_told(introduce: Introduce, clerk: User) -> None:
    match = introduce()
    services.tell(match, timezone.localdate(), Decimal(2))
    services.complete(match, by=clerk)
    assert Participation.objects.get().confirmed_by == clerk
    with pytest.raises(NotPossible):
        services.complete(match, by=clerk)


def test_nothing_is_done_or_missed_before_it_has_begun(introduce: Introduce, clerk: User) -> None:
    coming = introduce(starts=timezone.now() + timedelta(hours=3))
    with pytest.raises(ValidationError, match="まだ始まっていない"):
        services.miss(coming, by=clerk)
    with pytest.raises(ValidationError, match="まだ始まっていない"):
        services.complete(coming, by=clerk)
    past = introduce(starts=timezone.now() - timedelta(days=1))
    services.miss(past, by=clerk)
    assert Match.objects.get(pk=past.pk).state == State.NO_SHOW
    assert (QueueEntry.objects.get().kind, QueueEntry.objects.get().match) == (QueueKind.NO_SHOW, past)
    assert [(supporter, supporter.times_missed) for supporter in concerns(timezone.now()).missed] == [  # type: ignore[attr-defined]
        (past.supporter, 1)
    ]


def test_words_afterwards_are_kept_once_a_side_and_a_wish_is_a_rule(introduce: Introduce) -> None:
    match = introduce()
    with pytest.raises(ValidationError, match="活動のあと"):
        services.give_feedback(match, Side.VOLUNTEER, 5, "", not_again=False)
    services.tell(match, timezone.localdate(), Decimal(2))
    match.refresh_from_db()
    services.give_feedback(match, Side.VOLUNTEER, 5, "楽しかった", not_again=False)
    services.give_feedback(match, Side.VOLUNTEER, 2, "よく考えると", not_again=True)
    services.give_feedback(match, Side.GROUP, 4, "", not_again=False)
    assert [(given.side, given.satisfaction) for given in Feedback.objects.all()] == [("volunteer", 2), ("group", 4)]
    assert (NotAgain.objects.get().supporter, NotAgain.objects.get().wished_by) == (match.supporter, "supporter")


def test_what_needs_care_is_found(introduce: Introduce, clerk: User) -> None:
    now = timezone.now()
    soon = introduce(state=State.GROUP_ASKED, starts=now + timedelta(days=2), people_needed=2)
    introduce(state=State.GROUP_ASKED, starts=now + timedelta(days=2), people_needed=1)
    introduce(state=State.GROUP_ASKED, starts=now + timedelta(days=9), people_needed=2)
    forgotten, begun, recent, unbegun, without_time = (
        introduce(starts=now - timedelta(days=20)),
        introduce(starts=now - timedelta(days=19)),
        introduce(starts=now - timedelta(days=3)),
        introduce(),
        introduce(),
    )
    # The clock, or a first day, makes activities of introductions: they are no less forgotten.
    move(begun, State.ACTIVE, actor=Actor.CLOCK)
    Match.objects.filter(pk__in=[unbegun.pk, without_time.pk]).update(made_at=now - timedelta(days=31))
    days = [services.tell(match, timezone.localdate(now), Decimal(1)) for match in (begun, without_time, recent)]
    Participation.objects.filter(pk__in=[day.pk for day in days[:2]]).update(told_at=now - timedelta(days=15))
    services.confirm(days[0], by=clerk)
    HelpRequest.objects.filter(pk=recent.request_id).update(group=None)
    found = concerns(now)
    assert [(shift.request, shift.taken) for shift in found.short_of_people] == [(soon.request, 1)]  # type: ignore[attr-defined]
    assert {match.pk for match in found.unfinished} == {forgotten.pk, begun.pk, unbegun.pk}
    assert {day.pk for day in found.unconfirmed} == {days[1].pk, days[2].pk}
    assert found.missed == []


def test_the_years_figures_are_their_rows(introduce: Introduce, clerk: User) -> None:
    """Scenario 6: what the plan's page counts is what its rows add up to, and statistics say the same."""
    done, partly, partners = introduce(), introduce(), introduce(is_partner=True)
    services.tell(done, timezone.localdate(), Decimal("2.5"))
    services.tell(partly, timezone.localdate(), Decimal(4))
    services.complete(done, by=clerk)
    services.complete(partners, by=clerk)
    year = fiscal_year_of(timezone.localdate())
    figures = {
        name: find(f"matching.{name}").count(year).value
        for name in ("completed_matches", "partner_matches", "active_supporters", "hours")
    }
    assert figures == {"completed_matches": 1, "partner_matches": 1, "active_supporters": 1, "hours": Decimal("2.5")}
    for name, figure in figures.items():
        assert sum(row.value for row in find(f"matching.{name}").rows(year)) == figure
    total = statistics(Period(year)).total
    assert (total.introduced, total.completed, total.hours) == (3, 2, Decimal("2.5"))


def test_the_days_until_an_introduction_are_a_mean(introduce: Introduce) -> None:
    for days in (2, 5):
        match = introduce()
        match.request.posted_on = timezone.localdate() - timedelta(days=days)
        match.request.save()
    counted = find("matching.days_to_introduction").count(fiscal_year_of(timezone.localdate()))
    assert (counted.value, counted.answers) == (Decimal("3.5"), 2)


def test_who_leaves_stays_in_the_figures_of_their_age(introduce: Introduce, clerk: User) -> None:
    match = introduce()
    services.tell(match, timezone.localdate(), Decimal(2), "娘と受付")
    services.complete(match, by=clerk)
    for side in Side:
        services.give_feedback(Match.objects.get(pk=match.pk), side, 4, "足が悪いのに、よく来ました。", not_again=False)
    period = Period(fiscal_year_of(timezone.localdate()))
    (ages,) = [table.rows for table in statistics(period).tables if table.name == "age"]
    assert ages == [("70〜79歳", Tally(introduced=1, completed=1, hours=Decimal(2)))]

    # A page that was open before writes nothing over it.
    stale = introduce(state=State.GROUP_YES)
    move(Match.objects.get(pk=stale.pk), State.INTRODUCED, actor=Actor.CLOCK)
    stale.state = State.INTRODUCED
    move(stale, State.ACTIVE, actor=Actor.CLOCK)
    assert Match.objects.get(pk=stale.pk).age_band == AgeBand.FROM_70

    before = statistics(period)
    supporters.end(match.supporter)
    supporters.purge(timezone.localdate() + timedelta(days=31))
    assert not SupporterContact.objects.filter(supporter=match.supporter).exists()
    assert statistics(period) == before
    assert Participation.objects.get(match=match).note == ""
    assert [(said.words, said.satisfaction) for said in Feedback.objects.all()] == [("", 4), ("", 4)]
    assert not Change.objects.filter(Q(before__icontains="娘と") | Q(after__icontains="娘と")).exists()


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (date(2008, 11, 23), AgeBand.UNDER_AGE),
        (date(2008, 11, 22), AgeBand.FROM_18),
        (date(1996, 11, 22), AgeBand.FROM_30),
        (date(1920, 1, 1), AgeBand.FROM_80),
        (None, None),
    ],
)
def test_a_band_begins_with_a_birthday(born: date | None, band: AgeBand | None) -> None:
    assert AgeBand.on(date(2026, 11, 22), born) == band


def test_what_was_said_by_mistake_counts_no_more(introduce: Introduce, clerk: User) -> None:
    match = introduce()
    services.complete(match, by=clerk)
    with pytest.raises(ValidationError, match="取り消す理由"):
        answering.reopen(match, by=clerk, comment="")
    answering.reopen(match, by=clerk, comment="まだ続いています。")
    year = fiscal_year_of(timezone.localdate())
    assert find("matching.completed_matches").count(year).value == 0
    assert statistics(Period(year)).total.completed == 0
    services.complete(match, by=clerk)
    assert find("matching.completed_matches").count(year).value == 1
    assert statistics(Period(year)).total.completed == 1
    assert match.letters.filter(kind=LetterKind.THANKS, side=Side.VOLUNTEER).count() == 1
