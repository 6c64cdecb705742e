"""The bar of an achievement: where it ends, where the pace stands, and what is said of it."""

from xml.etree import ElementTree

import pytest

from indicators.bars import bar
from tests.indicators.greyscale import contrast, rgb

SVG = "{http://www.w3.org/2000/svg}"


def drawn(reached: str | None, pace: str | None) -> ElementTree.Element:
    return ElementTree.fromstring(bar(ident="kpi", name="参加者数", goal="2,000人", reached=reached, pace=pace))  # noqa: S314


def blocks(svg: ElementTree.Element) -> list[tuple[float, float, str]]:
    """Each block's left end, right end and colour: first the whole way, then what is reached."""
    return [
        (float(r.get("x", "")), float(r.get("x", "")) + float(r.get("width", "")), r.get("fill", ""))
        for r in svg.iter(f"{SVG}rect")
    ]


def pointers(svg: ElementTree.Element) -> list[float]:
    return [float(p.get("points", "").split()[-1].split(",")[0]) for p in svg.iter(f"{SVG}polygon")]


def test_it_is_named_and_described() -> None:
    svg = drawn("40.0％", "20.0％")
    named = {element.get("id"): element.text for element in svg if element.get("id")}
    assert [named[ident] for ident in svg.get("aria-labelledby", "").split()] == [
        "参加者数の達成率",
        "目標値2,000人に対する達成率は40.0％。年度末の目安は20.0％。",
    ]
    assert svg.get("role") == "img"


def test_it_reaches_as_far_as_the_figure_and_points_at_the_pace() -> None:
    svg = drawn("25.0％", "50.0％")
    whole, reached = blocks(svg)
    way = whole[1] - whole[0]
    assert reached[0] == whole[0]
    assert reached[1] - reached[0] == pytest.approx(way / 4, abs=0.2)
    (pace,) = pointers(svg)
    assert pace - whole[0] == pytest.approx(way / 2, abs=0.2)


def test_beyond_the_target_and_worse_than_the_baseline_nothing_is_clamped() -> None:
    whole, beyond = blocks(drawn("150.0％", None))
    assert beyond[1] > whole[1]
    whole, worse = blocks(drawn("-50.0％", None))
    assert worse[0] < whole[0]
    assert worse[1] == pytest.approx(whole[0], abs=0.2)
    assert worse[2] != beyond[2]


def test_without_colour_what_is_reached_is_dark_on_a_light_way() -> None:
    for reached in ("40.0％", "-40.0％"):
        (_begin, _end, way), (_from, _to, filled) = blocks(drawn(reached, None))
        assert contrast(rgb(filled), rgb(way)) >= 4.5


def test_without_a_figure_only_the_way_and_the_pace_are_drawn() -> None:
    svg = drawn(None, "20.0％")
    assert len(blocks(svg)) == len(pointers(svg)) == 1
    assert pointers(drawn(None, None)) == []
    assert "達成率はまだありません。" in str(bar(ident="k", name="k", goal="5件", reached=None, pace=None))
