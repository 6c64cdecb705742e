"""The table beside a chart says in numbers what the chart draws."""

from indicators.numbers import PlanValue, number_lines
from indicators.series import Series
from tests.indicators.test_charts import BROKEN, LONG, SERIES


def actuals(series: Series) -> dict[str, str | None]:
    return {line.label: line.actual.printed if line.actual else None for line in number_lines(series)}


def test_every_year_has_a_line_and_a_missing_one_no_figure() -> None:
    assert actuals(SERIES) == {
        "令和5年度（2023年度）": None,
        "令和6年度（2024年度）": "90件",
        "令和7年度（2025年度）": "70件",
        "令和8年度（2026年度）": None,
        "令和9年度（2027年度）": "30件",
        "令和10年度（2028年度）": None,
    }


def test_the_pace_is_that_of_the_drawing() -> None:
    paces = [[value.printed for value in line.paces] for line in number_lines(SERIES)]
    assert paces == [["100件"], ["84件"], ["68件"], ["52件"], ["36件"], ["20件"]]
    assert not any(line.paces for line in number_lines(BROKEN))


def test_a_figure_says_how_firm_it_is() -> None:
    assert [line.label for line in number_lines(SERIES) if line.is_live] == ["令和9年度（2027年度）"]
    assert not any(line.is_provisional for line in number_lines(SERIES))


def test_a_change_of_definition_stands_before_its_year() -> None:
    assert {line.label: line.change for line in number_lines(BROKEN) if line.change} == {
        "令和7年度（2025年度）": "人数から件数に変えました。"
    }


def test_each_baseline_and_target_names_its_plan() -> None:
    lines = list(number_lines(LONG))
    assert (lines[0].label, lines[0].is_year_known) == ("平成２□年", False)
    assert lines[0].baselines == [PlanValue("第3次", "29.3％")]
    targets = {line.label: line.targets for line in lines if line.targets}
    assert targets == {
        "令和2年度（2020年度）": [PlanValue("第3次", "35％")],
        "令和12年度（2030年度）": [PlanValue("第5次", "45.0%")],
    }
