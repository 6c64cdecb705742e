from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from centres.models import Group, GroupKind
from matching.introductions.moving import Actor, move
from matching.models import (
    HelpRequest,
    Match,
    MatchState,
    RequestKind,
    RequestStatus,
    Shift,
    Supporter,
    SupporterContact,
    Timing,
)

Introduce = Callable[..., Match]
WAY = [
    MatchState.VOLUNTEER_YES,
    MatchState.GROUP_ASKED,
    MatchState.GROUP_YES,
    MatchState.INTRODUCED,
]


@pytest.fixture
def introduce() -> Introduce:
    """Bring somebody and a new request together, as far as a state, in the municipality acted as."""

    def make(
        *,
        state: MatchState = MatchState.INTRODUCED,
        starts: datetime | None = None,
        people_needed: int = 1,
        is_partner: bool = False,
        nickname: str = "かもめ",
    ) -> Match:
        number = Group.objects.count() + 1
        group = Group.objects.create(number=number, name=f"花の会{number}", kind=GroupKind.CIVIC, is_published=True)
        request = HelpRequest.objects.create(
            kind=RequestKind.PARTNERS if is_partner else RequestKind.VOLUNTEERS,
            group=group,
            title=f"花の手入れ{number}",
            what="草をとります。",
            when="土曜日",
            where="公園",
            people_needed=people_needed,
            status=RequestStatus.OPEN,
            timing=Timing.ONCE if starts else Timing.OPEN,
        )
        time: dict[str, object] = {}
        made_at = timezone.now() - timedelta(days=10)
        if starts:
            ends = starts + timedelta(hours=2)
            shift = Shift.objects.create(request=request, starts_at=starts, ends_at=ends, people_needed=people_needed)
            time = {"shift": shift, "starts_at": starts, "ends_at": ends}
        if is_partner:
            other = Group.objects.create(
                number=number + 1, name=f"土の会{number}", kind=GroupKind.CIVIC, is_published=True
            )
            match = Match.objects.create(request=request, partner=other, made_at=made_at, **time)
        else:
            supporter = Supporter.objects.create(nickname=nickname)
            SupporterContact.objects.create(supporter=supporter, name="見本 かもめ", born_on=date(1954, 6, 1))
            match = Match.objects.create(request=request, supporter=supporter, made_at=made_at, **time)
        for step in WAY:
            answer_by = timezone.now() + timedelta(days=7) if step == MatchState.GROUP_ASKED else None
            move(match, step, actor=Actor.STAFF, answer_by=answer_by)
            if step == state:
                break
        return match

    return make
