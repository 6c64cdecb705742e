"""All needs together are judged as each by itself is."""

from datetime import datetime, time, timedelta
from random import Random

import numpy as np
import pytest
from django.utils import timezone

from centres.models import District, Group
from matching.introductions.judging import ALL_PAIRS, RANKED, Need, judge
from matching.models import (
    Away,
    Consent,
    ConsentPurpose,
    Insurance,
    Match,
    NotAgain,
    RequestSkill,
    Shift,
    Skill,
    Supporter,
    SupporterContact,
    SupporterDistrict,
    SupporterField,
    SupporterSkill,
    SupporterTime,
)
from tests.matching.conftest import AskForHelp

PEOPLE, REQUESTS = 40, 8


def guild(random: Random, ask_for_help: AskForHelp) -> list[Need]:
    """People and requests of all kinds, with what there may be between them."""
    today = timezone.localdate()
    districts = [District.objects.create(name=f"第{number}", position=number) for number in range(3)]
    skills = [Skill.objects.create(name=f"できること{number}") for number in range(3)]
    needs = []
    for number in range(REQUESTS):
        request = ask_for_help(
            f"募集{number}",
            district=random.choice([None, *districts]),
            field=random.choice([None, 1, 2]),
            minimum_age=random.choice([None, 16]),
            is_online=random.random() < 0.2,
            insurance=random.choice([Insurance.NONE, Insurance.NONE, Insurance.OWN]),
        )
        for skill in random.sample(skills, random.randint(0, 2)):
            RequestSkill.objects.create(request=request, skill=skill, is_needed=random.random() < 0.7)
        shift = None
        if random.random() < 0.7:
            day = today + timedelta(days=random.randint(5, 8))
            starts = datetime.combine(day, time(random.choice([9, 13])), timezone.get_default_timezone())
            shift = Shift.objects.create(
                request=request, starts_at=starts, ends_at=starts + timedelta(hours=2), people_needed=1
            )
        needs.append(Need(request, shift))
    groups = list(Group.objects.all())
    for number in range(PEOPLE):
        person = Supporter.objects.create(
            nickname=f"人{number}",
            reach=random.choice(["anywhere", "anywhere", "districts"]),
            helps_online=random.random() < 0.5,
            status=random.choice(["active"] * 9 + ["paused"]),
            insured_from=random.choice([None, today]),
        )
        SupporterContact.objects.create(
            supporter=person, name="氏名", born_on=today - timedelta(days=random.randint(12 * 365, 60 * 365))
        )
        if random.random() < 0.9:
            Consent.objects.create(supporter=person, purpose=ConsentPurpose.INTRODUCTION)
        for skill in random.sample(skills, random.randint(0, 3)):
            SupporterSkill.objects.create(supporter=person, skill=skill, level=random.randint(1, 3))
        SupporterDistrict.objects.create(supporter=person, district=random.choice(districts))
        SupporterField.objects.create(supporter=person, field=random.randint(1, 2))
        for weekday in random.sample(range(7), random.choice([0, 3, 5])):
            SupporterTime.objects.create(supporter=person, weekday=weekday, starts=time(9), ends=time(15))
        if random.random() < 0.2:
            Away.objects.create(supporter=person, first_day=today, last_day=today + timedelta(days=6))
        if random.random() < 0.2:
            NotAgain.objects.create(supporter=person, group=random.choice(groups), wished_by="supporter")
        if random.random() < 0.3:
            need = random.choice(needs)
            shift = need.shift
            hours = {"shift": shift, "starts_at": shift.starts_at, "ends_at": shift.ends_at} if shift else {}
            Match.objects.create(request=need.request, supporter=person, **hours)
    return needs


@pytest.mark.parametrize("seed", range(2))
def test_together_as_one_by_one(in_shimonoseki: object, ask_for_help: AskForHelp, seed: int) -> None:
    needs = guild(Random(seed), ask_for_help)
    together = {
        row["number"]: dict(zip(np.frombuffer(row["ids"], ">i8"), np.frombuffer(row["scores"], ">i4"), strict=True))
        for row in judge(ALL_PAIRS, needs)
    }
    by_itself = {
        number: {row["id"]: int(row["score"]) for row in judge(RANKED, [need], limit=PEOPLE)}
        for number, need in enumerate(needs)
    }
    assert together == {number: found for number, found in by_itself.items() if found}
    assert sum(len(found) for found in together.values()) > REQUESTS, "or nothing was compared"
