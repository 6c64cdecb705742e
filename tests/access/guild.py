"""The records that addresses of the guild name, for the access table."""

from datetime import time
from typing import Any
from uuid import uuid4

from django.utils import timezone

from matching.models import Away, Skill, Supporter, SupporterContact, SupporterStatus, SupporterTime
from matching.supporters.tokens import token_of

Arguments = dict[str, Any]


def _supporter(**values: Any) -> Supporter:
    supporter = Supporter.objects.create(nickname="かもめ", **values)
    SupporterContact.objects.create(supporter=supporter, name="ある人", email=f"{uuid4()}@example.jp")
    return supporter


def a_supporter() -> Arguments:
    return {"pk": _supporter().pk}


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
