"""How far a plan has come: on its page, at each item's address, in the report; and items found by what is asked."""

import io
from functools import cache

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from plans.demo import load_demo
from plans.loading import load
from plans.models import (
    AnnualReport,
    Plan,
    PlanItem,
    ProgressReport,
    ScheduleEntry,
    WorkStatus,
)
from tests.fixtures.documents import FIXTURES
from tests.plans.printed_pages import bare

PAGE = "/yamaguchi/plans/first/"


@pytest.fixture
def first(yamaguchi: Municipality) -> Municipality:
    """Yamaguchi's plan with four years of progress, and its report."""
    with acting_as(yamaguchi):
        load(FIXTURES / "yamaguchi")
        load_demo()
    return yamaguchi


def test_the_whole_of_yamaguchi_four_years_of_progress_in_print(first: Municipality) -> None:
    """Every sheet with its schedule cell by cell, and every accepted report of every year."""
    with acting_as(first):
        report = AnnualReport.objects.get()
        pages = PdfReader(io.BytesIO(bytes(report.pdf.content))).pages
        text = bare("".join(page.extract_text() for page in pages))
        reports = list(ProgressReport.objects.filter(state="accepted", year__fiscal_year__lte=2012))
        assert len({row.year_id for row in reports}) == 4
        missing = [row.pk for row in reports if bare(row.done) not in text]
        assert missing == []
        entries = {
            key: list(ScheduleEntry.objects.filter(item__key=key))
            for key in PlanItem.objects.filter(sheet__isnull=False).values_list("key", flat=True)
        }
    assert len(entries) == 47
    for key, cells in entries.items():
        printed = "".join(cell.text + ("→" if cell.arrow else "") for cell in cells)
        assert bare(f"年次計画{printed}") in text, key


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
    assert expected
    with acting_as(first):
        leaves = set(PlanItem.objects.filter(children=None).values_list("key", flat=True))
    assert found(status="completed") & leaves == expected
    assert found(department=department) == {key for (key,) in of_department}
    if of_audience:
        assert found(audience="事業者") == of_audience
    assert item.key in found(q="協働")
    assert found(q="１") == found(q="1") != set()
    assert found(q="この計画にないことば") == set()
    assert found(q="協働", department=department) == found(q="協働") & found(department=department)
    assert client.get(PAGE).context["found"] is None
    assert client.get(PAGE, {"status": "no-such"}).status_code == 200


def test_the_page_is_a_fixed_number_of_queries_however_many_items(client: Client, first: Municipality) -> None:
    def asked(words: str) -> int:
        """Each time for other words, so that no kept page answers."""
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PAGE, {"q": words}).status_code == 200
        return len(queries)

    asked("協働")
    before = asked("市民")
    with acting_as(first):
        parent = PlanItem.objects.filter(children__isnull=False, level__depth=2).first()
        assert parent is not None
        level = parent.children.first().level  # type: ignore[union-attr]
        PlanItem.objects.bulk_create(
            PlanItem(plan=parent.plan, parent=parent, level=level, key=f"more-{n}", title="協働", position=500 + n)
            for n in range(100)
        )
    assert asked("計画") == before
