"""Saving what an item and a plan say, alone and when somebody else did so meanwhile."""

import threading
from copy import deepcopy
from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from civic.accounts.models import Department
from civic.audit.models import Change
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from plans.editing import restructuring, services
from plans.editing.comparing import flat, merge, nested
from plans.editing.document import Content, read, read_content
from plans.editing.lifecycle import EditRefused
from plans.editing.services import EditedMeanwhile
from plans.loading import load
from plans.models import ItemPillar, Plan, PlanItem

_ORIGIN = {"source": {}, "restored": False, "source_note": ""}


@pytest.fixture
def item(plan: Plan) -> PlanItem:
    return plan.items.select_related("plan").get(key="1-1-1")


@pytest.fixture
def content(item: PlanItem) -> Content:
    return read_content(item)


def test_everything_an_item_says_is_saved(item: PlanItem, content: Content) -> None:
    wanted = {
        "title": "地図の作成",
        "emphasis": False,
        "pillars": ["再生"],
        "departments": ["観光課", "広報課"],
        "texts": [{"kind": "aim", "heading": "ねらい", "body": "一\n二", **_ORIGIN}],
        "sheet": {**content["sheet"], "audience": ["団体"], "tag": "", "situation": "一\n二"},
        "schedule": {"2024": {"text": "", "arrow": True}, "2027": {"text": "完了", "arrow": False}},
        "roles": [{"title": "印刷", "actors": ["市民", "市"], **_ORIGIN}],
    }
    services.save_item(item, {**content, **wanted}, version=1)
    assert read_content(item) == {**content, **wanted}
    assert Department.objects.get(name="観光課").position > Department.objects.get(name="広報課").position
    assert PlanItem.objects.get(pk=item.pk).version == 2


def test_saving_what_is_there_already_leaves_no_trace(item: PlanItem, content: Content) -> None:
    item.plan.file_sha256 = ""
    item.plan.save()
    traces = Change.objects.count()
    services.save_item(item, deepcopy(content), version=1)
    assert Change.objects.count() == traces
    assert PlanItem.objects.get(pk=item.pk).version == 1


def test_the_first_edit_takes_the_plan_from_its_file(item: PlanItem, content: Content) -> None:
    assert item.plan.file_sha256
    services.save_item(item, {**content, "title": "別の名"}, version=1)
    assert Plan.objects.get().file_sha256 == ""


def test_the_second_of_two_is_told_and_nothing_is_written(item: PlanItem, content: Content) -> None:
    """Scenario 5."""
    services.save_item(item, {**content, "title": "先の人の名"}, version=1)
    with pytest.raises(EditedMeanwhile) as meanwhile:
        services.save_item(item, {**content, "title": "後の人の名"}, version=1)
    assert meanwhile.value.version == 2
    assert meanwhile.value.saved["title"] == "先の人の名"
    assert PlanItem.objects.get(pk=item.pk).title == "先の人の名"


def test_neither_of_two_loses_anything(content: Content) -> None:
    """Each field is the one's who changed it; where both did, both are shown and mine stays in the form."""
    theirs = deepcopy(content)
    theirs["title"] = "先の人の名"
    theirs["sheet"]["purpose"] = "先の人の目的"
    theirs["schedule"]["2027"] = {"text": "先の人", "arrow": False}
    del theirs["schedule"]["2024"]
    mine = deepcopy(content)
    mine["title"] = "後の人の名"
    mine["departments"] = ["財政課"]
    mine["schedule"]["2025"] = {"text": "後の人", "arrow": True}
    merged = merge(content, mine, theirs)
    assert merged.content == {
        **content,
        "title": "後の人の名",
        "departments": ["財政課"],
        "sheet": {**content["sheet"], "purpose": "先の人の目的"},
        "schedule": {
            "2025": {"text": "後の人", "arrow": True},
            "2026": {"text": "", "arrow": True},
            "2027": {"text": "先の人", "arrow": False},
        },
    }
    assert [(field.label, field.before, field.after) for field in merged.both] == [
        ("項目名", "先の人の名", "後の人の名")
    ]
    assert {(field.label, field.before) for field in merged.theirs} == {
        ("目的", "先の人の目的"),
        ("年次計画 令和9年度（2027年度）", "先の人"),
        ("年次計画 令和6年度（2024年度）", ""),
    }


