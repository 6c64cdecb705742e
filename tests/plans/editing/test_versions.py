"""A plan from draft to its end, copied into the next, and revised in between."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from civic.accounts.models import User
from plans.editing import lifecycle, restructuring, services
from plans.editing.comparing import compare
from plans.editing.document import read
from plans.editing.lifecycle import EditRefused
from plans.models import ItemTrace, Plan, PlanRevision
from plans.queries import adopted_plans, read_tree

DAY = date(2026, 3, 31)
DRAFT, IN_FORCE, SUPERSEDED = Plan.Status.DRAFT, Plan.Status.IN_FORCE, Plan.Status.SUPERSEDED


def adopted(plan: Plan, by: User) -> Plan:
    lifecycle.move_plan(plan, IN_FORCE, decided_on=DAY, by=by)
    return Plan.objects.get(pk=plan.pk)


def test_a_plan_goes_from_draft_to_force_to_its_end(plan: Plan, planner: User) -> None:
    assert not adopted_plans().exists()
    adopted(plan, planner)
    assert adopted_plans().get() == plan
    lifecycle.move_plan(plan, SUPERSEDED, decided_on=DAY, by=planner)
    assert Plan.objects.get().status == SUPERSEDED


@pytest.mark.parametrize(
    ("status", "to"),
    [
        (DRAFT, SUPERSEDED),
        (DRAFT, DRAFT),
        (IN_FORCE, DRAFT),
        (IN_FORCE, IN_FORCE),
        (SUPERSEDED, DRAFT),
        (SUPERSEDED, IN_FORCE),
        (SUPERSEDED, SUPERSEDED),
    ],
)
def test_no_other_way_is_open(plan: Plan, planner: User, status: Plan.Status, to: Plan.Status) -> None:
    Plan.objects.update(status=status)
    with pytest.raises(EditRefused):
        lifecycle.move_plan(plan, to, decided_on=DAY, by=planner)
    assert Plan.objects.get().status == status


def test_an_empty_plan_is_not_adopted(plan: Plan, planner: User) -> None:
    for item in plan.items.filter(parent=None):
        restructuring.retire_item(item, on=DAY, reason="やめた")
    with pytest.raises(EditRefused):
        lifecycle.move_plan(plan, IN_FORCE, decided_on=DAY, by=planner)


def test_adoption_keeps_the_plan_as_it_was_adopted(plan: Plan, planner: User) -> None:
    before = read(plan)
    adopted(plan, planner)
    revision = PlanRevision.objects.get()
    assert (revision.number, revision.decided_on, revision.reason) == (0, DAY, "策定")
    assert revision.document == before


def test_an_adopted_plan_is_changed_only_within_a_revision(plan: Plan, planner: User) -> None:
    plan = adopted(plan, planner)
    with pytest.raises(EditRefused):
        restructuring.add_item(plan, None, "足す")
    lifecycle.start_revision(plan, decided_on=DAY, reason="見直し", by=planner)
    restructuring.add_item(plan, None, "足す")
    lifecycle.finish_revision(plan)
    with pytest.raises(EditRefused):
        restructuring.add_item(plan, None, "もう一つ")


def test_a_plan_whose_time_is_over_is_changed_no_more(plan: Plan, planner: User) -> None:
    plan = adopted(plan, planner)
    lifecycle.move_plan(plan, SUPERSEDED, decided_on=DAY, by=planner)
    with pytest.raises(EditRefused):
        restructuring.add_item(plan, None, "足す")
    with pytest.raises(EditRefused):
        lifecycle.start_revision(plan, decided_on=DAY, reason="見直し", by=planner)


def test_revisions_are_numbered_and_compared_item_by_item(plan: Plan, planner: User) -> None:
    plan = adopted(plan, planner)
    lifecycle.start_revision(plan, decided_on=date(2027, 3, 31), reason="中間見直し", by=planner)
    restructuring.add_item(plan, plan.items.get(key="1-1"), "展示")
    content = dict(read(plan)["places"][2])
    services.save_item(plan.items.get(key="1-1-1"), {**content, "title": "冊子と地図"}, version=1)
    restructuring.move_item(plan.items.select_related("plan", "level").get(key="2-1-2"), plan.items.get(key="1-1"))
    lifecycle.finish_revision(plan)
    adoption, revision = PlanRevision.objects.all()
    assert (revision.number, revision.reason) == (1, "中間見直し")
    assert revision.document == read(plan)
    found = {
        (section.heading, section.state): section.differences
        for section in compare(adoption.document, revision.document)
    }
    assert set(found) == {("展示", "added"), ("冊子と地図", "changed"), ("部屋", "changed")}
    assert [(d.label, d.before, d.after) for d in found["冊子と地図", "changed"]] == [
        ("項目名", "冊子の作成", "冊子と地図")
    ]
    assert [(d.label, d.before, d.after) for d in found["部屋", "changed"]] == [
        ("置き場所", "場をつくる（2-1）", "広く伝える（1-1）")
    ]


def test_a_plan_adopted_outside_the_portal_is_kept_before_its_first_revision(plan: Plan, planner: User) -> None:
    Plan.objects.update(status=IN_FORCE)
    lifecycle.start_revision(plan, decided_on=DAY, reason="見直し", by=planner)
    assert list(PlanRevision.objects.values_list("number", "reason")) == [(0, "改定の前の計画"), (1, "見直し")]


def test_one_revision_at_a_time(plan: Plan, planner: User) -> None:
    plan = adopted(plan, planner)
    lifecycle.start_revision(plan, decided_on=DAY, reason="見直し", by=planner)
    with pytest.raises(EditRefused):
        lifecycle.start_revision(plan, decided_on=DAY, reason="もう一つ", by=planner)
    with pytest.raises(EditRefused):
        lifecycle.move_plan(plan, SUPERSEDED, decided_on=DAY, by=planner)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanRevision.objects.create(plan=plan, number=9, decided_on=DAY, reason="別の道", started_by=planner)


def test_a_new_plan_starts_as_a_copy_linked_item_by_item(plan: Plan, planner: User) -> None:
    restructuring.retire_item(plan.items.select_related("plan").get(key="1-1-2"), on=DAY, reason="終わった")
    copy = lifecycle.copy_plan(
        plan, slug="next", title="次の計画", first_fiscal_year=2029, last_fiscal_year=2031, by=planner
    )
    assert (copy.status, copy.predecessor) == (DRAFT, plan)
    assert set(ItemTrace.objects.values_list("from_item__plan", "to_item__plan", "kind")) == {
        (plan.pk, copy.pk, "copied")
    }
    assert {trace.to_item.key: trace.from_item.key for trace in ItemTrace.objects.all()} == {
        key: key for key in plan.items.filter(retired_on=None).values_list("key", flat=True)
    }
    tree, source = read_tree(copy), read_tree(plan)
    assert [(node.number, node.title) for node in tree.walk()] == [(node.number, node.title) for node in source.walk()]
    sheet = tree.path_to("1-1-1")[-1].sheet
    assert sheet == source.path_to("1-1-1")[-1].sheet
    assert [year.fiscal_year for year in tree.schedule_years] == [2029, 2030, 2031]
    assert tree.relisted == 1
    assert [(kpi.name, kpi.targets, kpi.baseline) for kpi in tree.all_kpis()] == [
        (kpi.name, [], "") for kpi in source.all_kpis()
    ]
    assert {row.commitment.indicator.key for row in copy.indicators.all()} == {"participants", "matches"}


def test_a_copy_and_its_source_go_their_own_ways(plan: Plan, planner: User) -> None:
    before = read(plan)
    copy = lifecycle.copy_plan(
        plan, slug="next", title="次の計画", first_fiscal_year=2029, last_fiscal_year=2033, by=planner
    )
    restructuring.add_item(copy, None, "足す")
    assert read(plan) == before
