"""A directory of groups that do not exist, with names nobody would give one."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain, count
from pathlib import Path
from random import Random

from django.db.models import Max
from django.utils import timezone

from centres.models import District, Group, GroupDistrict, GroupField, GroupKind
from civic.tenancy.context import current_municipality


@dataclass(frozen=True)
class Scale:
    """How large a municipality's directory is in all, and how many districts are made up for it.

    The numbers of districts are those of the cities' own areas (fixtures/: 17地域, 21地域), whose names no source
    gives; Nagato's four have names.
    """

    groups: int
    districts: int
    council: str


SCALES = {
    "shimonoseki": Scale(groups=260, districts=17, council="まちづくり協議会"),
    "yamaguchi": Scale(groups=342, districts=21, council="地域づくり協議会"),
    "nagato": Scale(groups=120, districts=0, council=""),
}

# Each with its reading.
FANCIES = (
    ("月うさぎ", "つきうさぎ"),
    ("銀のくじら", "ぎんのくじら"),
    ("虹いろかめ", "にじいろかめ"),
    ("星くずきつね", "ほしくずきつね"),
    ("空とぶたぬき", "そらとぶたぬき"),
    ("金のどんぐり", "きんのどんぐり"),
    ("雲のひつじ", "くものひつじ"),
    ("風のこねこ", "かぜのこねこ"),
    ("夢みるふくろう", "ゆめみるふくろう"),
    ("青いてぶくろ", "あおいてぶくろ"),
    ("三日月パン", "みかづきぱん"),
    ("ガラスのちょうちょ", "がらすのちょうちょ"),
    ("森の木馬", "もりのもくば"),
    ("まほうのやかん", "まほうのやかん"),
    ("七つのボタン", "ななつのぼたん"),
    ("水玉ペンギン", "みずたまぺんぎん"),
    ("綿あめ雲", "わたあめぐも"),
    ("ねむる竜", "ねむるりゅう"),
    ("海のランプ", "うみのらんぷ"),
    ("山のオルガン", "やまのおるがん"),
    ("白いらくだ", "しろいらくだ"),
    ("土のピアノ", "つちのぴあの"),
    ("赤いながぐつ", "あかいながぐつ"),
    ("砂のお城", "すなのおしろ"),
)


@dataclass(frozen=True)
class Activity:
    """What some groups do: the second half of their names, its reading, NPO Act's fields, purpose, what they seek."""

    name: str
    kana: str
    fields: tuple[int, ...]
    purpose: str
    looking_for: str


def _activities() -> list[Activity]:
    with (Path(__file__).parent / "activities.csv").open() as rows:
        return [
            Activity(
                name=row["name"],
                kana=row["kana"],
                fields=tuple(int(field) for field in row["fields"].split()),
                purpose=row["purpose"],
                looking_for=row["looking_for"],
            )
            for row in csv.DictReader(rows)
        ]


# How often a field leads, beside the others: what people do most is what the directories hold most of.
COMMON_FIELDS = {1: 4, 3: 4, 6: 4, 13: 4, 7: 2}

# Everyday words for what groups in a field do.
TAGS = {
    1: ("高齢者", "健康", "福祉"),
    2: ("学び", "生涯学習"),
    3: ("地域", "まちあるき"),
    4: ("観光", "おもてなし"),
    5: ("里山", "農業"),
    6: ("音楽", "スポーツ", "伝統"),
    7: ("清掃", "花", "自然"),
    8: ("防災",),
    9: ("見守り", "交通安全"),
    10: ("平和", "人権"),
    11: ("国際交流", "日本語"),
    12: ("男女共同参画",),
    13: ("子ども", "子育て", "居場所"),
    14: ("パソコン", "スマートフォン"),
    15: ("科学", "工作"),
    16: ("商店街",),
    17: ("しごと",),
    18: ("くらし",),
    19: ("団体支援",),
}
BUSINESSES = (("商店", "しょうてん"), ("工務店", "こうむてん"), ("印刷所", "いんさつじょ"), ("農園", "のうえん"))
SCHOOLS = (("学園ボランティア部", "がくえんぼらんてぃあぶ"), ("高校地域研究部", "こうこうちいきけんきゅうぶ"))
DAYS = (
    "毎週火曜日の午前",
    "毎週木曜日の夜",
    "第1・第3土曜日の午後",
    "第2日曜日の午前",
    "第4金曜日の夜",
    "ふさわしい日をその都度",
)
PLACES = ("地区の公民館", "市民活動センター", "地域交流センター", "会員の家", "小学校の体育館", "屋外")


