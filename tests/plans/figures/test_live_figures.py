"""From a KPI on the plan's page to its rows; closed, corrected, and the published report as it was."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from civic.accounts.models import Role
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from indicators.models import Closing, Indicator
from matching.models import HelpRequest, Match, MatchState, MatchStep, Supporter
from plans.models import AnnualReport, Plan
from plans.services import draft_snapshot, make_corrected_edition, make_report
from tests.conftest import MakeMember, SignIn
from tests.plans.figures.conftest import TABLE, Consult

PLAN = "/shimonoseki/plans/sample/"
PAGE = f"{PLAN}indicators/matches/"
ROWS = f"{TABLE}matches/rows/"
REPORTS = "/shimonoseki/office/plans/sample/reports/"
# Fiscal year 2025, in Japan.
BEGINS, ENDS = (datetime(year, 4, 1, tzinfo=timezone.get_default_timezone()) for year in (2025, 2026))
DAY = timedelta(days=1)
WHY = "終わっていない活動が数えられていました。"


def quietly(percent: int, words: str) -> None:
    pass


def content(browser: Client, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


@pytest.fixture
def matched() -> Callable[[Municipality, datetime], Match]:
    """Somebody helped a group of the guild, and it was done at a moment."""

    def record(municipality: Municipality, at: datetime) -> Match:
        with acting_as(municipality):
            asked = {"what": "草とり", "when": "土曜日", "where": "公園", "people_needed": 1}
            match = Match.objects.create(
                request=HelpRequest.objects.create(title="花の手入れ", **asked),
                supporter=Supporter.objects.create(nickname="ひみつの呼び名"),
                state=MatchState.COMPLETED,
            )
            MatchStep.objects.create(match=match, state=match.state, actor=MatchStep.Actor.GROUP, at=at)
            return match

    return record


def test_a_figure_from_the_plans_page_to_its_correction(
    planner: Client,
    client: Client,
    plan: Plan,
    counted: Indicator,
    matched: Callable[[Municipality, datetime], Match],
    shimonoseki: Municipality,
    yamaguchi: Municipality,
    member: MakeMember,
) -> None:
    with acting_as(shimonoseki):
        Indicator.objects.filter(pk=counted.pk).update(measure="matching.completed_matches")
    second = timedelta(seconds=1)
    records = [matched(shimonoseki, BEGINS), *(matched(shimonoseki, BEGINS + DAY * day) for day in range(100, 133))]
    records.append(matched(shimonoseki, ENDS - second))
    for municipality, at in ((shimonoseki, BEGINS - second), (shimonoseki, ENDS), (yamaguchi, BEGINS + DAY)):
        matched(municipality, at)

    # The plan's page leads to the KPI's own, which shows the year's count to everyone and its rows to the office.
    assert f'href="{PAGE}"' in content(client, PLAN)
    assert "35件" in content(client, PAGE)
    assert ROWS not in content(client, PAGE)
    assert f'href="{ROWS}"' in content(planner, PAGE)

    # The rows, filtered to the year and a page at a time, add up to it.
    pages = [planner.get(f"{ROWS}?page={number}").context["page"] for number in (1, 2)]
    rows = [row for page in pages for row in page.object_list]
    assert sum(row.value for row in rows) == 35
    assert {row.key for row in rows} == {record.pk for record in records}
    assert "ひみつ" not in content(planner, ROWS)

    # The report is made; to publish it closes the year's figures, and whoever confirms it is told which.
    with acting_as(shimonoseki):
        make_report(plan, 2025, quietly)
        assert not Closing.objects.exists()
    assert [row.name for row in planner.get(f"{REPORTS}2025/publish/").context["closing"]] == ["紹介の件数"]
    planner.post(f"{REPORTS}2025/publish/")
    pdf = client.get(f"{PLAN}reports/2025.pdf").content
    assert "35件" in read(pdf)
    with acting_as(shimonoseki):
        closing = Closing.objects.get()
        assert (closing.indicator_id, closing.value, closing.row_count) == (counted.pk, 35, 35)
        assert closing.closed_by is not None

    # One turns out not to have been done after all.
    staff = Client()
    staff.force_login(member(shimonoseki, Role.STAFF))
    taken_back = {"step": "reopen", "comment": "まだ続いています。"}
    assert staff.post(f"/shimonoseki/office/guild/matches/{records[0].pk}/step/", taken_back).status_code == 302
    differs = "公表値と現在の値がちがいます。公表値 35件、現在の記録では 34件。"
    assert differs in content(planner, TABLE)
    assert differs in content(planner, ROWS)
    assert "公表値と現在の値がちがいます" in content(client, PAGE)
    assert len(planner.get(f"{ROWS}?as_of=closing&page=2").context["page"].object_list) == 5
    assert closing.rows_sha256 in content(planner, f"{ROWS}?as_of=closing")

    # The planner corrects the figure, and is led to the report that printed it: both values stand there.
    correct = f"{TABLE}matches/correct/"
    assert "34件" in content(planner, correct)
    response = planner.post(correct, {"value": "３４", "reason": WHY}, follow=True)
    assert response.redirect_chain == [(f"{REPORTS}2025/corrections/?place=kpi%3Amatches", 302)]
    assert "公開している報告書は変わりません" in response.content.decode()
    (figure,) = response.context["changed"].values()
    assert (figure.reported, figure.now.actual) == ("35件", "34件")
    assert "公開した報告書とちがう値" in content(planner, TABLE)
    public = content(client, PAGE)
    assert "公表値と現在の値がちがいます" not in public
    for words in ("訂正", "35件", "34件", WHY):
        assert words in public

    # What the form proposes is written down as it stands, and goes into the next edition.
    sent = {field.html_name: field.value() for field in response.context["form"]}
    assert WHY in sent.values()
    planner.post(f"{REPORTS}2025/corrections/?place=kpi:matches", sent)
    with acting_as(shimonoseki):
        make_corrected_edition(AnnualReport.objects.get(), quietly)
    planner.post(f"{REPORTS}2025/publish/")
    page = content(client, f"{PLAN}reports/2025/")
    for words in ("紹介の件数（実績値）", "35件", "34件", WHY):
        assert words in page
    following = client.get(f"{PLAN}reports/2025.pdf").content
    assert "紹介の件数（実績値）35件34件" in read(following)
    assert client.get(f"{PLAN}reports/2025/editions/1.pdf").content == pdf
    assert "公開した報告書とちがう値" not in content(planner, TABLE)

    # The next edition's chart draws the corrected figure, and its calculation is the corrected one.
    with acting_as(shimonoseki):
        kpi = next(kpi for kpi in AnnualReport.objects.get(edition=2).said["kpis"] if kpi["key"] == "matches")
        assert [point["value"] for point in kpi["history"]["actuals"] if point["fiscal_year"] == 2025] == ["34"]
        assert kpi["worked"].startswith("34÷")


def read(pdf: bytes) -> str:
    """The words of a PDF without white space."""
    return "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)


@pytest.mark.parametrize(
    ("value", "reason", "field"), [("", "理由", "value"), ("34", "", "reason"), ("35", "理由", "value")]
)
def test_a_correction_says_what_and_why(
    planner: Client, counted: Indicator, consult: Consult, value: str, reason: str, field: str
) -> None:
    for _number in range(35):
        consult(2025)
    planner.post(f"{TABLE}close/")
    response = planner.post(f"{TABLE}matches/correct/", {"value": value, "reason": reason})
    assert response.status_code == 400
    assert list(response.context["form"].errors) == [field]


def test_a_year_is_opened_again_for_a_reason(
    planner: Client, counted: Indicator, consult: Consult, shimonoseki: Municipality
) -> None:
    planner.post(f"{TABLE}close/")
    consult(2025)
    assert planner.post(f"{TABLE}reopen/").status_code == 400
    planner.post(f"{TABLE}reopen/", {"reason": "早すぎました。"})
    assert "1件" in content(planner, TABLE)
    with acting_as(shimonoseki):
        assert set(Closing.objects.values_list("reopen_reason", flat=True)) == {"早すぎました。"}
        assert Closing.objects.filter(reopened_by=None).count() == 0


def test_who_may_not_read_rows(signed_in: SignIn, shimonoseki: Municipality, counted: Indicator) -> None:
    assert signed_in(shimonoseki, Role.GROUP).get(ROWS).status_code == 403
    assert signed_in(shimonoseki, Role.STAFF).get(ROWS).status_code == 200


@pytest.mark.parametrize(
    "address",
    [f"{TABLE}participants/rows/", f"{TABLE}nothing/rows/", f"{ROWS}?as_of=closing", f"{ROWS}?page=99"],
)
def test_rows_that_are_not_there(planner: Client, counted: Indicator, address: str) -> None:
    assert planner.get(address).status_code == 404


def test_a_report_of_a_year_knows_nothing_of_later_ones(
    plan: Plan, counted: Indicator, consult: Consult, shimonoseki: Municipality
) -> None:
    for year in (2024, 2025, 2025):
        consult(year)
    with acting_as(shimonoseki):
        kpi = draft_snapshot(plan, 2024)["kpis"][0]
    assert (kpi["actual"], kpi["live"], kpi["current"]) == ("1件", True, None)
    assert [point["printed"] for point in kpi["history"]["actuals"]] == ["1件"]


def test_more_records_ask_no_more_questions(
    client: Client, plan: Plan, counted: Indicator, consult: Consult, shimonoseki: Municipality
) -> None:
    def ask(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            content(client, address)
        return len(queries)

    consult(2025)
    few = [ask(PLAN), ask(PAGE)]
    for _number in range(40):
        consult(2025)
    assert [ask(PLAN), ask(PAGE)] == few


def test_linking_a_kpi_to_a_measure(planner: Client, plan: Plan, shimonoseki: Municipality, consult: Consult) -> None:
    consult(2025)
    address = "/shimonoseki/office/plans/sample/indicators/matches/"
    sent = {"definition": "", "formula": "level", "measure": "centres.consultations", "measured_from": "2025"}
    assert planner.post(address, sent).status_code == 302
    assert "1件" in content(planner, TABLE)
    for wrong, field in (
        (sent | {"measured_from": ""}, "measured_from"),
        (sent | {"measure": "centres.active_groups"}, "measure"),
        (sent | {"measure": "centres.nothing"}, "measure"),
        (sent | {"formula": "guess"}, "formula"),
    ):
        response = planner.post(address, wrong)
        assert response.status_code == 400
        assert list(response.context["form"].errors) == [field]
    planner.post(address, sent | {"measure": ""})
    with acting_as(shimonoseki):
        assert Indicator.objects.get(key="matches").measured_from is None


def test_loading_a_changed_plan_file_keeps_what_counts_a_kpi(
    plan: Plan, counted: Indicator, folder: Path, shimonoseki: Municipality
) -> None:
    from plans.loading import load
    from tests.plans.sample_plan import write_plan

    with acting_as(shimonoseki):
        load(write_plan(folder, title="改めた計画"))
        assert Indicator.objects.get(key="matches").measure == "centres.consultations"
