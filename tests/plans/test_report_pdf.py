"""The PDF read back: all that the plan holds, found where the contents say, tagged, its fonts inside."""

import hashlib
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from civic.runtime.processes import PROJECT
from civic.tenancy.models import Theme
from indicators.numbers import number_lines
from plans.reports.data import report_as_csv
from plans.reports.pdf import render_html, render_pdf
from plans.reports.snapshot import SCHEMA, UnreadableSnapshot
from plans.tree import Relisted
from tests.indicators.greyscale import WHITE, contrast
from tests.indicators.test_charts import alternatives
from tests.plans.printed_pages import Words, bare, colours_in, parts
from tests.plans.printed_reports import PLANS, Printed, print_report

KEPT = Path(__file__).parent / "snapshots"
# As static/css/report.css has it, in points: the paper, its margin, what is between the margins, and the part of that
# which the first column of the table of who does what has.
A4, MARGIN, BETWEEN, FIRST = (595.28, 841.89), 56.69, 481.89, 0.43


@pytest.fixture(params=PLANS, ids="/".join)
def printed(request: pytest.FixtureRequest, db: None) -> Printed:
    return print_report(*request.param)


def test_every_item_and_every_kpi_is_in_it(printed: Printed) -> None:
    text = printed.text
    missing = [node.key for node in printed.tree.walk() if bare(f"{node.number}{node.title}") not in text]
    assert missing == []
    for kpi in printed.tree.all_kpis():
        for words in (kpi.name, kpi.answer, kpi.baseline, *(target.printed for target in kpi.targets)):
            assert bare(words) in text, kpi.key
    for node in printed.tree.walk():
        for row in node.roles:
            assert bare(row.title) in text
        for passage in node.texts:
            for paragraph in passage.paragraphs:
                assert bare(paragraph) in text
    for term in printed.tree.terms:
        assert bare(term.body) in text


def test_every_kpi_has_one_chart_and_its_numbers_on_the_same_page(printed: Printed) -> None:
    drawn = alternatives(printed.reader.root_object["/StructTreeRoot"])
    charts = [f"{kpi.history.name}の推移（単位：{kpi.unit}）" for kpi in printed.tree.all_kpis()]
    bars = [f"{kpi.name}の達成率" for kpi in printed.tree.all_kpis()]
    assert sorted(drawn) == sorted(charts + bars)
    for kpi in printed.tree.all_kpis():
        answer = f"「{kpi.answer}」" if kpi.answer else ""
        begins = bare(f"{kpi.name}{answer}年度現状値・実績値目標値進み方の目安")
        (beside,) = [found.partition(begins)[2] for page in printed.pages if begins in (found := bare(page))]
        for line in number_lines(kpi.history):
            pace = line.paces[0].printed if line.paces else "−"
            between = "" if line.actual or line.baselines or line.targets else "−−"
            told = f"{re.escape(bare(line.label))}.*?{between}{re.escape(bare(pace))}"
            assert re.search(told, beside), (kpi.key, line.label)


def test_every_sheet_is_printed_in_full(printed: Printed) -> None:
    text = printed.text
    sheets = [node for node in printed.tree.walk() if node.sheet]
    assert len(sheets) == (47 if printed.tree.slug == "first" else 0)
    for node in sheets:
        assert node.sheet is not None
        for words in (node.sheet.purpose, node.sheet.situation, node.sheet.content, node.sheet.completion):
            assert bare(words) in text, node.key
        boxes = "".join(("■" if a.addressed else "□") + a.name for a in node.sheet.audience)
        assert bare(boxes) in text, node.key
        assert bare("・".join(node.departments)) in text, node.key
        cells = "".join(cell.text + ("→" if cell.arrow else "") for cell in node.schedule)
        assert bare(f"年次計画{cells}") in text, node.key


def test_a_relisted_item_refers_to_the_page_of_its_main_place(printed: Printed) -> None:
    places = [child for node in printed.tree.walk() for child in node.children if isinstance(child, Relisted)]
    assert len(places) == printed.tree.relisted
    for place in places:
        page = printed.anchors[f"item-{place.relists}"]
        mark = "【再掲】" if place.marked else ""
        reference = f"{place.number}{place.title}{mark}おもな場所{place.main_reference}({page}ページ)"
        assert bare(reference) in bare(printed.pages[printed.anchors[f"item-{place.key}"] - 1]), place.key


