"""Reading what came of introductions: each page's list in a fixed number of queries."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from centres.models import Group
from civic.calendar import fiscal_year_days, fiscal_year_of
from matching.models import (
    HOLDING,
    Feedback,
    Match,
    MatchState,
    MatchStep,
    Participation,
    RequestStatus,
    Shift,
    Supporter,
)

State = MatchState
# What is over is said to be done within this time, and a day that was told is confirmed; else staff ask.
DAYS_TO_TELL = 14
# Within this time an introduction without a time of its own becomes an activity; else staff ask.
DAYS_TO_BEGIN = 30
# How near a shift with free places is before it is at risk.
DAYS_AT_RISK = 7
# For how long it is remembered that somebody did not come.
DAYS_REMEMBERED = 365


INTRODUCED = [State.INTRODUCED, State.ACTIVE, State.COMPLETED, State.NO_SHOW]
"""The states of a match that came to an introduction and was not taken back."""


def _activities(matches: QuerySet[Match]) -> QuerySet[Match]:
    """What came of an introduction, the newest first, with its days; what was called off midway has some as well."""
    has_days = Exists(Participation.objects.filter(match=OuterRef("pk")))
    return (
        matches.filter(Q(state__in=INTRODUCED) | has_days)
        .select_related("request__group", "supporter", "partner", "shift")
        .prefetch_related("participations", "feedbacks")
        .order_by(Coalesce("starts_at", "made_at").desc(), "-pk")
    )


def activities_of(supporters: QuerySet[Supporter]) -> QuerySet[Match]:
    """Return what supporters were introduced for, newest first, with their days."""
    return _activities(Match.objects.filter(supporter__in=supporters))


def activities_for(group: Group) -> QuerySet[Match]:
    """Return who was introduced to a group for its requests, newest first, with their days."""
    return _activities(Match.objects.filter(request__group=group))


def confirmed_days(supporters: QuerySet[Supporter], fiscal_year: int) -> QuerySet[Participation]:
    """Return the days of activity in a fiscal year that were confirmed, the earliest first."""
    return (
        Participation.objects.filter(
            match__supporter__in=supporters, confirmed_at__isnull=False, day__range=fiscal_year_days(fiscal_year)
        )
        .select_related("match__request__group")
        .order_by("day", "pk")
    )


def first_fiscal_year(supporters: QuerySet[Supporter], this_year: int) -> int:
    """Return the fiscal year of the first day that was told, or this one."""
    first = Participation.objects.filter(match__supporter__in=supporters).aggregate(day=Min("day"))["day"]
    return fiscal_year_of(first) if first else this_year


@dataclass(frozen=True)
class Activity:
    """How much somebody did: the hours, and on how many days, of which one may have seen two activities."""

    days: int
    hours: Decimal


def activity_in(days: QuerySet[Participation]) -> Activity:
    """Add up some days of activity."""
    return Activity(**days.aggregate(days=Count("day", distinct=True), hours=Coalesce(Sum("hours"), Decimal(0))))


@dataclass(frozen=True)
class Concerns:
    """What a coordinator looks at before it goes wrong."""

    short_of_people: list[Shift]
    unfinished: list[Match]
    unconfirmed: list[Participation]
    missed: list[Supporter]


def concerns(now: datetime) -> Concerns:
    """Return open requests that begin soon and lack people, what is over and left open, and who missed an activity."""
    taken = Coalesce(Sum("matches__people", filter=Q(matches__state__in=HOLDING)), 0)
    short = (
        Shift.objects.filter(
            request__status=RequestStatus.OPEN, starts_at__gt=now, starts_at__lt=now + timedelta(days=DAYS_AT_RISK)
        )
        .annotate(taken=taken)
        .filter(taken__lt=F("people_needed"))
        .select_related("request__group")
        .order_by("starts_at", "pk")
    )
    long_over = Q(state__in=[State.INTRODUCED, State.ACTIVE], ends_at__lt=now - timedelta(days=DAYS_TO_TELL))
    never_begun = Q(state=State.INTRODUCED, ends_at=None, made_at__lt=now - timedelta(days=DAYS_TO_BEGIN))
    unfinished = (
        Match.objects.filter(long_over | never_begun)
        .select_related("request__group", "supporter", "partner")
        .order_by("made_at", "pk")
    )
    # Of the centre's own requests staff alone can confirm a day.
    waits = Q(match__request__group=None) | Q(told_at__lt=now - timedelta(days=DAYS_TO_TELL))
    unconfirmed = (
        Participation.objects.filter(waits, confirmed_at=None)
        .select_related("match__request__group", "match__supporter")
        .order_by("day", "pk")
    )
    missed = Q(matches__state=State.NO_SHOW, matches__steps__state=State.NO_SHOW)
    recently = missed & Q(matches__steps__at__gte=now - timedelta(days=DAYS_REMEMBERED))
    missing = (
        Supporter.objects.annotate(times_missed=Count("matches", filter=recently, distinct=True))
        .filter(times_missed__gt=0)
        .order_by("-times_missed", "pk")
    )
    return Concerns(list(short), list(unfinished), list(unconfirmed), list(missing))


def feedbacks() -> QuerySet[Feedback]:
    """Return what both sides said, the newest first."""
    return Feedback.objects.select_related("match__request__group", "match__supporter", "match__partner").order_by(
        "-given_at", "-pk"
    )


def first_introduction() -> date | None:
    """Return the day of the first introduction, or None."""
    at = MatchStep.objects.filter(state=State.INTRODUCED).aggregate(at=Min("at"))["at"]
    return timezone.localdate(at) if at else None
