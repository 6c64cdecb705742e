"""Plan files become records, once, and again only when they change."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from civic.audit.models import Change
from indicators.models import Commitment, Indicator, Target
from plans.editing.restructuring import add_item
from plans.loading import SeriesDisagree, load
from plans.models import Plan, PlanIndicator, PlanItem, Relisting, RoleRow, Sheet
from tests.plans.sample_plan import KPI, SHEET, SOURCE, write_plan

pytestmark = pytest.mark.usefixtures("in_shimonoseki")


def test_an_item_has_all_that_its_sheet_says(folder: Path) -> None:
    load(folder)
    sheet = Sheet.objects.select_related("item").get()
    assert sheet.item.key == "1-1-1"
    assert sheet.item.emphasis
    assert sheet.purpose == SHEET["purpose"]
    assert (sheet.tag, sheet.audience_other) == ("【大綱】", "来訪者")
    assert [row.audience.name for row in sheet.sheet_audiences.all()] == ["市民", "その他"]
    assert [row.department.name for row in sheet.item.item_departments.all()] == ["広報課", "協働課"]
    assert list(sheet.item.schedule.values_list("fiscal_year", "text", "arrow")) == [
        (2024, "検討", False),
        (2025, "実施", True),
        (2026, "", True),
    ]


def test_a_relisting_is_no_second_item(folder: Path) -> None:
    load(folder)
    assert PlanItem.objects.filter(level__name="項目").count() == 3
    relisting = Relisting.objects.get()
    assert (relisting.item.key, relisting.parent.key, relisting.position) == ("1-1-1", "2-1", 1)
    assert relisting.title == "冊子をつくる"


def test_every_record_cites_its_source(folder: Path) -> None:
    load(folder)
    own = PlanItem.objects.get(key="1-1-1")
    assert own.source == {"file": "sample.txt", "place": "3ページ"}
    assert (own.restored, own.source_note) == (True, "「冊子」を補った。")
    inherited = {"file": "sample.txt", "place": "全体"}
    assert Plan.objects.get().source == SOURCE
    assert PlanItem.objects.get(key="2-1-2").source == inherited
    assert Relisting.objects.get().source == inherited
    assert Commitment.objects.first().source == inherited
    assert RoleRow.objects.get(position=2).source_note == "「会場」を補った。"


def test_kpis_commit_to_series(folder: Path) -> None:
    load(folder)
    rows = {row.key: row for row in PlanIndicator.objects.select_related("item", "commitment__indicator")}
    assert rows["participants"].item.key == "1"
    assert rows["matches"].item is None
    assert rows["participants"].commitment.formula == "baseline"
    assert rows["matches"].commitment.formula == "level"
    assert rows["matches"].commitment.baseline_value is None
    assert list(Target.objects.filter(commitment=rows["participants"].commitment).values_list("value", "printed")) == [
        (Decimal(1600), "1,600人"),
        (Decimal(2000), "2,000人"),
    ]


def test_a_series_is_named_as_in_the_latest_plan(folder: Path) -> None:
    write_plan(
        folder, slug="earlier", first_fiscal_year=2019, last_fiscal_year=2023, indicators=[{**KPI, "name": "旧い名"}]
    )
    load(folder)
    indicator = Indicator.objects.get(key="participants")
    assert indicator.name == "参加者数"
    assert set(indicator.commitments.values_list("name", flat=True)) == {"参加者数", "旧い名"}


def test_plans_may_not_measure_one_series_in_two_units(folder: Path) -> None:
    write_plan(folder, slug="earlier", first_fiscal_year=2019, indicators=[{**KPI, "unit": "件"}])
    with pytest.raises(SeriesDisagree, match="participants"):
        load(folder)


def test_a_second_run_writes_nothing(folder: Path) -> None:
    load(folder)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        load(folder)
    assert [query["sql"].split()[0] for query in queries] == ["SELECT"]


def test_a_plan_whose_file_has_changed_is_left_alone_and_that_is_said(folder: Path) -> None:
    load(folder)
    said = load(write_plan(folder, title="改めた計画", slug="sample"))
    assert said == ["Left alone: the plan sample whose file has changed since it was loaded."]
    assert Plan.objects.get().title == "見本の計画"


def test_a_plan_that_was_edited_is_left_alone_and_that_is_said(folder: Path) -> None:
    load(write_plan(folder, status="draft"))
    plan = Plan.objects.get()
    add_item(plan, None, "市が加えた項目")
    assert Plan.objects.get().file_sha256 == ""
    assert load(folder) == ["Left alone: the plan sample that was edited on the portal."]
    assert load(write_plan(folder, title="改めた計画")) == [
        "Left alone: the plan sample that was edited on the portal."
    ]
    assert plan.items.filter(title="市が加えた項目").exists()


def test_a_plan_that_is_absent_is_loaded_beside_one_that_is_left_alone(folder: Path) -> None:
    load(folder)
    assert load(write_plan(folder, slug="later", first_fiscal_year=2029, last_fiscal_year=2033)) == []
    assert {plan.slug: plan.items.count() for plan in Plan.objects.all()} == {"sample": 8, "later": 8}


def test_loading_another_plan_leaves_a_series_as_the_city_has_it(folder: Path) -> None:
    load(folder)
    Indicator.objects.filter(key="participants").update(name="市が直した名")
    load(write_plan(folder, slug="later"))
    assert Indicator.objects.get(key="participants").name == "市が直した名"


def test_loading_leaves_its_trace(folder: Path) -> None:
    load(folder)
    assert Change.objects.filter(table_name="plans_plan", action="insert").count() == 1


def test_a_paragraph_holds_no_line_feed(tmp_path: Path) -> None:
    write_plan(tmp_path, texts=[{"kind": "purpose", "heading": "目的", "body": ["一\n二"]}])
    with pytest.raises(ValueError, match="目的"):
        load(tmp_path)
