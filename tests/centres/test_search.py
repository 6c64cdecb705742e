"""Search finds a group however its name is typed."""

import pytest

from centres.models import Group, GroupKind
from centres.search import matching
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
