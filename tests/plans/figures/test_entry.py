"""A year's figures typed into one table: all of them, or none."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from civic.accounts.models import Role
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from indicators.models import Actual, Commitment, Indicator
from plans.figures.forms import FigureField, normalised
from plans.models import Plan, PlanIndicator
from tests.conftest import SignIn
from tests.plans.figures.conftest import TABLE, Consult, typed_in

SAVE = f"{TABLE}save/"


def stored(municipality: Municipality) -> dict[str, Decimal]:
    with acting_as(municipality):
        return {actual.indicator.key: actual.value for actual in Actual.objects.select_related("indicator")}


def test_figures_are_saved_with_their_survey(planner: Client, plan: Plan, shimonoseki: Municipality) -> None:
    sent = typed_in(
        planner,
        participants__value="１，５００人",
        participants__status="final",
        participants__answers="1,234",
        participants__response_rate="４１．５％",
        participants__note="郵送による調査",
        matches__value="3",
    )
    response = planner.post(SAVE, sent, follow=True)
    assert "2件の実績値を保存しました" in response.content.decode()
    assert stored(shimonoseki) == {"participants": 1500, "matches": 3}
    with acting_as(shimonoseki):
        actual = Actual.objects.get(indicator__key="participants")
        assert (actual.status, actual.answers, actual.response_rate, actual.note) == (
            "final",
            1234,
            Decimal("41.5"),
            "郵送による調査",
        )


def test_last_year_stands_beside(planner: Client, plan: Plan, shimonoseki: Municipality) -> None:
    with acting_as(shimonoseki):
        Actual.objects.create(indicator=Indicator.objects.get(key="participants"), fiscal_year=2024, value=1400)
    page = planner.get(TABLE).content.decode()
    assert "1,400人" in page
    assert "令和6年度（2024年度）" in page


def test_an_error_stands_by_its_cell_and_nothing_is_saved(
    planner: Client, plan: Plan, shimonoseki: Municipality
) -> None:
    response = planner.post(SAVE, typed_in(planner, participants__value="千五百", matches__value="3"))
    assert response.status_code == 400
    page = response.content.decode()
    field = next(form["value"] for form in response.context["form"].forms.values() if form.errors)
    assert f'id="{field.auto_id}_error"' in page
    assert 'value="千五百"' in page
    assert "数字で入力してください" in page
    assert stored(shimonoseki) == {}


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("value", "1500.5", "小数点以下"),
        ("value", "9" * 30, "桁"),
        ("value", "1,50", "数字で"),
        ("value", "1e5", "数字で"),
        ("value", "NaN", "数字で"),
        ("answers", "-1", "0"),
        ("answers", "1.5", "小数点以下"),
        ("response_rate", "101", "100"),
        ("status", "sure", "選択"),
        ("note", "あ" * 301, "300"),
        ("note", "a\x0bb", "制御文字"),
    ],
)
def test_a_wrong_cell_is_refused(
    planner: Client, plan: Plan, shimonoseki: Municipality, field: str, value: str, words: str
) -> None:
    sent = typed_in(planner, **{"participants__value": "1500", f"participants__{field}": value})
    response = planner.post(SAVE, sent)
    assert response.status_code == 400
    ((_form, bound, error),) = response.context["faults"]
    assert bound.name == field
    assert words in error
    assert stored(shimonoseki) == {}


def test_answers_without_a_figure_are_asked_about(planner: Client, plan: Plan) -> None:
    response = planner.post(SAVE, typed_in(planner, participants__answers="100"))
    assert [(bound.name, error) for _form, bound, error in response.context["faults"]] == [
        ("value", "実績値を入力してください。")
    ]


def test_a_figure_is_taken_back_by_emptying_its_cell(planner: Client, plan: Plan, shimonoseki: Municipality) -> None:
    planner.post(SAVE, typed_in(planner, participants__value="1500"))
    planner.post(SAVE, typed_in(planner, participants__value="−"))
    assert stored(shimonoseki) == {}


def test_two_who_type_at_once_lose_nothing(planner: Client, plan: Plan, shimonoseki: Municipality) -> None:
    mine = typed_in(planner, participants__value="1600", matches__value="4")
    planner.post(SAVE, typed_in(planner, participants__value="1500"))
    response = planner.post(SAVE, mine)
    assert response.status_code == 400
    assert "ほかの人が先にこの行を変えました。いまの値は「1,500人」です。" in response.content.decode()
    assert 'value="1600"' in response.content.decode()
    assert stored(shimonoseki) == {"participants": 1500}
    form = next(form for form in response.context["form"].forms.values() if form.errors)
    assert planner.post(SAVE, mine | {form.seen_name: form.seen}).status_code == 302
    assert stored(shimonoseki) == {"participants": 1600, "matches": 4}


def test_a_counted_kpi_is_not_typed_in(planner: Client, plan: Plan, counted: Indicator, consult: Consult) -> None:
    consult(2025)
    response = planner.get(TABLE)
    page = response.content.decode()
    assert [row.key for row, form in response.context["form"] if form is None] == ["matches"]
    assert "1件" in page
    assert "記録から集計（確定前）" in page


@pytest.mark.parametrize("year", [2023, 2027, 2029, 10**30])
def test_a_year_that_is_not_the_plans_or_not_begun(planner: Client, plan: Plan, year: int) -> None:
    assert planner.get(f"/shimonoseki/office/plans/sample/figures/{year}/").status_code == 404


def test_who_only_reads_gets_no_cells(signed_in: SignIn, shimonoseki: Municipality, plan: Plan) -> None:
    page = signed_in(shimonoseki, Role.COUNCIL).get(TABLE).content.decode()
    assert "参加者数" in page
    assert "<input" not in page.split("<main", 1)[1]


def test_twenty_kpis_ask_no_more_questions(planner: Client, plan: Plan, shimonoseki: Municipality) -> None:
    def ask() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert planner.get(TABLE).status_code == 200
        return len(queries)

    few = ask()
    with acting_as(shimonoseki):
        for number in range(18):
            indicator = Indicator.objects.create(key=f"more-{number}", name=f"指標{number}", unit="件")
            commitment = Commitment.objects.create(indicator=indicator, name=f"指標{number}", formula="level")
            PlanIndicator.objects.create(plan=plan, commitment=commitment, position=10 + number, key=f"more-{number}")
            Actual.objects.create(indicator=indicator, fiscal_year=2025, value=number)
    assert len(planner.get(TABLE).context["form"].rows) == 20
    assert ask() <= few + 1


@pytest.mark.parametrize(
    ("written", "value"),
    [("１２．５", "12.5"), ("1,234.5％", "1234.5"), ("－３", "-3"), ("−3", "-3"), (" 7 ％", "7"), ("+5", "5")],
)
def test_figures_as_people_type_them(written: str, value: str) -> None:
    assert FigureField(unit="％").clean(written) == Decimal(value)


@pytest.mark.parametrize("written", ["−", "－", "-", "", " "])
def test_no_figure(written: str) -> None:
    assert normalised(written) == ""
    assert FigureField(required=False).clean(written) is None