def test_a_content_taken_apart_is_put_together_again(plan: Plan) -> None:
    for item in plan.items.all():
        content = read_content(item)
        assert nested(flat(content)) == content


def test_retiring_an_item_is_a_change_that_the_second_is_told_of(item: PlanItem, content: Content) -> None:
    restructuring.retire_item(item, on=date(2026, 4, 1), reason="終わった")
    with pytest.raises(EditedMeanwhile) as meanwhile:
        services.save_item(item, content, version=1)
    assert meanwhile.value.saved["retired_reason"] == "終わった"


@pytest.fixture
def committed_item(committed: None, folder: Path) -> tuple[Municipality, int]:
    """A plan that other connections see, and the id of one of its items."""
    municipality = Municipality.objects.get(slug="shimonoseki")
    with acting_as(municipality):
        load(folder)
        return municipality, PlanItem.objects.get(key="1-1-1").pk


def test_of_two_at_the_same_moment_one_saves_and_one_is_told(committed_item: tuple[Municipality, int]) -> None:
    municipality, pk = committed_item
    both_have_read = threading.Barrier(2)
    outcomes: list[str] = []

    def edit(title: str) -> None:
        try:
            with acting_as(municipality):
                item = PlanItem.objects.select_related("plan").get(pk=pk)
                content = read_content(item)
                both_have_read.wait(10)
                services.save_item(item, {**content, "title": title}, version=item.version)
            outcomes.append(title)
        except EditedMeanwhile as other:
            outcomes.append(f"told of {other.saved['title']}")
        finally:
            connection.close()

    threads = [threading.Thread(target=edit, args=[title]) for title in ("甲", "乙")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    with acting_as(municipality):
        saved = PlanItem.objects.get(pk=pk).title
    assert sorted(outcomes) == sorted([saved, f"told of {saved}"])


def test_the_plans_own_words_are_saved(plan: Plan) -> None:
    base = read(plan)
    terms = [
        {"mark": "注1", "term": "協働", "body": "改めた説明", **_ORIGIN},
        {"mark": "", "term": "市民", "body": "人", **_ORIGIN},
    ]
    services.save_parts(plan, {"terms": terms}, base={"terms": base["terms"]})
    assert read(plan) == {**base, "terms": terms}


def test_the_second_who_saves_the_plans_words_is_told(plan: Plan) -> None:
    base = {"terms": read(plan)["terms"]}
    services.save_parts(plan, {"terms": []}, base=base)
    with pytest.raises(EditedMeanwhile):
        services.save_parts(plan, {"terms": base["terms"]}, base=base)
    assert read(plan)["terms"] == []


def test_levels_are_named_and_numbered_anew(plan: Plan) -> None:
    base = {"levels": read(plan)["levels"]}
    levels = deepcopy(base["levels"])
    levels[1] = {"name": "取組", "numbering": "({arabic})", "continues": False}
    services.save_parts(plan, {"levels": levels}, base=base)
    assert plan.levels.get(depth=2).numbering == "({arabic})"


def test_a_level_with_items_does_not_go(plan: Plan) -> None:
    base = {"levels": read(plan)["levels"]}
    with pytest.raises(EditRefused):
        services.save_parts(plan, {"levels": base["levels"][:2]}, base=base)
    assert plan.levels.count() == 3


def test_an_entry_that_is_renamed_keeps_what_leads_to_it(plan: Plan) -> None:
    document = read(plan)
    base = {name: document[name] for name in ("pillars", "audiences", "actors", "schedule_years")}
    entries = {
        # The two exchange their names, and a third comes.
        "pillars": [("再生", "活性化"), ("活性化", "再生"), ("", "継承")],
        "audiences": [(name, name) for name in base["audiences"]],
        "actors": [("市", "市役所")],
    }
    before = set(ItemPillar.objects.values_list("item__key", "pillar_id"))
    services.save_lists(plan, entries, [2024, 2025], base=base)
    assert [row.name for row in plan.pillars.all()] == ["活性化", "再生", "継承"]
    assert set(ItemPillar.objects.values_list("item__key", "pillar_id")) == before
    roles = read_content(plan.items.get(key="1"))["roles"]
    assert [(row["title"], row["actors"]) for row in roles] == [("情報の発信", ["市役所"]), ("会場の提供", ["市役所"])]
    assert read(plan)["schedule_years"] == [2024, 2025]
