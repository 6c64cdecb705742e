"""The four cities' plans in the database: all that the plan files hold, word for word."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.db.models import Model, QuerySet

from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from plans.loading import load
from plans.models import (
    ItemText,
    Plan,
    PlanItem,
    Relisting,
    RoleRow,
    ScheduleEntry,
    Sheet,
)
from tests.fixtures.documents import FIXTURES, Record
from tests.fixtures.documents import load as plan_file

PLANS = [("shimonoseki", "5th"), ("shimonoseki", "3rd"), ("yamaguchi", "first"), ("nagato", "second")]
COUNTS = {
    "5th": ({"基本方針": 4, "具体的な施策": 10, "項目": 27}, 0, 0, 7, 0),
    "3rd": ({"基本方針": 3}, 0, 0, 10, 24),
    "first": ({"推進方針": 5, "推進施策": 16, "推進項目": 47}, 5, 5, 5, 0),
    "second": ({"基本方針": 4, "基本施策": 9, "個別施策": 20, "事項": 56}, 15, 14, 0, 0),
}


def items(record: Record) -> Iterator[Record]:
    for item in record.get("children", record.get("items", [])):
        yield item
        yield from items(item)


@pytest.fixture(params=PLANS, ids="/".join)
def both(request: pytest.FixtureRequest, db: None) -> Iterator[tuple[Plan, Record]]:
    """A plan as loaded, and its file."""
    slug, plan = request.param
    with acting_as(Municipality.objects.get(slug=slug)):
        load(FIXTURES / slug)
        yield Plan.objects.get(slug=plan), plan_file(f"{slug}/plan-{plan}.json")


def of(plan: Plan, model: type[Model]) -> QuerySet:
    return model._default_manager.filter(item__plan=plan)


def test_the_counts_are_those_of_the_printed_plan(both: tuple[Plan, Record]) -> None:
    plan, _record = both
    levels, relisted, marked, kpis, roles = COUNTS[plan.slug]
    assert {level.name: level.items.count() for level in plan.levels.all()} == levels
    assert plan.relistings.count() == relisted
    assert plan.relistings.filter(marked=True).count() == marked
    assert plan.indicators.count() == kpis
    assert of(plan, RoleRow).count() == roles


def test_every_item_and_every_second_place_is_there(both: tuple[Plan, Record]) -> None:
    plan, record = both
    kept = dict(plan.items.values_list("key", "title")) | dict(plan.relistings.values_list("key", "title"))
    assert kept == {item["key"]: item["title"] for item in items(record)}
    assert dict(plan.relistings.values_list("key", "item__key")) == {
        item["key"]: item["relists"] for item in items(record) if "relists" in item
    }


def test_every_passage_is_there_word_for_word(both: tuple[Plan, Record]) -> None:
    plan, record = both
    assert [(text.heading, text.body.split("\n") if text.body else []) for text in plan.texts.all()] == [
        (text["heading"] or "", text["body"]) for text in record["texts"]
    ]
    for item in items(record):
        own = ItemText.objects.filter(item__plan=plan, item__key=item["key"])
        assert [text.body for text in own] == ["\n".join(text["body"]) for text in item.get("texts") or []]
    assert list(plan.terms.values_list("term", "body")) == [(term["term"], term["body"]) for term in record["terms"]]


def test_every_sheet_is_there_word_for_word(both: tuple[Plan, Record]) -> None:
    plan, record = both
    sheets = {item["key"]: item["sheet"] for item in items(record) if item.get("sheet")}
    kept = {sheet.item.key: sheet for sheet in of(plan, Sheet).select_related("item")}
    assert kept.keys() == sheets.keys()
    for key, sheet in kept.items():
        for name in ("implementers", "purpose", "situation", "content", "completion", "tag", "audience_other"):
            assert getattr(sheet, name) == (sheets[key][name] or ""), key
        assert [row.audience.name for row in sheet.sheet_audiences.order_by("audience__position")] == (
            sheets[key]["audience"]
        ), key
        assert [row.department.name for row in sheet.item.item_departments.all()] == sheets[key]["departments"], key
        assert list(of(plan, ScheduleEntry).filter(item=sheet.item).values_list("fiscal_year", "text", "arrow")) == [
            (cell["fiscal_year"], cell["text"] or "", cell.get("arrow", False))
            for cell in sheets[key]["schedule"]
            if cell["text"] or cell.get("arrow")
        ], key


def test_every_kpi_is_there_with_all_its_targets(both: tuple[Plan, Record]) -> None:
    plan, record = both
    kept = {row.key: row.commitment for row in plan.indicators.select_related("commitment__indicator")}
    assert list(kept) == [kpi["key"] for kpi in record["indicators"]]
    for kpi in record["indicators"]:
        commitment, baseline = kept[kpi["key"]], kpi["baseline"]
        assert (commitment.name, commitment.answer) == (kpi["name"], kpi["answer"] or "")
        assert commitment.baseline_printed == baseline["printed"]
        assert commitment.baseline_value == (baseline["value"] and Decimal(baseline["value"]))
        assert [(target.label, target.printed, target.value) for target in commitment.targets.all()] == [
            (target["label"], target["printed"], Decimal(target["value"])) for target in kpi["targets"]
        ]


def test_who_does_what_is_there_row_by_row(both: tuple[Plan, Record]) -> None:
    plan, record = both
    for table in record["roles"]:
        rows = of(plan, RoleRow).filter(item__key=table["item"])
        assert [(row.title, [a.actor.name for a in row.assignments.order_by("actor__position")]) for row in rows] == [
            (row["title"], row["cells"]) for row in table["rows"]
        ]


def test_every_record_names_its_document(both: tuple[Plan, Record]) -> None:
    plan, record = both
    for model in (PlanItem, Relisting):
        assert not model.objects.filter(plan=plan).exclude(source__file=record["source"]["file"]).exists()
    restored = plan.items.filter(restored=True).count() + of(plan, RoleRow).filter(restored=True).count()
    assert restored == sum(bool(item.get("restored")) for item in items(record)) + sum(
        bool(row.get("restored")) for table in record["roles"] for row in table["rows"]
    )


def test_one_series_runs_through_two_plans_of_shimonoseki(shimonoseki: Municipality) -> None:
    with acting_as(shimonoseki):
        load(FIXTURES / "shimonoseki")
        third, fifth = (
            plan.indicators.get(key="activity-experience").commitment for plan in Plan.objects.order_by("slug")
        )
        assert third.indicator == fifth.indicator
        assert (third.baseline_value, fifth.baseline_value) == (Decimal("29.3"), Decimal("39.5"))
        assert fifth.targets.get().value == Decimal("45.0")
