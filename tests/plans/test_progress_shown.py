"""How far a plan has come: on its page and at each item's address; and items found by what is asked."""

from functools import cache

import pytest
from django.test import Client

from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from plans.demo import load_sample_years
from plans.loading import load
from plans.models import Plan, PlanItem, ProgressReport, WorkStatus
from tests.fixtures.documents import FIXTURES

PAGE = "/yamaguchi/plans/first/"


@pytest.fixture
def first(yamaguchi: Municipality) -> Municipality:
    """Yamaguchi's plan with four years of progress."""
    with acting_as(yamaguchi):
        load(FIXTURES / "yamaguchi")
        load_sample_years()
    return yamaguchi


def test_the_page_says_in_words_how_far_each_policy_has_come(client: Client, first: Municipality) -> None:
    page = client.get(PAGE).content.decode()
    with acting_as(first):
        tops = Plan.objects.get().items.filter(parent=None).count()
    assert page.count('class="plan-meter"') == tops
    assert "平成24年度（2012年度）の報告から" in page
    assert page.count("完了した割合") == tops + 1


def test_an_item_has_its_history_at_its_own_address(client: Client, first: Municipality) -> None:
    with acting_as(first):
        row = ProgressReport.objects.filter(state="accepted", year__fiscal_year=2010).select_related("item").first()
    assert row is not None
    page = client.get(f"{PAGE}items/{row.item.key}/").content.decode()
    assert row.done.split("\n")[0] in page
    for year in ("平成21年度", "平成22年度", "平成23年度", "平成24年度"):
        assert year in page


def test_items_are_found_by_status_department_audience_and_words(client: Client, first: Municipality) -> None:
    @cache  # a page that is kept has no context
    def found(**asked: str) -> set[str]:
        nodes = client.get(PAGE, asked).context["found"]
        return {node.key for node in nodes}

    with acting_as(first):
        completed = ProgressReport.objects.filter(
            year__fiscal_year=2012, work_status=WorkStatus.COMPLETED, state="accepted"
        )
        expected = set(completed.values_list("item__key", flat=True))
        item = PlanItem.objects.filter(sheet__purpose__contains="協働").first()
        assert item is not None
        department = item.item_departments.select_related("department").first().department.name  # type: ignore[union-attr]
        of_department = set(PlanItem.objects.filter(item_departments__department__name=department).values_list("key"))
        of_audience = set(
            PlanItem.objects.filter(sheet__sheet_audiences__audience__name="事業者").values_list("key", flat=True)
        )
        leaves = set(PlanItem.objects.filter(children=None).values_list("key", flat=True))
    assert expected
    assert found(status="completed") & leaves == expected
    assert found(department=department) == {key for (key,) in of_department}
    assert found(audience="事業者") == of_audience
    assert len(of_audience) == 8
    assert item.key in found(q="協働")
    assert found(q="１") == found(q="1") != set()
    assert found(q="この計画にないことば") == set()
    assert found(q="協働", department=department) == found(q="協働") & found(department=department)
    assert client.get(PAGE).context["found"] is None
    assert client.get(PAGE, {"status": "no-such"}).status_code == 200
