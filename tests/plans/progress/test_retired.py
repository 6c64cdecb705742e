"""An item that is taken out of the plan in the middle of a year is asked for no more; what was said of it stays."""

from datetime import date

from django.test import Client

from civic.accounts.models import Role
from civic.tenancy.context import acting_as
from plans.editing import lifecycle, restructuring
from plans.models import Plan, ProgressReport
from plans.progress.queries import board, reporting_years, reports_of, unasked
from plans.progress.services import accept
from tests.conftest import SignIn
from tests.plans.progress.conftest import YearOf

TODAY = date(2026, 5, 1)


def asked(sample: YearOf) -> dict[str, int]:
    return {row.department.name: len(row.reports) for row in board(sample.year, TODAY)}


def retire(sample: YearOf, key: str) -> None:
    plan = Plan.objects.get()
    lifecycle.start_revision(plan, decided_on=TODAY, reason="見直し", by=sample.planner)
    restructuring.retire_item(plan.items.select_related("plan").get(key=key), on=TODAY, reason="終わった")


def test_a_retired_item_is_missing_from_nobodys_reports(sample: YearOf) -> None:
    assert asked(sample) == {"広報課": 2, "協働課": 2}
    sample.hand_in("1-1-2")
    retire(sample, "1-1-2")
    assert asked(sample) == {"広報課": 1, "協働課": 2}
    assert [report.item.key for report in reports_of(sample.officer, sample.year)] == ["1-1-1"]
    [year] = reporting_years()
    assert (year.asked, year.waiting) == (2, 0)
    assert ProgressReport.objects.get(item__key="1-1-2").done == "説明会をひらいた。"


def test_a_retired_items_report_has_no_page_any_more(opened: YearOf, signed_in: SignIn) -> None:
    browser = signed_in(opened.municipality, Role.PLANNER)
    page = "/shimonoseki/office/progress/sample/2025/items/1-1-2/"
    assert browser.get(page).status_code == 200
    with acting_as(opened.municipality):
        retire(opened, "1-1-2")
    assert browser.get(page).status_code == 404


def test_a_retired_item_is_not_asked_for(sample: YearOf) -> None:
    ProgressReport.objects.filter(item__key="1-1-2").delete()
    assert [item.key for item in unasked(sample.year)] == ["1-1-2"]
    retire(sample, "1-1-2")
    assert not unasked(sample.year).exists()


def test_its_address_stays_with_its_history_and_what_took_its_place(opened: YearOf, client: Client) -> None:
    with acting_as(opened.municipality):
        opened.hand_in("1-1-2", done="三回ひらいた。")
        accept([opened.report("1-1-2")], opened.planner)
        plan = Plan.objects.get()
        lifecycle.start_revision(plan, decided_on=TODAY, reason="見直し", by=opened.planner)
        restructuring.merge_items(
            plan.items.select_related("plan").get(key="1-1-1"),
            [plan.items.get(key="1-1-2")],
            on=TODAY,
            by=opened.planner,
        )
    gone = client.get("/shimonoseki/plans/sample/items/1-1-2/")
    assert gone.status_code == 410
    for words in ("三回ひらいた。", "令和7年度（2025年度）", 'href="/shimonoseki/plans/sample/items/1-1-1/"'):
        assert words in gone.content.decode()
    page = client.get("/shimonoseki/plans/sample/items/1-1-1/").content.decode()
    assert "統合" in page
    assert 'href="/shimonoseki/plans/sample/items/1-1-2/"' in page


def test_a_trace_into_a_draft_is_not_public(opened: YearOf, client: Client) -> None:
    with acting_as(opened.municipality):
        plan = Plan.objects.get()
        lifecycle.copy_plan(
            plan, slug="next", title="つぎの計画", first_fiscal_year=2029, last_fiscal_year=2033, by=opened.planner
        )
    page = "/shimonoseki/plans/sample/items/1-1-2/"
    assert "つぎの計画" not in client.get(page).content.decode()
    with acting_as(opened.municipality):
        Plan.objects.filter(slug="next").update(status=Plan.Status.IN_FORCE)
    assert "つぎの計画" in client.get(page).content.decode()
