"""What everyone may read of plans, and what is no page."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from indicators.models import Indicator
from indicators.services import Entry, enter_figures
from plans.loading import load
from plans.models import AnnualReport, Plan, PlanItem, ReportPdf
from plans.queries import read_tree
from plans.reports.snapshot import build_snapshot, digest
from tests.fixtures.documents import FIXTURES
from tests.plans.long_plan import lengthen

PLANS = [("shimonoseki", "5th"), ("shimonoseki", "3rd"), ("yamaguchi", "first"), ("nagato", "second")]


@pytest.fixture
def plan(shimonoseki: Municipality, folder: Path) -> Plan:
    """The sample plan, adopted by Shimonoseki."""
    with acting_as(shimonoseki):
        load(folder)
        return Plan.objects.get()


def make_report(plan: Plan, municipality: Municipality, status: AnnualReport.Status) -> AnnualReport:
    """A report of 2025 in a status, its PDF a stand-in."""
    with acting_as(municipality):
        snapshot = build_snapshot(
            municipality, read_tree(plan, 2025), 2025, made_on=timezone.localdate(), is_sample=True
        )
        report = AnnualReport.objects.create(
            plan=plan,
            fiscal_year=2025,
            status=status,
            snapshot=snapshot,
            sha256=digest(snapshot),
            frozen_at=timezone.now(),
            published_at=None if status == AnnualReport.Status.FROZEN else timezone.now(),
            is_sample=True,
        )
        ReportPdf.objects.create(report=report, content=b"%PDF-1.7 stand-in", pages=1)
        return report


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


@pytest.mark.parametrize(("slug", "name"), PLANS)
def test_a_city_reads_its_plan_on_one_page(client: Client, db: None, slug: str, name: str) -> None:
    with acting_as(Municipality.objects.get(slug=slug)):
        load(FIXTURES / slug)
        plan = Plan.objects.get(slug=name)
        tree, texts, terms = read_tree(plan), list(plan.texts.all()), list(plan.terms.all())
    html = page(client, f"/{slug}/plans/{name}/")
    for node in tree.walk():
        assert f'href="/{slug}/plans/{name}/items/{node.key}/"' in html
        assert node.title in html
        for kpi in node.kpis:
            assert kpi.name in html
            assert kpi.baseline in html
        for row in node.roles:
            assert row.title in html
    for words in [*(text.heading for text in texts), *(term.term for term in terms)]:
        assert words in html
    assert html.count("【再掲】") == sum(1 for _ in _marked(tree.nodes))


def _marked(entries: list) -> Iterator[object]:
    for entry in entries:
        if getattr(entry, "relists", None):
            if entry.marked:
                yield entry
        else:
            yield from _marked(entry.children)


def test_the_list_tells_what_state_a_plan_is_in(client: Client, plan: Plan) -> None:
    html = page(client, "/shimonoseki/plans/")
    assert "見本の計画" in html
    assert "実施中" in html
    assert "令和6年度（2024年度）" in html


def test_a_page_names_the_formula_and_says_what_is_missing(client: Client, plan: Plan) -> None:
    html = page(client, "/shimonoseki/plans/sample/")
    assert "（実績値－現状値）÷（目標値－現状値）×100" in html
    assert "実績値がまだありません" in html
    assert "−" in html


def test_each_kpi_has_its_bar_with_the_numbers_beside(client: Client, plan: Plan, shimonoseki: Municipality) -> None:
    with acting_as(shimonoseki):
        enter_figures(2025, [Entry(Indicator.objects.get(key="participants"), Decimal(1400))])
    html = page(client, "/shimonoseki/plans/sample/")
    assert html.count('class="reach"') == 2
    # 1,200 in 2023, 1,600 by 2026: two of three years have gone.
    assert "目標値1,600人に対する達成率は50.0％。年度末の目安は66.7％。" in html
    row = html[html.index('<table class="table table--stack plan-reach"') :]
    row = row[row.index(">参加者数</a>") :]
    row = row[: row.index("</tr>")]
    for words in ("1,200人", "1,600人", "1,400人", "50.0％", "（目安 66.7％）"):
        assert words in row, words


def test_a_relisted_item_leads_to_its_main_place(client: Client, plan: Plan) -> None:
    html = page(client, "/shimonoseki/plans/sample/")
    assert "おもな場所：施策1 ①" in html
    assert 'href="#item-2-1-1"' in html


def test_an_item_has_a_page_of_its_own(client: Client, plan: Plan) -> None:
    html = page(client, "/shimonoseki/plans/sample/items/1-1-1/")
    for words in (
        "冊子の作成",
        "広報課・協働課",
        "<p>目的の一。</p><p>目的の二。</p>",
        "【大綱】",
        "重点",
        "来訪者",
        "「冊子」を補った。",
    ):
        assert words in html
    assert "1-1-2" in page(client, "/shimonoseki/plans/sample/items/1-1/")


@pytest.mark.parametrize(
    "address",
    [
        "/shimonoseki/plans/none/",
        "/shimonoseki/plans/sample/items/9-9/",
        "/shimonoseki/plans/sample/items/2-1-1/",  # a second place is no item
        "/nagato/plans/sample/",  # another municipality's
        "/nagato/plans/sample/items/1/",
        "/shimonoseki/plans/sample/reports/2025/",
        "/shimonoseki/plans/sample/reports/2025.pdf",
        "/shimonoseki/plans/sample/reports/99999999999999999999/",
        "/nagato/plans/sample/reports/2025/",
    ],
)
def test_what_is_not_there_is_not_found(client: Client, plan: Plan, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_draft_is_not_public(client: Client, plan: Plan, shimonoseki: Municipality) -> None:
    with acting_as(shimonoseki):
        Plan.objects.update(status=Plan.Status.DRAFT)
    assert "見本の計画" not in page(client, "/shimonoseki/plans/")
    assert client.get("/shimonoseki/plans/sample/").status_code == 404
    assert client.get("/shimonoseki/plans/sample/items/1/").status_code == 404


def test_a_frozen_report_is_not_public(client: Client, plan: Plan, shimonoseki: Municipality) -> None:
    make_report(plan, shimonoseki, AnnualReport.Status.FROZEN)
    assert client.get("/shimonoseki/plans/sample/reports/2025/").status_code == 404
    assert client.get("/shimonoseki/plans/sample/reports/2025.pdf").status_code == 404
    assert "2025.pdf" not in page(client, "/shimonoseki/plans/sample/")


def test_a_published_report_is_a_page_and_a_pdf(client: Client, plan: Plan, shimonoseki: Municipality) -> None:
    make_report(plan, shimonoseki, AnnualReport.Status.PUBLISHED)
    html = page(client, "/shimonoseki/plans/sample/reports/2025/")
    for words in (
        "令和7年度（2025年度）",
        "サンプル",
        "冊子の作成",
        "参加者数",
        "達成率 40.0％",
        "情報の発信",
        "「会場」を補った。",
    ):
        assert words in html
    pdf = client.get("/shimonoseki/plans/sample/reports/2025.pdf")
    assert (pdf.status_code, pdf["Content-Type"], pdf.content) == (200, "application/pdf", b"%PDF-1.7 stand-in")
    assert "/shimonoseki/plans/sample/reports/2025.pdf" in page(client, "/shimonoseki/plans/sample/")
    assert client.get("/nagato/plans/sample/reports/2025.pdf").status_code == 404


def test_a_published_report_does_not_follow_the_plan(client: Client, plan: Plan, shimonoseki: Municipality) -> None:
    make_report(plan, shimonoseki, AnnualReport.Status.PUBLISHED)
    with acting_as(shimonoseki):
        Plan.objects.update(title="改めた計画")
        PlanItem.objects.filter(key="2").delete()
    html = page(client, "/shimonoseki/plans/sample/reports/2025/")
    assert "改めた計画" not in html
    assert "場をつくる" in html


@pytest.mark.parametrize("address", ["", "items/1-1-1/", "reports/2025/"])
def test_a_longer_plan_asks_no_more_questions(
    client: Client, plan: Plan, shimonoseki: Municipality, address: str
) -> None:
    make_report(plan, shimonoseki, AnnualReport.Status.PUBLISHED)
    page(client, "/shimonoseki/plans/")  # what is asked once per process
    with CaptureQueriesContext(connection) as few:
        page(client, f"/shimonoseki/plans/sample/{address}")
    with acting_as(shimonoseki):
        outermost = PlanItem.objects.get(key="1").level
        PlanItem.objects.bulk_create(
            PlanItem(plan=plan, level=outermost, key=f"more-{n}", position=n, title=f"項目{n}") for n in range(80)
        )
    with CaptureQueriesContext(connection) as many:
        page(client, f"/shimonoseki/plans/sample/{address}")
    assert len(many) == len(few)


@pytest.mark.parametrize("address", ["", "items/1-1-1/"])
def test_a_hundred_items_with_all_that_they_have_ask_no_more_than_one(
    client: Client, plan: Plan, shimonoseki: Municipality, address: str
) -> None:
    with acting_as(shimonoseki):
        lengthen(plan, 1)
    page(client, "/shimonoseki/plans/")  # what is asked once per process
    with CaptureQueriesContext(connection) as few:
        page(client, f"/shimonoseki/plans/sample/{address}")
    with acting_as(shimonoseki):
        lengthen(plan, 99)
    with CaptureQueriesContext(connection) as many:
        html = page(client, f"/shimonoseki/plans/sample/{address}")
    assert len(many) == len(few)
    if not address:
        assert html.count("年度ごとの進みぐあい") == 100
