"""A planner's report: asked for, watched while it is made, published, and read by a citizen."""

import io
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import APIRequestContext, Browser, Page, expect
from pypdf import PdfReader

from tests.portal import Portal

REPORTS = "/nagato/office/plans/second/reports/"
PDF = "/nagato/plans/second/reports/2019.pdf"


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
