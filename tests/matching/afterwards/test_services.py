"""Days of activity are told, confirmed and counted; few words are kept for staff."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from centres.periods import Period
from civic.accounts.models import Role, User
from civic.calendar import fiscal_year_of
from civic.measures.registry import find
from civic.tenancy.models import Municipality
from matching.afterwards import services
from matching.afterwards.queries import concerns
from matching.afterwards.statistics import Tally, statistics
from matching.introductions import answering
from matching.introductions.moving import NotPossible
from matching.models import (
    AgeBand,
    Feedback,
    LetterKind,
    Match,
    MatchState,
    NotAgain,
    Participation,
    QueueEntry,
    QueueKind,
    Side,
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


def test_nobody_tells_before_the_introduction(introduce: Introduce) -> None:
    match = introduce(state=State.GROUP_ASKED)
    with pytest.raises(ValidationError, match="紹介が決まってから"):
        services.tell(match, timezone.localdate(), Decimal(1))


def test_what_is_confirmed_is_not_taken_back(introduce: Introduce, clerk: User) -> None:
    match = introduce()
    mistaken = services.tell(match, timezone.localdate(), Decimal(8))
    services.take_back(mistaken)
    told = services.tell(match, timezone.localdate(), Decimal(2))
    services.confirm(told, by=clerk, hours=Decimal("1.5"))
    with pytest.raises(ValidationError, match="取り消せません"):
        services.take_back(told)
    assert (Participation.objects.get().hours, Participation.objects.get().confirmed_by) == (Decimal("1.5"), clerk)


def test_completing_confirms_what_was_told(introduce: Introduce, clerk: User) -> None:
    match = introduce()
    services.tell(match, timezone.localdate(), Decimal(2))
    services.complete(match, by=clerk)
    assert Participation.objects.get().confirmed_by == clerk
    with pytest.raises(NotPossible):
        services.complete(match, by=clerk)


def test_nobody_misses_what_has_not_begun(introduce: Introduce, clerk: User) -> None:
    coming = introduce(starts=timezone.now() + timedelta(hours=3))
    with pytest.raises(ValidationError, match="まだ始まっていない"):
        services.miss(coming, by=clerk)
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


def test_what_needs_care_is_found(introduce: Introduce) -> None:
    now = timezone.now()
    soon = introduce(state=State.GROUP_ASKED, starts=now + timedelta(days=2), people_needed=2)
    introduce(state=State.GROUP_ASKED, starts=now + timedelta(days=2), people_needed=1)
    introduce(state=State.GROUP_ASKED, starts=now + timedelta(days=9), people_needed=2)
    forgotten = introduce(starts=now - timedelta(days=20))
    introduce(starts=now - timedelta(days=3))
    found = concerns(now)
    assert [(shift.request, shift.taken) for shift in found.short_of_people] == [(soon.request, 1)]  # type: ignore[attr-defined]
    assert found.not_told == [forgotten]
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
    services.tell(match, timezone.localdate(), Decimal(2))
    services.complete(match, by=clerk)
    period = Period(fiscal_year_of(timezone.localdate()))
    before = statistics(period)
    (ages,) = [table.rows for table in before.tables if table.name == "age"]
    assert ages == [("70〜79歳", Tally(introduced=1, completed=1, hours=Decimal(2)))]

    supporters.end(match.supporter)
    supporters.purge(timezone.localdate() + timedelta(days=31))
    assert not SupporterContact.objects.exists()
    assert statistics(period) == before


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
