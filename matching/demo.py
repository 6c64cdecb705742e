"""Sample supporters and requests that show the guild at work. None is a real person's; all are marked サンプル."""

import csv
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

from django.utils import timezone

from centres.models import ActivityField, District, Group
from centres.rooms.recurrence import Every
from civic.accounts.models import Role
from civic.accounts.queries import members
from matching.models import (
    Consent,
    ConsentPurpose,
    HelpRequest,
    Insurance,
    Reach,
    RequestSkill,
    RequestStatus,
    Shift,
    Skill,
    SkillLevel,
    Supporter,
    SupporterContact,
    SupporterDistrict,
    SupporterField,
    SupporterKind,
    SupporterSkill,
    SupporterTime,
    Timing,
)

# The last of them have found their people, so that this is seen too.
CLOSED_REQUESTS = 2

# Nicknames of things, which nobody could take for a person's.
NICKNAMES = """
あさがお いちょう うぐいす えんどう おにぎり かもめ きんもくせい くすのき けんだま こすもす
さくらもち しおさい すずらん せせらぎ そらまめ たんぽぽ ちどり つくし てまり とんぼ
なのはな にじ ぬくもり ねこやなぎ のぎく はまゆう ひなた ふうりん へちま ほたる
"""
ABILITIES = (
    "車の運転ができます。",
    "平日の昼間に動けます。",
    "土日なら一日手伝えます。",
    "写真をとるのが好きです。",
    "パソコンで、ちらしや名簿が作れます。",
    "子どもと遊ぶのが得意です。",
    "力仕事ができます。",
    "手話が少しできます。",
    "料理が得意です。",
    "夕方なら短い時間手伝えます。",
)
SKILLS = """
車の運転 力仕事 草刈り・庭仕事 料理 子どもの見守り 高齢者の話し相手 パソコン・スマートフォン 写真・動画
受付・会場の案内 楽器・歌 手話 外国語
"""
# Parts of the week in which people have time: weekdays, from hour to hour.
WEEKS = (
    ((5,), 9, 12),
    ((5, 6), 8, 17),
    ((0, 1, 2, 3, 4), 9, 12),
    ((1, 3), 13, 17),
    ((2,), 9, 17),
    ((0, 1, 2, 3, 4), 17, 20),
    (),  # any time
)
# Every tenth is a group, every twelfth a business.
KINDS = {10: SupporterKind.GROUP, 12: SupporterKind.BUSINESS}

# To what share of supporters agree to each purpose.
AGREED = {
    ConsentPurpose.INTRODUCTION: 1.0,
    ConsentPurpose.SHARE_NAME: 1.0,
    ConsentPurpose.SHARE_EMAIL: 0.8,
    ConsentPurpose.SHARE_PHONE: 0.6,
    ConsentPurpose.URGENT_CALLS: 0.6,
    ConsentPurpose.PUBLICATION: 0.3,
}


def load_demo(random: Random) -> None:
    """Add supporters, and requests of sample groups, unless there are some already. Run inside `acting_as`.

    To be called once the sample groups are there; where none is, no request is made.
    """
    if Supporter.objects.filter(is_sample=True).exists():
        return
    _add_supporters(random)
    _add_requests(random)


def _add_supporters(random: Random) -> None:
    today = timezone.localdate()
    districts = list(District.objects.all())
    skills = _add_skills()
    # The sample account for a supporter finds one of them as its own.
    account = members().filter(role=Role.SUPPORTER, user__is_sample=True).first()
    supporters = Supporter.objects.bulk_create(
        Supporter(
            kind=next((kind for every, kind in KINDS.items() if number % every == 0), SupporterKind.PERSON),
            nickname=nickname,
            membership=account if number == 1 else None,
            can_do="".join(random.sample(ABILITIES, random.randint(1, 2))),
            home_district=random.choice(districts) if districts else None,
            reach=random.choice([Reach.DISTRICTS, Reach.DISTRICTS, Reach.ANYWHERE]),
            helps_online=random.random() < 0.3,
            registered_on=today - timedelta(days=random.randint(5, 700)),
            is_sample=True,
        )
        for number, nickname in enumerate(NICKNAMES.split(), start=1)
    )
    SupporterContact.objects.bulk_create(
        _contact(supporter, number, today, random) for number, supporter in enumerate(supporters, start=1)
    )
    SupporterDistrict.objects.bulk_create(
        SupporterDistrict(supporter=supporter, district=district)
        for supporter in supporters
        for district in random.sample(districts, min(len(districts), random.randint(1, 3)))
    )
    SupporterSkill.objects.bulk_create(
        SupporterSkill(supporter=supporter, skill=skill, level=random.choice(SkillLevel.values))
        for supporter in supporters
        for skill in random.sample(skills, random.randint(1, 4))
    )
    SupporterTime.objects.bulk_create(
        SupporterTime(supporter=supporter, weekday=weekday, starts=time(week[1]), ends=time(week[2]))
        for supporter in supporters
        if (week := random.choice(WEEKS))
        for weekday in week[0]
    )
    Consent.objects.bulk_create(
        Consent(supporter=supporter, purpose=purpose, given_at=_at_noon(supporter.registered_on))
        for supporter in supporters
        for purpose, share in AGREED.items()
        if random.random() < share
    )
    SupporterField.objects.bulk_create(
        SupporterField(supporter=supporter, field=field)
        for supporter in supporters
        for field in sorted(random.sample(ActivityField.values[:-1], random.randint(1, 3)))
    )


