"""Sample supporters and requests that show the guild at work. None is a real person's; all are marked サンプル."""

import csv
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

from django.utils import timezone

from centres.models import ActivityField, District, Group
from matching.models import (
    Consent,
    ConsentPurpose,
    HelpRequest,
    RequestStatus,
    Supporter,
    SupporterDistrict,
    SupporterField,
)

# The last of the twelve have found their people, so that this is seen too.
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
    HelpRequest.objects.bulk_create(_requests(random))


def _add_supporters(random: Random) -> None:
    today = timezone.localdate()
    districts = list(District.objects.all())
    supporters = Supporter.objects.bulk_create(
        Supporter(
            nickname=nickname,
            can_do="".join(random.sample(ABILITIES, random.randint(1, 2))),
            registered_on=today - timedelta(days=random.randint(5, 700)),
            is_sample=True,
        )
        for nickname in NICKNAMES.split()
    )
    SupporterDistrict.objects.bulk_create(
        SupporterDistrict(supporter=supporter, district=district)
        for supporter in supporters
        for district in random.sample(districts, min(len(districts), random.randint(1, 3)))
    )
    Consent.objects.bulk_create(
        Consent(supporter=supporter, purpose=purpose)
        for supporter in supporters
        for purpose, share in AGREED.items()
        if random.random() < share
    )
    SupporterField.objects.bulk_create(
        SupporterField(supporter=supporter, field=field)
        for supporter in supporters
        for field in sorted(random.sample(ActivityField.values[:-1], random.randint(1, 3)))
    )


def _requests(random: Random) -> Iterator[HelpRequest]:
    """Each request of the file, from a sample group that is active in its field; the newest first."""
    today = timezone.localdate()
    with (Path(__file__).parent / "demo_requests.csv").open() as file:
        rows = list(csv.DictReader(file))
    for position, row in enumerate(rows):
        groups = list(Group.objects.filter(is_sample=True, fields__field=int(row["field"])).order_by("number"))
        if not groups:
            continue
        yield HelpRequest(
            group=random.choice(groups),
            field=int(row["field"]),
            title=row["title"],
            what=row["what"],
            when=row["when"],
            where=row["where"],
            people_needed=int(row["people"]),
            status=RequestStatus.OPEN if position < len(rows) - CLOSED_REQUESTS else RequestStatus.CLOSED,
            posted_on=today - timedelta(days=position * 6 + random.randint(0, 5)),
            is_sample=True,
        )
