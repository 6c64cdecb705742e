"""Search finds a group however its name is typed."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection

from centres.models import Group, GroupKind
from centres.search import NEW_FORMS, OLD_FORMS, matching
from civic.audit.models import Change
from civic.tenancy.models import Municipality


@pytest.fixture
def group(in_shimonoseki: Municipality) -> Group:
    return Group.objects.create(
        number=1, name="ＮＰＯ法人　髙﨑・カモメの会", name_kana="たかさきかもめのかい", kind=GroupKind.NPO
    )


@pytest.mark.parametrize(
    "typed",
    [
        "かもめ",
        "カモメ",
        "ｶﾓﾒ",
        "npo",
        "NPO",
        "ＮＰＯ法人",
        "髙﨑",
        "高崎",
        "たかさき",
        "タカサキ",
        "髙崎カモメ",
        "会 高崎",
        "かも",
        "　",
    ],
)
def test_a_group_is_found_as_people_type_it(group: Group, typed: str) -> None:
    assert list(matching(Group.objects.all(), typed)) == [group]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("子供の広場", "こども"),
        ("子供の広場", "子ども"),
        ("こども食堂", "子供食堂"),
        ("子どもの広場", "子供"),
        ("子供の広場", "子"),
        ("障害者の家", "障がい者"),
        ("街づくりの会", "まちづくり"),
        ("まちづくりの会", "町づくり"),
        ("コンピューターの会", "コンピュータ"),
        ("パソコンサポーター", "サポータ"),
        ("ヴァイオリンの会", "バイオリン"),
        ("霧ヶ丘の会", "霧が丘"),
        ("霧が丘の会", "霧ケ丘"),
        ("齋藤文庫", "斉藤"),
        ("斎藤文庫", "齊藤"),
        ("𠮷田町の会", "吉田"),
        ("吉田町の会", "𠮷田"),
        ("大澤國際交流會", "大沢国際交流会"),
        ("（仮称）みどりの会", "仮称みどり"),
    ],
)
def test_a_word_is_found_by_its_other_spelling(in_shimonoseki: Municipality, name: str, typed: str) -> None:
    group = Group.objects.create(number=1, name=name, kind=GroupKind.CIVIC)
    Group.objects.create(number=2, name="別の会", kind=GroupKind.CIVIC)
    assert list(matching(Group.objects.all(), typed)) == [group]


def test_a_group_is_found_by_its_tags(group: Group) -> None:
    Group.objects.filter(pk=group.pk).update(tags=["子育て", "朝市"])
    assert matching(Group.objects.all(), "あさいち").exists() is False
    assert list(matching(Group.objects.all(), "朝市")) == [group]


@pytest.mark.parametrize(
    ("name", "typed"), [("花を育てることの会", "コート"), ("ビルの会", "ビール"), ("さかさまの会", "サーカス")]
)
def test_long_vowels_within_a_word_count(in_shimonoseki: Municipality, name: str, typed: str) -> None:
    Group.objects.create(number=1, name=name, kind=GroupKind.CIVIC)
    assert not matching(Group.objects.all(), typed).exists()


def test_the_forms_that_official_lists_set_side_by_side_are_one(shimonoseki: Municipality) -> None:
    with (Path(__file__).parent / "character_forms.csv").open(encoding="utf-8") as file:
        forms = list(csv.DictReader(line for line in file if not line.startswith("#")))
    assert Counter(form["list"] for form in forms) == {"常用漢字表": 364, "人名用漢字 一": 18, "人名用漢字 二": 212}
    # By their codes: an editor may make a compatibility form the form that it stands for.
    pairs = [tuple(chr(int(form[code].removeprefix("U+"), 16)) for code in ("old_code", "code")) for form in forms]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT old || one FROM unnest(%s::text[], %s::text[]) AS form(old, one)"
            " WHERE fold_characters(old) <> fold_characters(one)",
            [[old for old, _one in pairs], [one for _old, one in pairs]],
        )
        assert cursor.fetchall() == []
    assert all(old != one for old, one in pairs)


def test_each_character_has_one_form() -> None:
    """A form that is folded twice, or into one that is folded itself, would be found by one of its forms alone."""
    assert len(OLD_FORMS) == len(NEW_FORMS) == len(set(OLD_FORMS))
    assert not set(OLD_FORMS) & set(NEW_FORMS)


@pytest.mark.parametrize("typed", ["うみねこ", "高崎 うみねこ", "%", "_", "かもめのかい髙﨑"])
def test_what_it_does_not_hold_does_not_find_it(group: Group, typed: str) -> None:
    assert not matching(Group.objects.all(), typed).exists()


def test_bulk_and_raw_changes_are_found_too(group: Group) -> None:
    Group.objects.bulk_create([Group(number=2, name="サクラ 櫻の会", kind=GroupKind.CIVIC)])
    Group.objects.filter(pk=group.pk).update(name="桜の友")
    assert {found.number for found in matching(Group.objects.all(), "桜")} == {1, 2}


def test_contacts_are_neither_searched_nor_repeated_in_the_trail(group: Group) -> None:
    group.contact_name = "サンプル花子"
    group.save()
    assert not matching(Group.objects.all(), "花子").exists()
    change = Change.objects.filter(table_name="centres_group", action="update").get()
    assert (change.before, change.after) == ({"contact_name": "＊"}, {"contact_name": "＊"})