def _at_noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def _add_skills() -> list[Skill]:
    """The usual things, where the municipality has named none of its own."""
    if not Skill.objects.exists():
        Skill.objects.bulk_create(
            Skill(name=name, position=position) for position, name in enumerate(SKILLS.split(), start=1)
        )
    return list(Skill.objects.all())


def _contact(supporter: Supporter, number: int, today: date, random: Random) -> SupporterContact:
    """Nobody's name and address."""
    is_person = supporter.kind == SupporterKind.PERSON
    return SupporterContact(
        supporter=supporter,
        name=f"見本 {supporter.nickname}",
        email=f"guild{number}@example.jp",
        phone=f"000-0000-{random.randint(0, 9999):04}",
        born_on=today - timedelta(days=random.randint(20 * 366, 80 * 365)) if is_person else None,
    )


def _add_requests(random: Random) -> None:
    """Each request of the file, from a sample group that is active in its field; the newest first."""
    today = timezone.localdate()
    skills = {skill.name: skill for skill in Skill.objects.all()}
    with (Path(__file__).parent / "demo_requests.csv").open() as file:
        rows = list(csv.DictReader(file))
    for position, row in enumerate(rows):
        groups = list(Group.objects.filter(is_sample=True, fields__field=int(row["field"])).order_by("number"))
        if not groups:
            continue
        group = random.choice(groups)
        is_open = position < len(rows) - CLOSED_REQUESTS
        request = HelpRequest.objects.create(
            kind=row["kind"],
            group=group,
            field=int(row["field"]),
            title=row["title"],
            what=row["what"],
            offers=row["offers"],
            timing=Timing.RECURRING if row["weekday"] else Timing.OPEN,
            when=row["when"],
            where=row["where"],
            district=group.district,
            people_needed=int(row["people"]),
            insurance=random.choice([Insurance.GROUP, Insurance.OWN]),
            responsible_name=f"見本 {group.number}",
            status=RequestStatus.OPEN if is_open else RequestStatus.CLOSED,
            posted_on=today - timedelta(days=position * 6 + random.randint(0, 5)),
            is_sample=True,
        )
        if row["skill"] in skills:
            is_needed = random.random() < 0.5
            RequestSkill.objects.create(request=request, skill=skills[row["skill"]], is_needed=is_needed)
        if row["weekday"] and is_open:
            Shift.objects.bulk_create(_shifts(request, row, today))


def _shifts(request: HelpRequest, row: dict[str, str], today: date) -> Iterator[Shift]:
    """The next times of a request: each week, or on the same of a month's weekdays."""
    starts, ends = (datetime.strptime(row[name], "%H:%M").time() for name in ("starts", "ends"))  # noqa: DTZ007
    tomorrow = today + timedelta(days=1)
    first = tomorrow + timedelta(days=(int(row["weekday"]) - tomorrow.weekday()) % 7)
    days = Every.WEEK.days(first, first + timedelta(days=93))
    if row["nth"]:
        days = [day for day in days if (day.day - 1) // 7 + 1 == int(row["nth"])]
    for day in days[:4]:
        starts_at, ends_at = (timezone.make_aware(datetime.combine(day, moment)) for moment in (starts, ends))
        yield Shift(request=request, starts_at=starts_at, ends_at=ends_at, people_needed=request.people_needed)
