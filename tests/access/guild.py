"""The records that addresses of the guild name, for the access table."""

from datetime import time, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from civic.calendar import fiscal_year_of
from matching.models import Away, HelpRequest, Shift, Skill, Supporter, SupporterContact, SupporterStatus, SupporterTime
from matching.supporters.tokens import token_of

Arguments = dict[str, Any]


def _supporter(**values: Any) -> Supporter:
    supporter = Supporter.objects.create(nickname="かもめ", **values)
    SupporterContact.objects.create(supporter=supporter, name="ある人", email=f"{uuid4()}@example.jp")
    return supporter


def a_supporter() -> Arguments:
    return {"pk": _supporter().pk}


def a_supporter_and_this_year() -> Arguments:
    return a_supporter() | {"fiscal_year": fiscal_year_of(timezone.localdate())}


def a_joiners_link() -> Arguments:
    return {"token": token_of(_supporter(status=SupporterStatus.UNCONFIRMED))}


def a_time() -> Arguments:
    supporter = _supporter()
    row = SupporterTime.objects.create(supporter=supporter, weekday=5, starts=time(9), ends=time(12))
    return {"pk": supporter.pk, "time": row.pk}


def an_absence() -> Arguments:
    supporter, today = _supporter(), timezone.localdate()
    return {"pk": supporter.pk, "away": Away.objects.create(supporter=supporter, first_day=today, last_day=today).pk}


def a_skill() -> Arguments:
    return {"pk": Skill.objects.create(name=str(uuid4())).pk}


def a_shift() -> Arguments:
    """Of a draft of the centre's."""
    asked = HelpRequest.objects.create(title="ある募集", what="手伝い", when="土曜日", where="公民館", people_needed=1)
    begins = timezone.now() + timedelta(days=1)
    shift = Shift.objects.create(request=asked, starts_at=begins, ends_at=begins + timedelta(hours=1), people_needed=1)
    return {"number": asked.pk, "shift": shift.pk}
