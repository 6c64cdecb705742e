"""A planner's report: asked for, watched while it is made, published, and read by a citizen; and what goes into it."""

import io
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import APIRequestContext, Browser, Page, expect
from pypdf import PdfReader

from tests.portal import Portal

REPORTS = "/nagato/office/plans/second/reports/"
PDF = "/nagato/plans/second/reports/2019.pdf"
TWENTY_KPIS = """
with plan as (
  insert into plans_plan (slug, title, status, first_fiscal_year, last_fiscal_year,
    source, restored, source_note, subtitle, slogan, publisher, published, file_sha256)
  values ('twenty', '指標が20の計画', 'draft', 2022, 2026, '{}', false, '', '', '', '', '', '') returning id
), series as (
  insert into indicators_indicator (key, name, unit, decimals, direction, answer, definition, measure)
  select 'of-twenty-' || n, '指標' || n, '件', 0, 'increase', '', '', '' from generate_series(1, 20) n returning *
), promise as (
  insert into indicators_commitment (indicator_id, name, formula,
    source, restored, source_note, answer, baseline_label, baseline_printed, note)
  select id, name, 'level', '{}', false, '', '', '', '', '' from series returning *
)
insert into plans_planindicator (plan_id, commitment_id, key, position)
select plan.id, promise.id, 'kpi-' || row_number() over by_series, row_number() over by_series
from promise, plan window by_series as (order by indicator_id)
"""


@pytest.fixture
def citizen(chromium: Browser, portal: Portal) -> Iterator[APIRequestContext]:
    """Somebody who has not signed in."""
    context = chromium.new_context(base_url=f"http://127.0.0.1:{portal.port}")
    yield context.request
    context.close()


def test_a_planner_makes_and_publishes_a_report(sign_in: Callable[[str], Page], citizen: APIRequestContext) -> None:
    assert citizen.get(PDF).status == 404
    planner = sign_in("planner@nagato.example.jp")
    planner.goto(REPORTS)
    planner.get_by_label("年度").select_option("2019")
    planner.get_by_role("button", name="年次報告書を作る").click()
    expect(planner).to_have_url(re.compile("/nagato/office/jobs/"))
    expect(planner.get_by_role("heading", level=1)).to_contain_text("令和元年度（2019年度）")
    expect(planner.locator("#job")).to_contain_text("できました", timeout=60_000)

    planner.get_by_role("link", name="できたものを見る").click()
    row = planner.get_by_role("row").filter(has_text="令和元年度（2019年度）")
    expect(row).to_contain_text("確定（公開前）")
    assert citizen.get(PDF).status == 404
    row.get_by_role("link", name="公開する").click()
    expect(planner.get_by_text("公開は取り消せません")).to_be_visible()
    assert citizen.get(PDF).status == 404
    planner.get_by_role("button", name="公開する").click()
    expect(planner.get_by_text("令和元年度（2019年度）の年次報告書を公開しました。")).to_be_visible()
    expect(row).to_contain_text("公開中")

    answer = citizen.get(PDF)
    assert answer.headers["content-type"] == "application/pdf"
    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(answer.body())).pages)
    assert "中間支援組織" in text
    assert "サンプル" not in text


def tab_to(page: Page, selector: str) -> int:
    """Press Tab until what is looked for has the focus; return how often that was."""
    for presses in range(1, 200):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return presses
    raise AssertionError(f"Tab never came to {selector}.")


def test_twenty_kpis_are_entered_in_one_table_by_keyboard_alone(sign_in: Callable[[str], Page], portal: Portal) -> None:
    with portal.database() as database, database.transaction():
        database.execute(
            "select set_config('app.municipality_id', id::text, true) from tenancy_municipality where slug = 'nagato'"
        )
        database.execute(TWENTY_KPIS)
    planner = sign_in("planner@nagato.example.jp")
    planner.goto("/nagato/office/plans/twenty/figures/2022/")
    for number in range(1, 21):
        presses = tab_to(planner, "[name$=-value]")
        assert number == 1 or presses <= 6, "a row's other fields, and the name of the next"
        planner.keyboard.type(f"{number}00")
    planner.keyboard.press("Enter")
    expect(planner.get_by_text("20件の実績値を保存しました。")).to_be_visible()

    planner.goto("/nagato/office/plans/twenty/figures/2022/")
    kept = planner.locator("[name$=-value]")
    assert [cell.input_value() for cell in kept.all()] == [f"{number}00" for number in range(1, 21)]


def test_an_officer_reports_on_items_and_hands_them_in_by_keyboard_alone(sign_in: Callable[[str], Page]) -> None:
    officer = sign_in("officer@shimonoseki.example.jp")
    officer.goto("/shimonoseki/office/progress/5th/2026/mine/")
    written = {}
    for words in ("説明会を3回ひらきました。", "冊子を500部くばりました。"):
        tab_to(officer, "[name$=-work_status]")
        officer.keyboard.press("End")
        tab_to(officer, "[name$=-done]")
        officer.keyboard.press("Control+A")
        officer.keyboard.type(words)
        item = officer.evaluate("document.activeElement.closest('section').id")
        expect(officer.locator(f"#{item} .progress-saved")).to_contain_text("保存しました")
        written[item] = words
    tab_to(officer, "#submit-all button")
    officer.keyboard.press("Enter")
    expect(officer.get_by_text("件を提出しました。")).to_be_visible()

    officer.goto("/shimonoseki/office/progress/5th/2026/mine/")
    for item, words in written.items():
        report = officer.locator(f"#{item}")
        expect(report.get_by_role("heading", level=2)).to_contain_text("提出済み")
        expect(report).to_contain_text(words)
