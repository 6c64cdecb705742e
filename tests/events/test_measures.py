"""What KPIs count of events, and the rows behind the figure."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from centres.events import services
from centres.events.models import Event, Satisfaction, SurveyAnswer
from centres.events.queries import course_surveys, held_events
from centres.registration.merging import merge
from civic.accounts.models import Role
from civic.calendar import fiscal_year_of
from civic.measures.registry import Counted, find
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from indicators.models import Actual, Closing, Indicator
from indicators.queries import counted_now, figures_of
from indicators.services import close_year
from tests.conftest import MakeMember
from tests.events.conftest import Book, MakeEvent, MakeGroup

LAST_WEEK = timedelta(days=-7)
YEAR = fiscal_year_of(timezone.localdate() + LAST_WEEK)


def answer(event: Event, *given: Satisfaction) -> None:
    SurveyAnswer.objects.bulk_create(SurveyAnswer(event=event, satisfaction=step, way="paper") for step in given)


def test_an_event_is_held_once_however_many_sessions_it_has(
    shimonoseki: Municipality, nagato: Municipality, make_event: MakeEvent
) -> None:
    with acting_as(nagato):
        make_event("長門の催し", LAST_WEEK)
    with acting_as(shimonoseki):
        make_event("三回の講座", LAST_WEEK, timedelta(days=-6), timedelta(days=5))
        make_event("これから", timedelta(days=3))
        make_event("中止", LAST_WEEK, status="cancelled", cancelled_because="台風")
        make_event("下書き", LAST_WEEK, status="draft", published_at=None)
        make_event("前の年度", timedelta(days=-400), is_sample=True)
        assert find("centres.events_held").count(YEAR) == Counted(Decimal(1), False)
        [row] = find("centres.events_held").rows(YEAR)
        assert (row.label, row.day) == ("三回の講座", timezone.localdate() + LAST_WEEK)
        years = [find("centres.events_held").count(year).has_samples for year in (YEAR - 2, YEAR - 1)]
        assert any(years)


def test_who_came_is_counted_at_each_session(shimonoseki: Municipality, make_event: MakeEvent, book: Book) -> None:
    with acting_as(shimonoseki):
        event = make_event("講座", LAST_WEEK, timedelta(days=-6), timedelta(days=-5))
        pair, single = book(event, "pair", 2), book(event, "single")
        first, second, _nobody_came = event.sessions.all()
        services.tick(pair, first, 2)
        services.tick(single, first, 1)
        services.tick(pair, second, 1)
        services.count_walk_ins(second, 4)
        measure = find("centres.event_participants")
        assert measure.count(YEAR).value == 8
        assert [row.value for row in measure.rows(YEAR)] == [3, 5]


def test_groups_that_met(shimonoseki: Municipality, make_event: MakeEvent, make_group: MakeGroup) -> None:
    with acting_as(shimonoseki):
        one, other, third = (make_group(name) for name in ("花の会", "海の会", "山の会"))
        exchange = make_event("交流会", LAST_WEEK, kind="online_exchange")
        services.introduce(exchange, other, one, "いっしょに植える")
        services.introduce(exchange, one, third, "")
        with pytest.raises(services.EventRefused, match="もう記録されて"):
            services.introduce(exchange, one, other, "")
        with pytest.raises(services.EventRefused, match="ちがう団体"):
            services.introduce(exchange, one, one, "")
        with pytest.raises(services.EventRefused, match="交流会とラウンドテーブル"):
            services.introduce(make_event("講座", LAST_WEEK), one, other, "")
        services.introduce(make_event("これから", timedelta(days=3), kind="exchange"), one, other, "")
        measure = find("centres.introductions")
        assert measure.count(YEAR).value == 2
        assert [row.label for row in measure.rows(YEAR)] == ["海の会・花の会", "花の会・山の会"]


def test_satisfaction_is_the_share_of_the_satisfied_with_its_answers(
    shimonoseki: Municipality, make_event: MakeEvent
) -> None:
    steps = Satisfaction
    with acting_as(shimonoseki):
        measure = find("centres.course_satisfaction")
        assert measure.count(YEAR).answers == 0
        answer(make_event("講座", LAST_WEEK), steps.VERY_SATISFIED, steps.SATISFIED, steps.NEITHER)
        answer(make_event("別の講座", LAST_WEEK), steps.SATISFIED, steps.DISSATISFIED, steps.VERY_DISSATISFIED)
        answer(make_event("まつり", LAST_WEEK, kind="event"), steps.VERY_DISSATISFIED)
        assert measure.count(YEAR) == Counted(Decimal("50.0"), False, 6)
        assert [row.value for row in measure.rows(YEAR)] == [100, 100, 0, 100, 0, 0]


def test_a_year_of_satisfaction_is_closed_with_its_answers(shimonoseki: Municipality, make_event: MakeEvent) -> None:
    with acting_as(shimonoseki):
        indicator = Indicator.objects.create(
            key="s", name="講座の満足度", unit="％", measure="centres.course_satisfaction", measured_from=YEAR - 1
        )
        assert figures_of(indicator) == {}, "no answers are no figure, and not 0 per cent"
        event = make_event("講座", LAST_WEEK)
        answer(event, *[Satisfaction.SATISFIED] * 5, Satisfaction.NEITHER)
        live = figures_of(indicator)[YEAR]
        assert (live.value, live.answers, live.is_hidden) == (Decimal("83.3"), 6, False)
        close_year([indicator], YEAR, None)
        close_year([indicator], YEAR - 1, None)
        frozen = Actual.objects.get()
        assert (frozen.fiscal_year, frozen.value, frozen.answers) == (YEAR, Decimal("83.3"), 6)
        assert Closing.objects.get(fiscal_year=YEAR - 1).value is None
        answer(event, Satisfaction.DISSATISFIED)
        assert (figures_of(indicator)[YEAR].value, counted_now(indicator, YEAR)) == (Decimal("83.3"), Decimal("71.4"))


def test_a_month_lists_what_was_held(
    shimonoseki: Municipality, make_event: MakeEvent, make_group: MakeGroup, book: Book
) -> None:
    day = timezone.localdate().replace(day=1) - timedelta(days=10)
    back = day - timezone.localdate()
    with acting_as(shimonoseki):
        event = make_event("交流会", back, back + timedelta(hours=4), timedelta(days=20), kind="exchange")
        make_event("中止", back, status="cancelled", cancelled_because="台風")
        booking = book(event, "pair", 2)
        for session in event.sessions.all()[:2]:
            services.tick(booking, session, 2)
        answer(event, Satisfaction.SATISFIED, Satisfaction.NEITHER)
        services.introduce(event, make_group("花の会"), make_group("海の会"), "")
        [held] = held_events(day.replace(day=1), day + timedelta(days=1))
        assert (held.event, held.sessions, held.people, held.introductions) == (event, 2, 4, 1)
        survey = held.survey
        assert (survey.answers, survey.satisfied, survey.people) == (2, 1, 2)
        assert (survey.satisfaction, survey.response_rate) == (50, 100)
        assert held_events(day - timedelta(days=365), day.replace(day=1) - timedelta(days=1)) == []


def test_the_surveys_of_courses_together(shimonoseki: Municipality, make_event: MakeEvent, book: Book) -> None:
    day = timezone.localdate() - timedelta(days=10)
    with acting_as(shimonoseki):
        counted, uncounted, before = (
            make_event("数えた", timedelta(-10)),
            make_event("数えない", timedelta(-10)),
            make_event("まえ", timedelta(-11)),
        )
        meeting = make_event("交流会", timedelta(-10), kind="exchange")
        services.count_walk_ins(counted.sessions.get(), 4)
        answer(counted, Satisfaction.SATISFIED)
        answer(uncounted, Satisfaction.SATISFIED, Satisfaction.NEITHER)
        for event in (before, meeting):
            answer(event, Satisfaction.VERY_DISSATISFIED)
        survey = course_surveys(day, day)
        assert (survey.answers, survey.satisfied) == (3, 2)
        assert (survey.people, survey.response_rate) == (4, 25), "of those who came where that was counted"
        answer(counted, *[Satisfaction.SATISFIED] * 5)
        assert course_surveys(day, day).response_rate == 100, "six answered, so six came, however many were counted"


@pytest.mark.django_db
def test_a_month_costs_four_queries(
    shimonoseki: Municipality, make_event: MakeEvent, django_assert_num_queries: object
) -> None:
    day = timezone.localdate().replace(day=1) - timedelta(days=10)
    with acting_as(shimonoseki):
        for number in range(3):
            make_event(f"講座{number}", day - timezone.localdate())
        with django_assert_num_queries(4):  # type: ignore[operator]
            assert len(held_events(day.replace(day=1), day)) == 3


def test_groups_that_become_one_keep_whom_they_met(
    shimonoseki: Municipality, make_event: MakeEvent, make_group: MakeGroup, member: MakeMember
) -> None:
    with acting_as(shimonoseki):
        double, friend, into = (make_group(name) for name in ("花の会（重複）", "海の会", "花の会"))
        met = services.introduce(make_event("交流会", LAST_WEEK, kind="exchange"), double, friend, "")
        merge(double, into, by=member(shimonoseki, Role.STAFF))
        met.refresh_from_db()
        assert {met.one, met.other} == {into, friend}
