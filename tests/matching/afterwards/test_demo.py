"""The sample year: as told by what counts it, the same each time, and once."""

from datetime import date
from random import Random

import pytest
from django.utils import timezone

from centres.models import District, Group, GroupKind
from civic.calendar import fiscal_year_of
from civic.measures.registry import find
from civic.tenancy.models import Municipality
from matching.afterwards.demo import DONE, MISSED, PARTNERS, load_demo
from matching.afterwards.queries import concerns
from matching.models import (
    Feedback,
    Match,
    MatchState,
    MatchStep,
    Participation,
    QueueEntry,
    Supporter,
    SupporterContact,
)

pytestmark = pytest.mark.usefixtures("in_shimonoseki")


@pytest.fixture
def directory(in_shimonoseki: Municipality) -> None:
    district = District.objects.create(name="見本地区", position=1)
    for number in (1, 2):
        Group.objects.create(
            number=number,
            name=f"見本の会{number}",
            kind=GroupKind.CIVIC,
            is_published=True,
            is_sample=True,
            district=district,
        )
    for nickname in ("かもめ", "ちどり", "つくし"):
        supporter = Supporter.objects.create(nickname=nickname, is_sample=True)
        SupporterContact.objects.create(supporter=supporter, name=f"見本 {nickname}", born_on=date(1960, 4, 1))


def test_without_supporters_nothing_is_made() -> None:
    load_demo(Random("seed"))
    assert not Match.objects.exists()


@pytest.mark.usefixtures("directory")
def test_a_year_of_the_guild_is_there_once() -> None:
    load_demo(Random("seed"))
    load_demo(Random("another"))
    states = list(Match.objects.values_list("state", flat=True))
    assert states.count(MatchState.COMPLETED) == DONE + PARTNERS
    assert states.count(MatchState.NO_SHOW) == MISSED
    assert Participation.objects.exclude(confirmed_at=None).count() == DONE
    left_open = concerns(timezone.now())
    assert [match.state for match in left_open.unfinished] == [MatchState.INTRODUCED]
    assert [day.match.state for day in left_open.unconfirmed] == [MatchState.ACTIVE]
    assert Feedback.objects.count() == 2 * DONE
    assert QueueEntry.objects.count() == 1
    this_year = fiscal_year_of(timezone.localdate())
    completed = find("matching.completed_matches")
    assert sum(completed.count(year).value for year in (this_year - 1, this_year)) == DONE
    assert not Match.objects.filter(state=MatchState.COMPLETED, supporter__isnull=False, age_band=None).exists()
    assert not MatchStep.objects.filter(at__gt=timezone.now()).exists()
