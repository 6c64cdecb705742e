"""Sample introductions that show a year of the guild: most are done, some wait for an answer. All marked サンプル."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from django.utils import timezone

from centres.models import Group
from matching.introductions import queue
from matching.models import (
    AgeBand,
    Feedback,
    HelpRequest,
    Match,
    MatchState,
    MatchStep,
    Participation,
    QueueKind,
    RequestKind,
    RequestStatus,
    Side,
    Supporter,
    SupporterStatus,
)

State = MatchState
Actor = MatchStep.Actor
DONE, MISSED, CANCELLED = 15, 1, 2
PARTNERS = 3
# Nobody heard of it again; the group has not confirmed its day.
LEFT_OPEN = [State.INTRODUCED, State.ACTIVE]
WAITING = (State.VOLUNTEER_ASKED, State.VOLUNTEER_ASKED, State.GROUP_ASKED, State.INTRODUCED)
# The way of a match, each step some days after the one before.
WAY = [
    (State.VOLUNTEER_ASKED, Actor.STAFF, 1),
    (State.VOLUNTEER_YES, Actor.VOLUNTEER, 2),
    (State.GROUP_ASKED, Actor.VOLUNTEER, 0),
    (State.GROUP_YES, Actor.GROUP, 2),
    (State.INTRODUCED, Actor.GROUP, 0),
]
ENDS = {
    State.ACTIVE: Actor.VOLUNTEER,
    State.COMPLETED: Actor.GROUP,
    State.NO_SHOW: Actor.GROUP,
    State.CANCELLED: Actor.VOLUNTEER,
}
NOTES = ("受付", "会場の準備", "参加者の案内", "片づけ", "")
WORDS = (
    "はじめてでも、ていねいに教えてくださいました。",
    "時間どおりに来てくださり、とても助かりました。",
    "次の機会にも、ぜひお願いしたいです。",
    "",
)
TOGETHER = ("合同の防災訓練", "地区の清掃と交流会", "子どもと高齢者のお茶会")


@dataclass
class _Course:
    """A match, how it goes, and when it began to."""

    match: Match
    began: datetime
    ends_as: MatchState


def load_demo(random: Random) -> None:
    """Add introductions between sample supporters and sample groups, unless there are some. Run inside `acting_as`.

    To be called once sample supporters and sample requests are there; without supporters or groups none is made.
    """
    active = Supporter.objects.filter(is_sample=True, status=SupporterStatus.ACTIVE)
    supporters = list(active.select_related("contact").order_by("pk"))
    groups = list(Group.objects.filter(is_sample=True, is_published=True).select_related("district").order_by("number"))
    if Match.objects.filter(is_sample=True).exists() or not supporters or not groups:
        return
    courses = [*_past(random, supporters, groups), *_partners(random, groups), *_present(random, supporters)]
    Match.objects.bulk_create(course.match for course in courses)
    MatchStep.objects.bulk_create(step for course in courses for step in _steps(course))
    done = [course for course in courses if course.ends_as == State.COMPLETED and course.match.supporter]
    told = [*done, *(course for course in courses if course.ends_as == State.ACTIVE)]
    Participation.objects.bulk_create(_day(random, course) for course in told)
    Feedback.objects.bulk_create(_words(random, course, side) for course in done for side in Side)
    _fill_queue(courses, supporters)


def _past(random: Random, supporters: list[Supporter], groups: list[Group]) -> Iterator[_Course]:
    """What is over, spread over the year until now."""
    with (Path(__file__).parent.parent / "demo_requests.csv").open() as file:
        asked = [row for row in csv.DictReader(file) if row["kind"] == RequestKind.VOLUNTEERS]
    now = timezone.now()
    ends = [State.COMPLETED] * DONE + [State.NO_SHOW] * MISSED + [State.CANCELLED] * CANCELLED + LEFT_OPEN
    for position, ends_as in enumerate(ends):
        row = asked[position % len(asked)]
        began = now - timedelta(days=30 + position % DONE * 18 + random.randint(0, 10))
        group = random.choice(groups)
        request = HelpRequest.objects.create(
            group=group,
            district=group.district,
            title=row["title"],
            what=row["what"],
            when=row["when"],
            where=row["where"],
            field=int(row["field"]),
            people_needed=int(row["people"]),
            status=RequestStatus.CLOSED,
            posted_on=timezone.localdate(began) - timedelta(days=random.randint(2, 12)),
            is_sample=True,
        )
        supporter = random.choice(supporters)
        match = Match(
            request=request,
            supporter=supporter,
            age_band=AgeBand.on(began.date(), supporter.contact.born_on),
            state=ends_as,
            made_at=began,
            is_sample=True,
        )
        yield _Course(match, began, ends_as)


def _partners(random: Random, groups: list[Group]) -> Iterator[_Course]:
    """Groups that found one another."""
    now = timezone.now()
    for position, title in enumerate(TOGETHER):
        asking, partner = random.sample(groups, 2) if len(groups) > 1 else (None, None)
        if asking is None:
            return
        began = now - timedelta(days=40 + position * 60)
        request = HelpRequest.objects.create(
            kind=RequestKind.PARTNERS,
            group=asking,
            title=title,
            what="いっしょに企画し、当日の役割を分けます。",
            offers="会場と、広報の手伝いを出せます。",
            when="相談して決めます",
            where="地区の公民館",
            people_needed=1,
            status=RequestStatus.CLOSED,
            posted_on=timezone.localdate(began) - timedelta(days=5),
            is_sample=True,
        )
        match = Match(request=request, partner=partner, state=State.COMPLETED, made_at=began, is_sample=True)
        yield _Course(match, began, State.COMPLETED)


def _present(random: Random, supporters: list[Supporter]) -> Iterator[_Course]:
    """What runs now, for open requests whose time is still to be agreed on."""
    now = timezone.now()
    open_ones = HelpRequest.objects.filter(
        is_sample=True, kind=RequestKind.VOLUNTEERS, status=RequestStatus.OPEN, shifts=None
    )
    asked = random.sample(supporters, min(len(supporters), len(WAITING)))
    for request, supporter, state in zip(open_ones.order_by("pk"), asked, WAITING, strict=False):
        began = now - timedelta(days=sum(days for _state, _actor, days in WAY))
        is_asked = state in (State.VOLUNTEER_ASKED, State.GROUP_ASKED)
        match = Match(
            request=request,
            supporter=supporter,
            age_band=AgeBand.on(began.date(), supporter.contact.born_on) if state == State.INTRODUCED else None,
            state=state,
            made_at=began,
            answer_by=now + timedelta(days=5) if is_asked else None,
            is_sample=True,
        )
        yield _Course(match, began, state)


def _fill_queue(courses: list[_Course], supporters: list[Supporter]) -> None:
    """What needs a hand: somebody new to be greeted, and a request for which nobody was found yet."""
    now = timezone.now()
    newest = max(supporters, key=lambda supporter: supporter.registered_on)
    queue.add(QueueKind.GREET_SUPPORTER, now + timedelta(days=3), supporter=newest)
    taken = [course.match.request_id for course in courses]
    alone = HelpRequest.objects.filter(is_sample=True, status=RequestStatus.OPEN).exclude(pk__in=taken).first()
    if alone:
        queue.add(QueueKind.FIND_PEOPLE, now + timedelta(days=1), request=alone)


def _steps(course: _Course) -> Iterator[MatchStep]:
    at = course.began
    for state, actor, days in WAY:
        at += timedelta(days=days)
        yield MatchStep(match=course.match, state=state, actor=actor, at=at)
        if state == course.ends_as:
            return
    yield MatchStep(match=course.match, state=course.ends_as, actor=ENDS[course.ends_as], at=at + timedelta(days=7))


def _day(random: Random, course: _Course) -> Participation:
    ended = course.began + timedelta(days=sum(days for _state, _actor, days in WAY) + 6)
    return Participation(
        match=course.match,
        day=timezone.localdate(ended),
        hours=Decimal(random.randint(4, 16)) / 4,
        note=random.choice(NOTES),
        told_at=ended,
        confirmed_at=ended + timedelta(days=1) if course.ends_as == State.COMPLETED else None,
        is_sample=True,
    )


def _words(random: Random, course: _Course, side: Side) -> Feedback:
    return Feedback(
        match=course.match,
        side=side,
        satisfaction=random.choice([3, 4, 4, 5, 5]),
        words=random.choice(WORDS),
        given_at=course.began + timedelta(days=14),
    )