def test_the_contents_give_the_page_on_which_each_part_begins(printed: Printed) -> None:
    contents = re.findall(r"^(.+?) ?\.{3,} *(\d+)$", printed.pages[1], re.MULTILINE)
    pages_of = {bare(title): page for title, page in printed.outline()}
    assert len(contents) >= len(printed.tree.nodes) + 3
    for title, page in contents:
        assert pages_of[bare(title)] == int(page), title
    for node in printed.tree.nodes:
        assert bare(f"{node.number}{node.title}") in [bare(title) for title, _page in contents]


def test_every_page_bears_its_number_the_year_and_the_day(printed: Printed) -> None:
    assert len(printed.pages) == printed.pdf.pages
    assert bare(printed.snapshot["fiscal_year_label"]) in bare(printed.pages[0])
    for number, page in enumerate(printed.pages[1:], 2):
        foot = bare(page)
        day = printed.snapshot["made_on_label"]
        assert bare(f"{printed.snapshot['fiscal_year_label']}年次報告書{day}作成") in foot
        assert re.search(rf"作成{number}(?!\d)", foot), number


def test_a_sample_says_so_on_every_page(printed: Printed) -> None:
    assert all("サンプル" in page for page in printed.pages)


def test_it_is_tagged_for_those_who_hear_it(printed: Printed) -> None:
    root = printed.reader.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "ja"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert 'pdfuaid:part="1"' in root["/Metadata"].get_object().get_data().decode()
    title = f"{printed.tree.title} {printed.snapshot['fiscal_year_label']} 年次報告書"
    assert printed.reader.metadata is not None
    assert printed.reader.metadata.title == title


def test_its_bookmarks_follow_the_plan(printed: Printed) -> None:
    titles = [bare(title) for title, _page in printed.outline()]
    for node in printed.tree.walk():
        if node.children or node.depth == 1 or node.sheet:
            assert any(title.startswith(bare(f"{node.number}{node.title}")) for title in titles), node.key
    assert all(page <= following for (_a, page), (_b, following) in pairwise(printed.outline()))


def test_its_fonts_are_embedded(printed: Printed) -> None:
    used = [font.get_object() for uses, _content in parts(printed.reader) for font in uses.get("/Font", {}).values()]
    assert used
    for font in used:
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & descriptor.keys(), font["/BaseFont"]


def test_every_table_has_its_head_on_each_of_its_pages_and_no_row_is_cut(printed: Printed) -> None:
    """In a PDF's structure a table is a new one on each page, and so would be the rest of a row that is cut."""
    html = render_html(printed.snapshot)
    tables, heads, rows = (html.count(f"<{tag}") for tag in ("table", "thead", "tr"))
    tags = [element["/S"] for element in elements(printed.reader.root_object["/StructTreeRoot"])]
    continued = tags.count("/Table") - tables
    assert continued > 0 or printed.tree.slug == "second"  # whose tables all fit on their pages
    assert tags.count("/THead") == heads + continued
    assert tags.count("/TR") == rows + continued


def elements(part: Any) -> Iterator[DictionaryObject]:
    """The elements of a PDF's structure, in the order of reading."""
    part = part.get_object()
    if isinstance(part, list):
        for child in part:
            yield from elements(child)
    elif isinstance(part, dict) and "/K" in part:
        if "/S" in part:
            yield part  # type: ignore[misc]
        yield from elements(part["/K"])


def test_who_does_what_has_its_circles_in_the_columns_of_the_actors(db: None) -> None:
    printed = print_report("shimonoseki", "3rd")
    columns = range(len(printed.tree.actors))
    found = []
    for words in printed.words:
        for head in (place for place in words if place.text == "取組"):
            for title in (place for place in words if place.y < head.y and abs(place.x - head.x) < 1):
                circles = {
                    column_of(place, len(columns)) for place in words if place.text == "○" and place.y == title.y
                }
                found.append((bare(title.text), [column in circles for column in columns]))
    assert found == [(bare(row.title), row.carried) for node in printed.tree.walk() for row in node.roles]
    assert len(found) == 24


def column_of(place: Words, columns: int) -> int:
    """In which of the columns beside the first one a place on the page is."""
    return int((place.x - MARGIN - FIRST * BETWEEN) / ((1 - FIRST) * BETWEEN / columns))


