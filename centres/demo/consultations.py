"""Two years of consultations that nobody had: a month is compared with the same of last year."""

import csv
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from operator import itemgetter
from pathlib import Path
from random import Random

import jpholiday
from django.utils import timezone

from centres.models import (
    AskerKind,
    Centre,
    Consultation,
    ConsultationCategory,
    ConsultationInCategory,
    Group,
    Method,
    Referral,
    ReferralKind,
)
from centres.opening import SATURDAY, is_open
from civic.accounts.models import Role, User
from civic.tenancy.context import current_municipality

CONSULTATIONS = 1200
DAYS = 730
FIRST_HOUR, LAST_HOUR = 10, 17
METHODS = {Method.PHONE: 45, Method.VISIT: 35, Method.EMAIL: 12, Method.ONLINE: 5, Method.FAX: 2, Method.LETTER: 1}
ASKERS = {
    AskerKind.PERSON: 40,
    AskerKind.NPO: 35,
    AskerKind.PROMOTER: 12,
    AskerKind.COMPANY: 8,
    AskerKind.OTHER: 5,
}
MINUTES = {5: 10, 10: 20, 15: 25, 20: 15, 30: 15, 45: 8, 60: 5, 90: 2}
REFERRED = 0.08
RECENT = timedelta(days=14)


def add_consultations(random: Random) -> None:
    """Add two years of consultations up to yesterday, on days on which the centre was open."""
    with (Path(__file__).parent / "cases.csv").open() as rows:
        cases = list(csv.DictReader(rows))
    categories = {category.name: category for category in ConsultationCategory.objects.all()}
    groups = list(Group.objects.filter(is_sample=True).order_by("number"))
    staff = _staff()
    days = _open_days()
    taken = sorted(((random.choice(days), random.choice(cases)) for _ in range(CONSULTATIONS)), key=itemgetter(0))
    consultations = []
    for day, case in taken:
        (method,) = random.choices([*METHODS], [*METHODS.values()])
        (asker,) = random.choices([*ASKERS], [*ASKERS.values()])
        (minutes,) = random.choices([*MINUTES], [*MINUTES.values()])
        is_known_group = asker == AskerKind.NPO and random.random() < 0.6
        consultations.append(
            Consultation(
                received_at=_moment(random, day),
                method=method,
                asker_kind=asker,
                is_anonymous=not is_known_group,
                people=random.choice((1, 1, 1, 1, 2, 2, 3)) if method == Method.VISIT else 1,
                minutes=minutes,
                field=int(case["field"]) if case["field"] else None,
                summary=case["summary"],
                content=case["content"],
                answer=case["answer"],
                follow_up_on=_follow_up(random, day),
                group=random.choice(groups) if is_known_group else None,
                staff=random.choice(staff) if staff else None,
                is_sample=True,
            )
        )
    Consultation.objects.bulk_create(consultations)
    ConsultationInCategory.objects.bulk_create(
        ConsultationInCategory(consultation=consultation, category=categories[name])
        for consultation, (_day, case) in zip(consultations, taken, strict=True)
        for name in case["categories"].split()
    )
    Referral.objects.bulk_create(_referrals(random, consultations, groups))


def _referrals(random: Random, consultations: list[Consultation], groups: list[Group]) -> Iterator[Referral]:
    """Some who asked were led on: to a group, now and then to the guild."""
    for consultation in consultations:
        if random.random() < REFERRED:
            kind = random.choice((ReferralKind.GROUP, ReferralKind.GROUP, ReferralKind.GUILD))
            yield Referral(
                consultation=consultation,
                kind=kind,
                group=random.choice(groups) if kind == ReferralKind.GROUP else None,
                referred_on=timezone.localdate(consultation.received_at),
                staff=consultation.staff,
            )


def _staff() -> list[User]:
    """The sample accounts that work at the counter."""
    return list(
        User.objects.filter(
            is_sample=True,
            memberships__municipality=current_municipality(),
            memberships__role__in=[Role.MANAGER, Role.STAFF],
            memberships__ended_at=None,
        ).order_by("pk")
    )


def _open_days() -> list[date]:
    """The open days of the last two years. Without a centre's own rule, those on which offices work."""
    yesterday = timezone.localdate() - timedelta(days=1)
    days = [yesterday - timedelta(days=back) for back in range(DAYS)]
    centre = Centre.objects.exclude(rule="").first()
    if centre:
        return [day for day in days if is_open(centre, day)]
    return [day for day in days if day.weekday() < SATURDAY and not jpholiday.is_holiday(day)]


def _moment(random: Random, day: date) -> datetime:
    clock = time(random.randint(FIRST_HOUR, LAST_HOUR), random.randrange(0, 60, 5))
    return timezone.make_aware(datetime.combine(day, clock))


def _follow_up(random: Random, day: date) -> date | None:
    """Some recent consultations wait for a second talk; older ones are settled."""
    today = timezone.localdate()
    if today - day > RECENT or random.random() < 0.6:
        return None
    return today + timedelta(days=random.randint(-2, 10))