def add_groups(random: Random) -> None:
    """Fill the municipality's directory up to its scale."""
    scale = SCALES[current_municipality().slug]
    District.objects.bulk_create(
        District(name=f"サンプル地区{position}", position=position) for position in range(1, scale.districts + 1)
    )
    districts = list(District.objects.all())
    known = Group.objects.count()
    number = Group.objects.aggregate(last=Max("number"))["last"] or 0
    groups, fields = [], []
    works_in = []
    for position, (group, activity_fields) in enumerate(_bodies(random, scale, districts), start=1):
        group.number = number + position
        _add_particulars(random, group)
        group.tags = [random.choice(TAGS[field]) for field in activity_fields]
        works_in += [(group, district) for district in _where_it_works(random, group, districts)]
        groups.append(group)
        fields.append(activity_fields)
        if known + position == scale.groups:
            break
    Group.objects.bulk_create(groups)
    GroupField.objects.bulk_create(
        GroupField(group=group, field=field)
        for group, of_group in zip(groups, fields, strict=True)
        for field in of_group
    )
    GroupDistrict.objects.bulk_create(GroupDistrict(group=group, district=district) for group, district in works_in)


def _where_it_works(random: Random, group: Group, districts: list[District]) -> list[District]:
    """Half of those with a place of their own work in it alone, the others nearby as well."""
    if group.district is None or group.kind in (GroupKind.COUNCIL, GroupKind.NEIGHBOURHOOD) or random.random() < 0.5:
        return []
    nearby = random.sample(districts, k=min(2, len(districts)))
    return sorted({group.district, *nearby}, key=lambda district: district.position)


def _bodies(random: Random, scale: Scale, districts: list[District]) -> Iterator[tuple[Group, tuple[int, ...]]]:
    """Yield groups without end of invention: first one of each special kind and place, then civic groups and NPOs."""
    if scale.council:
        for district in districts:
            name = f"{district.name}{scale.council}"
            kana = f"さんぷるちく{district.position}"
            purpose = "地区の福祉や防災、まつりなどを、住む人みんなで話し合って進めます。"
            yield Group(name=name, name_kana=kana, kind=GroupKind.COUNCIL, district=district, purpose=purpose), (3,)
    for position in range(1, 9):
        name, kana = f"サンプル自治会{position}", f"さんぷるじちかい{position}"
        purpose = "となり近所で助け合い、安心してくらせる地域をつくります。"
        district = random.choice(districts)
        yield Group(name=name, name_kana=kana, kind=GroupKind.NEIGHBOURHOOD, district=district, purpose=purpose), (3, 9)
    for kind, names, purpose, fields in (
        (GroupKind.BUSINESS, BUSINESSES, "仕事の技を生かして、地域の行事や清掃に協力します。", (3, 16)),
        (GroupKind.SCHOOL, SCHOOLS, "生徒が地域に出て、学んだことをまちの役に立てます。", (13, 3)),
    ):
        for fancy, fancy_kana in random.sample(FANCIES, 6):
            name, kana = random.choice(names)
            yield (
                Group(
                    name=fancy + name,
                    name_kana=fancy_kana + kana,
                    kind=kind,
                    district=random.choice(districts),
                    purpose=purpose,
                ),
                fields,
            )
    activities = _activities()
    weights = [COMMON_FIELDS.get(activity.fields[0], 1) for activity in activities]
    taken = set()
    # Each activity once, so that no field is missing, and then at random.
    for activity in chain(activities, (random.choices(activities, weights)[0] for _endless in count())):
        fancy, fancy_kana = random.choice(FANCIES)
        if (fancy, activity.name) in taken:
            continue
        taken.add((fancy, activity.name))
        is_npo = random.random() < 0.12
        group = Group(
            name=f"{'NPO法人 ' if is_npo else ''}{fancy}{activity.name}",
            name_kana=fancy_kana + activity.kana,
            kind=GroupKind.NPO if is_npo else GroupKind.CIVIC,
            district=random.choice(districts) if random.random() < 0.9 else None,
            purpose=activity.purpose,
        )
        if activity.looking_for and random.random() < 0.7:
            group.looking_for = activity.looking_for
            group.seeks_members = random.random() < 0.5
            group.seeks_volunteers = not group.seeks_members or random.random() < 0.3
        group.seeks_partners = random.random() < 0.15
        yield group, activity.fields


def _add_particulars(random: Random, group: Group) -> None:
    """Add what a group says of itself, with telephone numbers and addresses that cannot lead to anybody."""
    today = timezone.localdate()
    group.meeting_day = random.choice(DAYS)
    group.meeting_place = random.choice(PLACES)
    group.description = (
        f"{group.meeting_day}に、{group.meeting_place}で活動しています。\n\n"
        "見学はいつでもできます。はじめての人も、ひとりでの参加も歓迎します。"
    )
    group.members_count = random.randint(5, 60)
    group.founded_year = random.randint(1975, today.year - 1)
    group.contact_name = f"サンプル担当{group.number}"
    group.phone = f"000-0000-{group.number:04}"
    group.phone_is_public = random.random() < 0.5
    group.email = f"group{group.number}@{current_municipality().slug}.example.jp"
    group.email_is_public = random.random() < 0.7
    group.contact_name_is_public = random.random() < 0.2
    # Most joined long ago, as they do in a directory that has been kept for years.
    days = random.randint(10, 3000) if random.random() < 0.15 else random.randint(3000, 7000)
    group.registered_on = today - timedelta(days=days)
    group.last_confirmed_on = max(group.registered_on, today - timedelta(days=random.randint(0, 500)))
    group.is_published = group.is_sample = True