def test_the_centres_figures_of_the_year_are_in_it(db: None) -> None:
    printed = print_report("shimonoseki", "5th")
    page = bare(printed.pages[printed.anchors["centre"] - 1])
    label = bare(printed.snapshot["fiscal_year_label"])
    assert bare(f"センターの実績{label}の実績実績値センターで受けた相談1,234件公開した活動事例5件未満") in page


def test_every_page_is_a4(printed: Printed) -> None:
    for page in printed.reader.pages:
        assert (page.mediabox.width, page.mediabox.height) == pytest.approx(A4, abs=0.01)
        assert page.get("/Rotate", 0) == 0


def test_it_is_painted_in_greys_and_two_colours_that_are_dark_in_grey(printed: Printed) -> None:
    """The city's own, of the bars beside headings, and that of figures: what it tells is held by tests/indicators."""
    colours = set().union(*(colours_in(content) for _uses, content in parts(printed.reader)))
    coloured = {colour for colour in colours if len(set(colour)) > 1}
    assert 1 <= len(coloured) <= 2
    assert all(contrast(colour, WHITE) >= 4.5 for colour in coloured)


PRINT_ANEW = """
import hashlib, json, os, sys
import django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()
from plans.reports.data import report_as_csv
from plans.reports.pdf import render_pdf
content = render_pdf(json.load(sys.stdin), lambda percent, words: None).content
print(hashlib.sha256(content).hexdigest())
"""


def test_the_same_snapshot_gives_the_same_bytes_in_another_process(db: None) -> None:
    """Kept as JSON, its fields in another order, on a machine in another zone, with another order of sets."""
    printed = print_report("shimonoseki", "5th")
    kept = json.dumps(dict(reversed(printed.snapshot.items())))
    elsewhere = {**os.environ, "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "7"}
    done = subprocess.run(
        [sys.executable, "-c", PRINT_ANEW], input=kept, env=elsewhere, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == hashlib.sha256(printed.pdf.content).hexdigest()


def test_a_snapshot_of_the_first_schema_is_still_printed_as_it_was() -> None:
    """Written when schema 1 was all there was; it says neither colour nor edition."""
    kept = json.loads((KEPT / "schema-1.json").read_text())
    assert kept["schema"] == 1
    pdf = render_pdf(kept, lambda percent, words: None)
    text = bare("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.content)).pages))
    assert text == (KEPT / "schema-1.txt").read_text().strip()


@pytest.mark.parametrize("schema", [0, SCHEMA + 1])
def test_a_snapshot_of_an_unknown_schema_is_refused_in_words(schema: int) -> None:
    kept = json.loads((KEPT / "schema-1.json").read_text()) | {"schema": schema}
    for render in (lambda: render_pdf(kept, lambda percent, words: None), lambda: report_as_csv(kept)):
        with pytest.raises(UnreadableSnapshot, match=f"Schema {schema} "):
            render()


@pytest.mark.parametrize(("theme", "colour"), [("green", (0x11, 0x5A, 0x36)), ("orange", (0xAC, 0x3E, 0x00))])
def test_the_cover_has_the_municipalitys_own_colour(theme: str, colour: tuple[int, int, int]) -> None:
    kept = json.loads((KEPT / "schema-1.json").read_text())
    kept["municipality"]["theme"] = theme
    pdf = render_pdf(kept, lambda percent, words: None)
    _uses, cover = next(parts(PdfReader(io.BytesIO(pdf.content))))
    painted = colours_in(cover)
    assert colour in painted
    assert (0x00, 0x17, 0xC1) not in painted


def test_the_colours_are_those_of_the_pages() -> None:
    css = (PROJECT / "static/css/report.css").read_text()
    tokens = dict(re.findall(r"(--[\w-]+): (#\w+);", (PROJECT / "static/css/tokens.css").read_text()))
    themes = re.findall(
        r'data-theme="(\w+)"\] \{[^}]*--theme: var\((--[\w-]+)\)', (PROJECT / "static/css/base.css").read_text()
    )
    assert {theme for theme, _token in themes} == set(Theme.values)
    for theme, token in themes:
        assert re.search(rf'data-theme="{theme}"\] {{\s*--theme: {tokens[token]};', css), theme
