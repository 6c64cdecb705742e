"""What everyone may know: accepted reports and what follows from them, in the plan's tree and in its report."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from civic.tenancy.models import Municipality
from plans.filtering import ItemFilter
from plans.models import Evaluation, Plan, PlanItem, WorkStatus
from plans.progress import services
from plans.queries import read_tree
from plans.reports.snapshot import SCHEMA, build_snapshot
from plans.tree import Node, Tree
from tests.plans.progress.conftest import WHOLE, YearOf


def node(tree: Tree, key: str) -> Node:
    return tree.path_to(key)[-1]


def test_only_what_is_accepted_is_public(sample: YearOf) -> None:
    plan = Plan.objects.get()
    for key in ("1-1-1", "1-1-2"):
        sample.hand_in(key, done="提出した文", rating=plan.ratings.get(mark="B"))
    services.save(sample.report("2-1-2"), 0, WHOLE | {"done": "下書きの文"}, sample.other_officer)
    before = read_tree(plan, 2025)
    assert [each.progress for each in before.walk() if each.progress] == []
    assert before.standing is not None
    assert (before.standing.label, before.standing.reported) == ("未着手", 0)
    services.accept([sample.report("1-1-1")], sample.planner)
    tree = read_tree(plan)
    assert (tree.progress_year, tree.progress_label) == (2025, "令和7年度（2025年度）")
    progress = node(tree, "1-1-1").progress
    assert progress is not None
    assert (progress.status_label, progress.done, progress.direction) == ("進行中", "提出した文", "継続")
    assert (progress.rating, progress.rating_meaning) == ("B", "予定どおり進んでいる")
    assert [each.key for each in tree.walk() if each.progress] == ["1-1-1"]
    services.send_back(sample.report("1-1-1"), "あやまりが見つかった。", sample.planner)
    assert node(read_tree(plan, 2025), "1-1-1").progress is None


def test_status_rolls_up_by_weight_and_relisted_items_count_once(sample: YearOf) -> None:
    sample.hand_in("1-1-1", work_status="completed")
    services.accept([sample.report("1-1-1")], sample.planner)
    services.weigh(PlanItem.objects.get(key="1-1-1"), Decimal("3"))
    tree = read_tree(Plan.objects.get(), 2025)
    standing = node(tree, "1-1").standing
    assert standing is not None
    assert [(share.label, share.percent) for share in standing.shares] == [("未着手", "25.0％"), ("完了", "75.0％")]
    assert (standing.status, standing.items, standing.reported) == ("under_way", 2, 1)
    assert tree.standing is not None
    assert (tree.standing.items, tree.standing.reported) == (4, 1), "1-1-1, 1-1-2, 1-2 and 2-1-2"
    second_place = node(tree, "2-1").standing
    assert second_place is not None
    assert second_place.items == 1, "1-1-1 is listed there again and counts at its main place"


def test_a_status_by_hand_is_shown_with_the_computed_one_and_its_reason(sample: YearOf) -> None:
    sample.hand_in("1-1-1")
    services.accept([sample.report("1-1-1")], sample.planner)
    services.set_status_by_hand(
        sample.year, PlanItem.objects.get(key="1-1"), WorkStatus.COMPLETED, "もう要らなくなった。", sample.planner
    )
    tree = read_tree(Plan.objects.get(), 2025)
    standing = node(tree, "1-1").standing
    assert standing is not None
    assert (standing.label, standing.computed_label, standing.reason) == ("完了", "進行中", "もう要らなくなった。")
    above = node(tree, "1").standing
    assert above is not None
    # 1-1 counts as completed, and 1-2 has not begun.
    assert [(share.label, share.percent) for share in above.shares] == [("未着手", "50.0％"), ("完了", "50.0％")]
    assert (above.label, above.reason) == ("進行中", "")


def test_items_are_found_by_the_status_that_is_shown(sample: YearOf) -> None:
    """Without a report an item is not started; one with a status set by hand is that; a measure what it is made of."""
    for key in ("1-1-1", "1-1-2"):
        sample.hand_in(key, work_status="completed")
        services.accept([sample.report(key)], sample.planner)
    services.set_status_by_hand(
        sample.year, PlanItem.objects.get(key="1-1-2"), WorkStatus.STOPPED, "やめた。", sample.planner
    )
    tree = read_tree(Plan.objects.get())

    def found(status: str) -> list[str]:
        return [node.key for node in ItemFilter(tree, QueryDict(f"status={status}")).found() or []]

    assert found("stopped") == ["1-1-2"]
    assert found("completed") == ["1-1", "1-1-1"]
    assert found("not_started") == ["1-2", "2", "2-1", "2-1-2"]


def test_an_evaluation_is_public_once_its_year_is_closed(sample: YearOf) -> None:
    plan = Plan.objects.get()
    for item in (None, PlanItem.objects.get(key="1")):
        services.record_evaluation(
            Evaluation(
                year=sample.year,
                item=item,
                kind="third_party",
                text="よく進んだ。",
                rating=plan.ratings.get(mark="A"),
                met_on=date(2026, 7, 10),
            ),
            sample.planner,
        )
    assert read_tree(plan, 2025).evaluations == []
    services.close_year(sample.year)
    tree = read_tree(plan, 2025)
    [whole] = tree.evaluations
    assert (whole.kind_label, whole.text, whole.rating) == ("第三者評価", "よく進んだ。", "A")
    assert (whole.met_on, whole.met_on_label) == ("2026-07-10", "令和8年7月10日")
    assert [evaluation.text for evaluation in node(tree, "1").evaluations] == ["よく進んだ。"]
    assert read_tree(plan, 2024).evaluations == [], "of another year"


def test_the_years_before_stand_beside_the_year(sample: YearOf) -> None:
    plan = Plan.objects.get()
    sample.hand_in("1-1-1", done="2025年度の文")
    services.accept([sample.report("1-1-1")], sample.planner)
    sample.year = services.open_year(plan, 2026, date(2027, 5, 31))
    sample.hand_in("1-1-1", done="2026年度の文")
    services.accept([sample.report("1-1-1")], sample.planner)
    latest = node(read_tree(plan), "1-1-1")
    assert latest.progress is not None
    assert (latest.progress.fiscal_year, latest.progress.done) == (2026, "2026年度の文")
    assert [view.done for view in latest.earlier] == ["2025年度の文"]
    of_2025 = node(read_tree(plan, 2025), "1-1-1")
    assert of_2025.progress is not None
    assert (of_2025.progress.done, of_2025.earlier) == ("2025年度の文", []), "the year after is not known then"


def test_the_report_freezes_the_progress(sample: YearOf) -> None:
    sample.hand_in("1-1-1")
    services.accept([sample.report("1-1-1")], sample.planner)
    tree = read_tree(Plan.objects.get(), 2025)
    snapshot = build_snapshot(sample.municipality, tree, 2025, made_on=date(2026, 9, 1), is_sample=False)
    assert snapshot["schema"] == SCHEMA >= 2
    frozen = snapshot["plan"]["nodes"][0]["children"][0]["children"][0]
    assert frozen["progress"]["done"] == "説明会をひらいた。"
    assert frozen["standing"]["label"] == "進行中"
    assert snapshot["plan"]["progress_year"] == 2025


def test_a_plan_of_which_nothing_was_reported_says_nothing(in_shimonoseki: Municipality, sample: YearOf) -> None:
    tree = read_tree(Plan.objects.get(), 2027)
    assert (tree.progress_year, tree.standing, tree.evaluations) == (None, None, [])
    assert [each.standing for each in tree.walk() if each.standing] == []


@pytest.mark.parametrize("fiscal_year", [None, 2025])
def test_the_tree_is_as_many_queries_with_much_progress_as_with_little(sample: YearOf, fiscal_year: int | None) -> None:
    plan = Plan.objects.get()
    sample.hand_in("1-1-1")
    services.accept([sample.report("1-1-1")], sample.planner)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            asdict(read_tree(plan, fiscal_year))
        return len(queries)

    little = asked()
    for key in ("1-1-2", "2-1-2"):
        sample.hand_in(key)
        services.accept([sample.report(key)], sample.planner)
        services.weigh(PlanItem.objects.get(key=key), Decimal(2))
        services.set_status_by_hand(
            sample.year, PlanItem.objects.get(key=key), WorkStatus.STOPPED, "理由", sample.planner
        )
    services.close_year(sample.year)
    assert asked() == little
