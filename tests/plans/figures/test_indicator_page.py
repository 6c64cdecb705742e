"""A KPI's own page: chart, table, definition, breaks, the formula and what it gives."""

from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client
from pypdf import PdfReader

from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from indicators.models import Actual, Indicator
from indicators.services import Entry, enter_figures
from plans.figures.queries import indicator_page
from plans.loading import load
from plans.models import Plan
from plans.reports.pdf import render_pdf
from plans.services import draft_snapshot
from tests.fixtures.documents import FIXTURES
from tests.plans.printed_pages import bare
from tests.plans.sample_plan import KPI, write_plan

PAGE = "/shimonoseki/plans/sample/indicators/participants/"
OFFICE = "/shimonoseki/office/plans/sample/indicators/participants/"
FALLING = {
    **KPI,
    "direction": "decrease",
    "unit": "件",
    "baseline": {"label": "令和5年度", "fiscal_year": 2023, "value": "100", "printed": "100件"},
    "targets": [{"label": "令和10年度", "fiscal_year": 2028, "value": "20", "printed": "20件"}],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_plan(tmp_path, indicators=[FALLING])


def enter(municipality: Municipality, **years: str) -> None:
    with acting_as(municipality):
        indicator = Indicator.objects.get(key="participants")
        for year, value in years.items():
            enter_figures(int(year.removeprefix("fy")), [Entry(indicator, Decimal(value))])


def page(browser: Client) -> str:
    response = browser.get(PAGE)
    assert response.status_code == 200
    return response.content.decode()


def test_a_falling_kpi_prints_its_achievement_and_formula(
    client: Client, plan: Plan, shimonoseki: Municipality
) -> None:
    enter(shimonoseki, fy2024="110", fy2026="30")
    text = page(client)
    assert "87.5％" in text
    assert "（実績値－現状値）÷（目標値－現状値）×100" in text
    assert "（30－100）÷（20－100）×100＝87.5％" in text
    # Worse than the baseline.
    assert "（110－100）÷（20－100）×100＝-12.5％" in text
    with acting_as(shimonoseki):
        rows = {row.fiscal_year: row for row in indicator_page(plan, "participants").years}
    assert [rows[year].achievement for year in range(2023, 2029)] == [None, "-12.5％", None, "87.5％", None, None]
    assert [rows[year].pace for year in range(2024, 2029)] == ["20.0％", "40.0％", "60.0％", "80.0％", "100.0％"]


def test_a_falling_kpi_is_printed_so_in_the_report(plan: Plan, shimonoseki: Municipality) -> None:
    enter(shimonoseki, fy2024="110", fy2026="30")
    with acting_as(shimonoseki):
        pdf = render_pdf(draft_snapshot(plan, 2026), lambda percent, words: None)
    text = bare("".join(page.extract_text() for page in PdfReader(BytesIO(pdf.content)).pages))
    assert bare("87.5％計算：（実績値－現状値）÷（目標値－現状値）×100（30－100）÷（20－100）×100＝87.5％") in text
    assert bare("令和7年度（2025年度）−−") in text


def test_a_missing_year_is_a_dash(client: Client, plan: Plan, shimonoseki: Municipality) -> None:
    enter(shimonoseki, fy2024="90", fy2026="30")
    row = page(client).split("令和7年度（2025年度）</th>")[1].split("</tr>")[0]
    assert row.count('<span aria-hidden="true">−</span>') == 3
    assert "0件" not in row


def test_chart_and_numbers_stand_side_by_side(client: Client, plan: Plan, shimonoseki: Municipality) -> None:
    enter(shimonoseki, fy2024="90")
    text = page(client)
    assert text.count("<svg xmlns") == 1
    assert 'role="img"' in text
    assert " style=" not in text
    assert "90件" in text


def test_a_survey_is_told_with_its_answers(client: Client, plan: Plan, shimonoseki: Municipality) -> None:
    with acting_as(shimonoseki):
        indicator = Indicator.objects.get(key="participants")
        enter_figures(2024, [Entry(indicator, Decimal(90), Actual.Status.PROVISIONAL, 1234, Decimal("40.0"), "郵送")])
    text = page(client)
    for words in ("速報値", "回答数 1,234人", "回収率 40％", "郵送"):
        assert words in text


def test_people_become_cases(client: Client, planner: Client, plan: Plan, shimonoseki: Municipality) -> None:
    enter(shimonoseki, fy2024="90", fy2025="80", fy2026="30")
    note = "人数（延べ）から件数に変えました。"
    assert planner.post(f"{OFFICE}breaks/", {"fiscal_year": "2026", "note": note}).status_code == 302
    text = page(client)
    assert f"ここで定義が変わりました：{note}" in text
    assert "途中で定義が変わったため計算しません" in text
    assert 'stroke-dasharray="2 4"' in text
    with acting_as(shimonoseki):
        found = indicator_page(plan, "participants")
    assert text.count("<svg xmlns") == 1
    assert found.kpi.achievement is None
    assert [row.achievement for row in found.years if row.figure] == ["12.5％", "25.0％", None]
    assert {row.pace for row in found.years} == {None}

    assert planner.post(f"{OFFICE}breaks/2026/remove/").status_code == 302
    assert "87.5％" in page(client)
    assert planner.post(f"{OFFICE}breaks/2026/remove/").status_code == 404


@pytest.mark.parametrize(("year", "note"), [("1900", "あ"), ("", "あ"), ("2026", ""), ("2026\0", "あ")])
def test_a_wrong_break_is_said_by_its_field(
    planner: Client, plan: Plan, shimonoseki: Municipality, year: str, note: str
) -> None:
    response = planner.post(f"{OFFICE}breaks/", {"fiscal_year": year, "note": note})
    assert response.status_code == 400
    assert response.context["break_form"].errors
    with acting_as(shimonoseki):
        assert not Indicator.objects.get(key="participants").breaks.exists()


def test_a_kpi_or_a_plan_that_is_not_there(client: Client, plan: Plan, shimonoseki: Municipality) -> None:
    assert client.get("/shimonoseki/plans/sample/indicators/nothing/").status_code == 404
    with acting_as(shimonoseki):
        Plan.objects.update(status=Plan.Status.DRAFT)
    assert client.get(PAGE).status_code == 404


def test_shimonosekis_activity_experience_runs_from_the_third_plan_to_the_fifth(
    client: Client, shimonoseki: Municipality
) -> None:
    with acting_as(shimonoseki):
        load(FIXTURES / "shimonoseki")
        third, fifth = (indicator_page(Plan.objects.get(slug=slug), "activity-experience") for slug in ("3rd", "5th"))
    assert [
        (p.begins, p.baseline and p.baseline.value[:4], [t.value[:4] for t in p.targets])
        for p in fifth.kpi.history.promises
    ] == [
        (2016, "29.3", ["35.0"]),
        (2026, "39.5", ["45.0"]),
    ]
    assert third.kpi.history == fifth.kpi.history
    assert fifth.years[0].label == "平成２□年"
    assert [row.fiscal_year for row in fifth.years][1:] == list(range(2016, 2031))
    text = client.get("/shimonoseki/plans/5th/indicators/activity-experience/").content.decode()
    drawing = text.split("<svg xmlns")[1].split("</svg>")[0]
    for words in (">29.3<", ">39.5<", ">45.0<", "年度不明"):
        assert words in drawing
