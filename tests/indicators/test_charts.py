"""The chart of a series: what is drawn, what is said, and what is not computed."""

import json
import re
from dataclasses import asdict
from decimal import Decimal
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import pytest
from pypdf import PdfReader

from civic.drawing import BLACK
from indicators.charts import CHANGE, WAY, _Chart, _scale, chart
from indicators.series import Change, Point, Promise, Series
from tests.indicators.greyscale import WHITE, contrast, rgb

SVG = "{http://www.w3.org/2000/svg}"
PROMISE = Promise(
    "見本の計画", 2024, Point(2023, "令和5年度", "100", "100件"), [Point(2028, "令和10年度", "20", "20件")]
)
SERIES = Series(
    key="waste",
    name="ごみの量",
    answer="",
    unit="件",
    decimals=0,
    actuals=[
        Point(2024, "令和6年度", "90", "90件"),
        Point(2025, "令和7年度", "70", "70件"),
        Point(2027, "令和9年度", "30", "30件", "live"),
    ],
    promises=[PROMISE],
    breaks=[],
)
LONG = Series(
    key="experience",
    name="市民活動の経験",
    answer="参加したことがある",
    unit="％",
    decimals=1,
    actuals=[],
    promises=[
        Promise("第3次", 2016, Point(None, "平成２□年", "29.3", "29.3％"), [Point(2020, "平成３２年", "35", "35％")]),
        Promise("第5次", 2026, Point(2025, "令和7年", "39.5", "39.5%"), [Point(2030, "令和12年", "45.0", "45.0%")]),
    ],
    breaks=[],
)
BROKEN = Series(**{**vars(SERIES), "breaks": [Change(2025, "令和7年度", "人数から件数に変えました。")]})


def drawn(series: Series) -> ElementTree.Element:
    return ElementTree.fromstring(chart(series))  # noqa: S314  our own


def words(series: Series) -> list[str]:
    return [text.text or "" for text in drawn(series).iter(f"{SVG}text")]


def lines(series: Series, **attributes: str) -> list[str]:
    return [
        line.get("points", "")
        for line in drawn(series).iter(f"{SVG}polyline")
        if all(line.get(name.replace("_", "-")) == value for name, value in attributes.items())
    ]


def test_it_has_a_name_and_a_description() -> None:
    svg = drawn(SERIES)
    assert svg.get("role") == "img"
    named = {element.get("id"): element.text for element in svg if element.tag in (f"{SVG}title", f"{SVG}desc")}
    title, description = (named[ident] for ident in svg.get("aria-labelledby", "").split())
    assert title == "ごみの量の推移（単位：件）"
    assert description == (
        "見本の計画の現状値は令和5年度 100件。見本の計画の目標値は令和10年度 20件。"
        "実績値は令和6年度 90件、令和7年度 70件、令和9年度 30件。"
    )


def test_no_style_is_needed_or_allowed() -> None:
    assert "style" not in {name for element in drawn(SERIES).iter() for name in element.attrib}
    assert not list(drawn(SERIES).iter(f"{SVG}style"))


def test_every_value_is_written_and_every_kind_has_its_shape() -> None:
    assert {"100", "90", "70", "30", "20"} <= set(words(SERIES))
    assert [word for word in words(SERIES) if re.search("値|目安", word)] == [
        "現状値",
        "実績値",
        "実績値（確定前）",
        "目標値",
        "進み方の目安",
    ]
    svg = drawn(SERIES)
    fills = [circle.get("fill") for circle in svg.iter(f"{SVG}circle")]
    # One more of each is in the legend.
    assert (fills.count("#0017c1"), fills.count("#ffffff")) == (3, 2)
    assert len(list(svg.iter(f"{SVG}polygon"))) == 4


def in_grey(drawing: str) -> str:
    """A drawing whose colours are no more than dark or light."""
    return re.sub("#[0-9a-f]{6}", lambda found: "dark" if contrast(rgb(found[0]), WHITE) >= 4.5 else "light", drawing)


def test_without_colour_every_kind_is_told_by_its_shape_or_its_dashes() -> None:
    kinds = {name: in_grey(draw(0, 0)) for series in (SERIES, BROKEN) for draw, name in _Chart(series, "")._kinds()}
    assert len(kinds) == len(set(kinds.values())) == 6


def test_without_colour_what_was_measured_is_a_whole_dark_line_and_nothing_else_is() -> None:
    lines = [line for series in (SERIES, BROKEN) for line in drawn(series).iter(f"{SVG}polyline")]
    styles = {(line.get("stroke", ""), line.get("stroke-dasharray")) for line in lines}
    in_greys = {(in_grey(stroke), dashes) for stroke, dashes in styles if stroke != BLACK}  # the axis
    assert len(in_greys) == len(styles) - 1
    assert in_greys == {("dark", "none"), ("dark", WAY), ("dark", CHANGE), ("light", "none")}


