"""Changing the tree: what moves keeps its address, what goes keeps its history, and numbers follow."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from civic.accounts.models import User
from plans.editing import queries, restructuring, services
from plans.editing.document import read_content
from plans.editing.lifecycle import EditRefused
from plans.models import ItemTrace, Plan, PlanItem, Relisting
from plans.queries import read_tree
from plans.tree import Node, Relisted

TODAY = date(2026, 4, 1)


def item(plan: Plan, key: str) -> PlanItem:
    return plan.items.select_related("plan", "parent", "level").get(key=key)


def printed(plan: Plan) -> list[str]:
    """The tree as one reads it: the number and title of each place, set in by its level."""
    return [f"{' ' * (line.depth - 1)}{line.place.number} {line.place.title}" for line in queries.outline(plan)]


SAMPLE = [
    "Ⅰ 知らせる",
    " 施策1 広く伝える",
    "  ① 冊子の作成",
    "  ② 講座",
    " 施策2 深く伝える",
    "Ⅱ 支える",
    " 施策3 場をつくる",
    "  ① 冊子をつくる",
    "  ② 部屋",
]


def test_the_outline_is_the_tree(plan: Plan) -> None:
    assert printed(plan) == SAMPLE


def test_an_item_is_added_last_with_a_key_of_its_own(plan: Plan) -> None:
    added = restructuring.add_item(plan, item(plan, "2-1"), "新しい部屋")
    assert added.key == "2-1-3"
    assert added.level.name == "項目"
    assert printed(plan)[-1] == "  ③ 新しい部屋"
    assert restructuring.add_item(plan, None, "つなぐ").key == "3"


def test_a_key_is_never_given_twice(plan: Plan) -> None:
    """2-1-1 is the second place of an item, and 2-1-2 an item that went elsewhere."""
    restructuring.move_item(item(plan, "2-1-2"), item(plan, "1-1"))
    assert restructuring.add_item(plan, item(plan, "2-1"), "新しい部屋").key == "2-1-3"


def test_nothing_stands_below_the_innermost_level(plan: Plan) -> None:
    with pytest.raises(EditRefused):
        restructuring.add_item(plan, item(plan, "1-1-1"), "深すぎる")


def test_a_long_way_down_keys_stay_short_enough(plan: Plan) -> None:
    deep = restructuring.add_item(plan, None, "深い")
    PlanItem.objects.filter(pk=deep.pk).update(key="k" * 30)
    assert restructuring.add_item(plan, item(plan, "k" * 30), "下").key == "n1"


@pytest.mark.parametrize(
    ("key", "by", "order"), [("1-1-2", -1, ["講座", "冊子の作成"]), ("1-1-1", 1, ["講座", "冊子の作成"])]
)
def test_an_item_goes_up_and_down(plan: Plan, key: str, by: int, order: list[str]) -> None:
    assert restructuring.shift(item(plan, key), by)
    assert printed(plan)[2:4] == [f"  ① {order[0]}", f"  ② {order[1]}"]


def test_a_second_place_goes_up_and_down_among_items(plan: Plan) -> None:
    assert restructuring.shift(Relisting.objects.select_related("plan", "parent").get(), 1)
    assert printed(plan)[-2:] == ["  ① 部屋", "  ② 冊子をつくる"]


def test_the_first_goes_no_further_up(plan: Plan) -> None:
    assert not restructuring.shift(item(plan, "1"), -1)
    assert printed(plan) == SAMPLE


def test_an_item_is_shifted_past_a_retired_one(plan: Plan) -> None:
    restructuring.add_item(plan, item(plan, "1-1"), "三つめ")
    restructuring.retire_item(item(plan, "1-1-2"), on=TODAY, reason="終わった")
    assert restructuring.shift(item(plan, "1-1-3"), -1)
    assert printed(plan)[2:4] == ["  ① 三つめ", "  ② 冊子の作成"]


def test_a_moved_item_keeps_its_key_and_is_numbered_where_it_stands(plan: Plan) -> None:
    restructuring.move_item(item(plan, "1-1"), item(plan, "2"))
    assert printed(plan) == [
        "Ⅰ 知らせる",
        " 施策1 深く伝える",
        "Ⅱ 支える",
        " 施策2 場をつくる",
        "  ① 冊子をつくる",
        "  ② 部屋",
        " 施策3 広く伝える",
        "  ① 冊子の作成",
        "  ② 講座",
    ]
    assert read_tree(plan).path_to("1-1-1")[1].key == "1-1"


def test_what_moves_to_another_level_takes_its_own_along(plan: Plan) -> None:
    restructuring.move_item(item(plan, "2-1"), None)
    assert item(plan, "2-1").level.name == "方針"
    assert item(plan, "2-1-2").level.name == "施策"
    assert printed(plan)[-3:] == ["Ⅲ 場をつくる", " 施策3 冊子をつくる", " 施策4 部屋"]


@pytest.mark.parametrize(("key", "under"), [("1", "1-1"), ("1", "1"), ("1-1", "1-2"), ("2", "1-1-2")])
def test_where_an_item_cannot_go(plan: Plan, key: str, under: str) -> None:
    with pytest.raises(EditRefused):
        restructuring.move_item(item(plan, key), item(plan, under))
    assert printed(plan) == SAMPLE


def test_a_retired_item_leaves_the_tree_with_all_beneath_it_and_comes_back(plan: Plan) -> None:
    restructuring.retire_item(item(plan, "1-1"), on=TODAY, reason="終わった")
    assert printed(plan) == ["Ⅰ 知らせる", " 施策1 深く伝える", "Ⅱ 支える", " 施策2 場をつくる", "  ① 部屋"]
    assert [row.key for row in queries.retired_items(plan)] == ["1-1"]
    assert plan.items.filter(retired_on=None).count() == 5
    with pytest.raises(EditRefused):
        restructuring.restore_item(item(plan, "1-1-2"))
    restructuring.restore_item(item(plan, "1-1"))
    assert printed(plan) == SAMPLE


def test_what_was_retired_before_does_not_come_back_along(plan: Plan) -> None:
    restructuring.retire_item(item(plan, "1-1-2"), on=date(2025, 4, 1), reason="先に終わった")
    restructuring.retire_item(item(plan, "1-1"), on=TODAY, reason="終わった")
    restructuring.restore_item(item(plan, "1-1"))
    assert "講座" not in "".join(printed(plan))


def test_an_item_is_split_and_the_trace_kept(plan: Plan, planner: User) -> None:
    parts = restructuring.split_item(item(plan, "1-1-1"), ["冊子", "地図"], on=TODAY, by=planner)
    assert printed(plan)[2:5] == ["  ① 冊子", "  ② 地図", "  ③ 講座"]
    assert [read_content(part)["sheet"]["tag"] for part in parts] == ["【大綱】", "【大綱】"]
    assert read_content(parts[1])["title"] == "地図"
    assert Relisting.objects.get().item == parts[0]
    assert set(ItemTrace.objects.values_list("from_item__key", "to_item__title", "kind", "by")) == {
        ("1-1-1", "冊子", "split", planner.pk),
        ("1-1-1", "地図", "split", planner.pk),
    }
    gone = item(plan, "1-1-1")
    assert (gone.retired_on, gone.retired_reason) == (TODAY, "分割：冊子、地図")
    assert read_content(gone)["sheet"]["purpose"] == "目的の一。\n目的の二。"


def test_a_kpi_goes_to_the_first_part(plan: Plan, planner: User) -> None:
    plan.indicators.filter(key="participants").update(item=item(plan, "1-1-2"))
    restructuring.split_item(item(plan, "1-1-2"), ["前期", "後期"], on=TODAY, by=planner)
    assert plan.indicators.get(key="participants").item.title == "前期"


def test_what_has_others_beneath_it_is_not_split(plan: Plan, planner: User) -> None:
    with pytest.raises(EditRefused):
        restructuring.split_item(item(plan, "1-1"), ["一", "二"], on=TODAY, by=planner)
    assert printed(plan) == SAMPLE


def test_items_are_merged_and_the_trace_kept(plan: Plan, planner: User) -> None:
    restructuring.merge_items(item(plan, "1-2"), [item(plan, "1-1"), item(plan, "2-1")], on=TODAY, by=planner)
    assert printed(plan) == [
        "Ⅰ 知らせる",
        " 施策1 深く伝える",
        "  ① 冊子の作成",
        "  ② 講座",
        # The second place of what stands here already is gone.
        "  ③ 部屋",
        "Ⅱ 支える",
    ]
    assert set(ItemTrace.objects.values_list("from_item__key", "to_item__key", "kind")) == {
        ("1-1", "1-2", "merge"),
        ("2-1", "1-2", "merge"),
    }
    assert item(plan, "1-1").retired_reason == "統合：深く伝える"


def test_merging_an_item_into_where_it_is_listed_again_lists_it_once(plan: Plan, planner: User) -> None:
    restructuring.merge_items(item(plan, "2-1-2"), [item(plan, "1-1-1")], on=TODAY, by=planner)
    assert printed(plan)[-1] == "  ① 部屋"
    assert not Relisting.objects.exists()


def test_only_items_of_one_level_are_merged(plan: Plan, planner: User) -> None:
    with pytest.raises(EditRefused):
        restructuring.merge_items(item(plan, "1"), [item(plan, "1-1")], on=TODAY, by=planner)
    with pytest.raises(EditRefused):
        restructuring.merge_items(item(plan, "1"), [item(plan, "1")], on=TODAY, by=planner)
    assert not ItemTrace.objects.exists()


def test_an_item_is_listed_again_and_no_more(plan: Plan) -> None:
    place = restructuring.relist(item(plan, "1-1-2"), item(plan, "2-1"), title="講座（再び）", marked=True)
    assert printed(plan)[-1] == "  ③ 講座（再び）"
    assert place.key == "2-1-3"
    restructuring.change_relisting(place, title="講座", marked=False)
    assert printed(plan)[-1] == "  ③ 講座"
    restructuring.remove_relisting(place)
    assert printed(plan) == SAMPLE


@pytest.mark.parametrize(("key", "under"), [("1-1-1", "2-1"), ("1-1-1", "1-1"), ("1", "1-2"), ("1", "2-1-2")])
def test_where_an_item_is_not_listed_again(plan: Plan, key: str, under: str) -> None:
    with pytest.raises(EditRefused):
        restructuring.relist(item(plan, key), item(plan, under), title="再び", marked=True)
    assert Relisting.objects.count() == 1


def test_a_relisted_item_is_edited_once_and_counted_once(plan: Plan) -> None:
    """Scenario 3."""
    before = read_tree(plan)
    content = read_content(item(plan, "1-1-1"))
    sheet = {**content["sheet"], "purpose": "改めた目的"}
    services.save_item(item(plan, "1-1-1"), {**content, "title": "冊子と地図", "sheet": sheet}, version=1)
    tree = read_tree(plan)
    assert [level.count for level in tree.levels] == [level.count for level in before.levels] == [2, 3, 3]
    main = tree.path_to("1-1-1")[-1]
    assert (main.title, main.sheet.purpose) == ("冊子と地図", "改めた目的")
    [place] = [child for node in tree.walk() for child in node.children if isinstance(child, Relisted)]
    assert (place.relists, place.marked, place.main_reference) == ("1-1-1", True, "施策1 ①")
    assert [(other.key, other.reference) for other in main.places] == [("2-1-1", "施策3 ①")]
    assert sum(isinstance(child, Node) and child.key == "1-1-1" for node in tree.walk() for child in node.children) == 1


def test_the_editor_asks_as_much_of_a_long_plan_as_of_a_short_one(plan: Plan) -> None:
    with CaptureQueriesContext(connection) as few:
        assert len(queries.outline(plan)) == 9
    for number in range(40):
        restructuring.add_item(plan, item(plan, "1-1"), f"項目{number}")
    with CaptureQueriesContext(connection) as many:
        assert len(queries.outline(plan)) == 49
    assert len(many) == len(few)