def test_a_missing_year_is_crossed_by_a_thin_line_only() -> None:
    assert len(lines(SERIES, stroke="#0017c1", stroke_width="3")) == 2
    assert len(lines(SERIES, stroke="#0017c1", stroke_width="1")) == 1


def test_the_pace_leads_from_baseline_to_target() -> None:
    assert SERIES.pace(PROMISE) == [(2023, Decimal(100)), (2028, Decimal(20))]
    # One more is in the legend.
    assert len(lines(SERIES, stroke_dasharray="7 5")) == 2


def test_a_break_is_drawn_and_nothing_leads_across_it() -> None:
    assert len(lines(BROKEN, stroke_dasharray="2 4")) == 2
    assert lines(BROKEN, stroke_dasharray="7 5") == []
    assert len(lines(BROKEN, stroke="#0017c1", stroke_width="3")) == 1
    assert "定義の変更" in words(BROKEN)
    assert "令和7年度から定義が変わりました。人数から件数に変えました。" in chart(BROKEN)


def test_one_series_runs_through_several_plans() -> None:
    assert {"29.3", "35.0", "39.5", "45.0", "平成２□年", "（年度不明）"} <= set(words(LONG))
    assert [year for year in words(LONG) if re.fullmatch(r"20\d\d", year)][-1] == "2030"
    assert "実績値はまだありません。" in chart(LONG)


def test_a_baseline_of_no_known_year_stands_apart_from_the_years() -> None:
    (_promise, point) = LONG.undated()[0]
    assert point.printed == "29.3％"
    assert LONG.years() == list(range(2016, 2031))


def test_a_figure_that_is_new_with_its_plan_has_all_the_plans_years() -> None:
    new = Promise("第5次", 2026, None, [Point(2030, "令和12年", "5", "5件")])
    series = Series(**{**vars(SERIES), "actuals": [], "promises": [new]})
    assert series.years() == list(range(2026, 2031))
    assert [word for word in words(series) if word.startswith("令和")] == [
        "令和8",
        "令和9",
        "令和10",
        "令和11",
        "令和12",
    ]


def test_words_from_records_are_escaped() -> None:
    assert "&lt;b&gt;" in chart(Series(**{**vars(SERIES), "name": "<b>"}))


def test_a_snapshot_draws_the_same() -> None:
    for series in (SERIES, LONG, BROKEN):
        assert chart(Series.from_json(json.loads(json.dumps(asdict(series))))) == chart(series)


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        (["29.3", "45.0"], ("25", "45", "5")),
        (["100", "20"], ("0", "100", "20")),
        (["94", "100"], ("94", "100", "1")),
        (["5"], ("0", "5", "1")),
        (["-12", "30"], ("-20", "30", "10")),
        (["0"], ("0", "1", "1")),
        (["0", "2"], ("0", "2", "1")),
        (["28239", "29000"], ("28200", "29000", "200")),
    ],
)
def test_the_axis_goes_by_round_numbers(values: list[str], scale: tuple[str, str, str]) -> None:
    assert _scale([Decimal(value) for value in values], decimals=0) == tuple(Decimal(number) for number in scale)


def test_an_axis_that_does_not_begin_at_zero_says_so() -> None:
    assert "縦の軸は25からです。" in words(LONG)
    assert not any("からです" in word for word in words(SERIES))


def test_in_a_pdf_it_is_a_named_figure_whose_words_are_read() -> None:
    from weasyprint import HTML

    page = f"<!doctype html><html lang=ja><title>図</title><body><h1>図</h1>{chart(LONG)}</body></html>"
    reader = PdfReader(BytesIO(HTML(string=page).write_pdf(pdf_variant="pdf/ua-1")))
    text = reader.pages[0].extract_text()
    for words in ("29.3", "39.5", "45.0", "平成２□年", "進み方の目安"):
        assert words in text
    assert alternatives(reader.root_object["/StructTreeRoot"]) == ["市民活動の経験の推移（単位：％）"]


def alternatives(element: Any) -> list[str]:
    """The words for pictures in a PDF's structure, in the order of reading."""
    element = element.get_object()
    if isinstance(element, list):
        return [words for child in element for words in alternatives(child)]
    if not isinstance(element, dict):
        return []
    own = [str(element["/Alt"])] if "/Alt" in element else []
    return own + (alternatives(element["/K"]) if "/K" in element else [])
