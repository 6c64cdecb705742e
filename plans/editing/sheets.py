"""The sheets of a plan's workbook: which columns each has, and how a document becomes rows and rows a document.

A row is told apart by keys and names, never by ids. What a column holds and what it may hold is taken from the model's
field.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from indicators.models import Commitment, Indicator, Target
from plans.editing.document import KPI_FIELDS, NO_CONTENT, PLAN_FIELDS, SERIES_FIELDS, SHEET_FIELDS, Document
from plans.models import (
    ItemText,
    Plan,
    PlanIndicator,
    PlanItem,
    PlanLevel,
    PlanText,
    Relisting,
    RoleRow,
    ScheduleEntry,
    Sheet,
    Term,
)

Row = dict[str, Any]
Tables = dict[str, list[Row]]


@dataclass(frozen=True)
class Column:
    """A column of a sheet.

    kind: line (one line of text), text, lines (a list, one a line), flag (○ or nothing), whole (a whole number), figure
    (a decimal number), day.
    """

    name: str
    header: str | Promise
    kind: str
    required: bool = False
    max_length: int | None = None
    choices: tuple[tuple[str, str | Promise], ...] = ()
    is_key: bool = False


@dataclass(frozen=True)
class SheetOf:
    """A sheet of the workbook."""

    name: str
    title: str | Promise
    columns: list[Column]
    rows: Callable[[Document], Iterable[Row]]


def _of(model: type[models.Model], *names: str, **headers: str | Promise) -> list[Column]:
    return [_column(model, name, headers.get(name)) for name in names]


def _column(model: type[models.Model], name: str, header: str | Promise | None = None) -> Column:
    field = cast(models.Field, model._meta.get_field(name))
    kinds: list[tuple[type[models.Field], str]] = [
        (models.BooleanField, "flag"),
        (models.DecimalField, "figure"),
        (models.IntegerField, "whole"),
        (models.DateField, "day"),
        (models.TextField, "text"),
    ]
    return Column(
        name,
        header or field.verbose_name,
        next((kind for of, kind in kinds if isinstance(field, of)), "line"),
        required=not field.blank and not field.null and not isinstance(field, models.BooleanField),
        max_length=field.max_length,
        choices=tuple(field.flatchoices),
        is_key=isinstance(field, models.SlugField),
    )


def _names(name: str, header: str | Promise) -> Column:
    return Column(name, header, "lines")


OF_ITEM = Column("item", _("項目のアドレス"), "line", required=True)
ORIGIN = [
    Column("source_file", _("出典の文書"), "line"),
    Column("source_place", _("出典の場所"), "line"),
    Column("source_remark", _("出典の補足"), "text"),
    Column("restored", _("復元"), "flag"),
    Column("source_note", _("出典の注"), "text"),
]
# A column of ORIGIN, and what it holds of a record's `source`.
OF_SOURCE = {"source_file": "file", "source_place": "place", "source_remark": "note"}
TARGET = ("fiscal_year", "label", "value", "printed")
TERM = ("mark", "term", "body")
PASSAGE = ("kind", "heading", "body")


def _origin(record: Row) -> Row:
    source = record["source"]
    return {
        **{column: source.get(name, "") for column, name in OF_SOURCE.items()},
        "restored": record["restored"],
        "source_note": record["source_note"],
    }


def _joined_origin(row: Row) -> Row:
    return {
        "source": {name: row[column] for column, name in OF_SOURCE.items() if row[column]},
        "restored": row["restored"],
        "source_note": row["source_note"],
    }


def _items(document: Document) -> Iterator[Row]:
    for place in document["places"]:
        own = NO_CONTENT | {"marked": False} | place
        yield {column.name: own[column.name] for column in ITEMS.columns if column not in ORIGIN} | _origin(place)


def _from_items(part: str) -> Callable[[Document], Iterator[Row]]:
    """Rows of what each item has several of."""

    def rows(document: Document) -> Iterator[Row]:
        for place in document["places"]:
            for record in place.get(part, []):
                yield {"item": place["key"], **record, **_origin(record)}

    return rows


def _sheets(document: Document) -> Iterator[Row]:
    for place in document["places"]:
        if place.get("sheet") is not None:
            yield {"item": place["key"], **place["sheet"]}


def _schedule(document: Document) -> Iterator[Row]:
    for place in document["places"]:
        for year, cell in sorted(place.get("schedule", {}).items()):
            yield {"item": place["key"], "fiscal_year": int(year), **cell}


def _named(name: str, title: str | Promise) -> SheetOf:
    return SheetOf(
        name,
        title,
        [Column("name", _("名称"), "line", required=True, max_length=100)],
        lambda document: [{"name": entry} for entry in document[name]],
    )


ITEMS = SheetOf(
    "items",
    _("項目"),
    [
        _column(PlanItem, "key", _("アドレス")),
        Column("parent", _("上の項目のアドレス"), "line"),
        Column("relists", _("再掲する項目のアドレス"), "line"),
        *_of(PlanItem, "title", "emphasis"),
        *_of(Relisting, "marked"),
        _names("pillars", _("柱")),
        _names("departments", _("担当課")),
        *_of(PlanItem, "retired_on", "retired_reason"),
        *ORIGIN,
    ],
    _items,
)
SHEETS = [
    SheetOf(
        "plan",
        _("計画"),
        [*_of(Plan, *PLAN_FIELDS), *ORIGIN],
        lambda document: [{**document["plan"], **_origin(document["plan"])}],
    ),
    SheetOf("levels", _("階層"), _of(PlanLevel, "name", "numbering", "continues"), lambda document: document["levels"]),
    ITEMS,
    SheetOf("item_texts", _("項目の本文"), [OF_ITEM, *_of(ItemText, *PASSAGE), *ORIGIN], _from_items("texts")),
    SheetOf(
        "sheets",
        _("個票"),
        [OF_ITEM, _names("audience", _("対象")), *_of(Sheet, *SHEET_FIELDS)],
        _sheets,
    ),
    SheetOf("schedule", _("年次計画"), [OF_ITEM, *_of(ScheduleEntry, "fiscal_year", "text", "arrow")], _schedule),
    SheetOf(
        "roles",
        _("役割区分"),
        [OF_ITEM, *_of(RoleRow, "title"), _names("actors", _("主体")), *ORIGIN],
        _from_items("roles"),
    ),
    SheetOf(
        "indicators",
        _("成果指標"),
        [
            _column(PlanIndicator, "key"),
            Column("item", _("項目のアドレス"), "line"),
            Column("series", _("系列の記号"), "line", required=True, max_length=60, is_key=True),
            *_of(Indicator, *SERIES_FIELDS),
            *_of(Commitment, *KPI_FIELDS, "baseline_value"),
            *ORIGIN,
        ],
        lambda document: [{**kpi, **_origin(kpi)} for kpi in document["indicators"]],
    ),
    SheetOf(
        "targets",
        _("目標値"),
        [
            Column("indicator", _("指標の記号"), "line", required=True),
            *_of(Target, "fiscal_year", "label", "value", "printed"),
        ],
        lambda document: [
            {"indicator": kpi["key"], **target} for kpi in document["indicators"] for target in kpi["targets"]
        ],
    ),
    SheetOf(
        "texts",
        _("計画の本文"),
        [*_of(PlanText, *PASSAGE), *ORIGIN],
        lambda document: [{**text, **_origin(text)} for text in document["texts"]],
    ),
    SheetOf(
        "terms",
        _("用語"),
        [*_of(Term, *TERM), *ORIGIN],
        lambda document: [{**term, **_origin(term)} for term in document["terms"]],
    ),
    _named("pillars", _("柱")),
    _named("audiences", _("対象")),
    _named("actors", _("主体")),
    SheetOf(
        "schedule_years",
        _("年次計画の年度"),
        [Column("fiscal_year", _("年度"), "whole", required=True)],
        lambda document: [{"fiscal_year": year} for year in document["schedule_years"]],
    ),
]


def to_tables(document: Document) -> Tables:
    """Return a document as the rows of its sheets."""
    return {sheet.name: list(sheet.rows(document)) for sheet in SHEETS}


def to_document(tables: Tables) -> Document:
    """Return the document whose rows these are; places in the order of the rows."""
    texts, roles = _by_item(tables["item_texts"], PASSAGE), _by_item(tables["roles"], ("title", "actors"))
    sheets = {row["item"]: {name: row[name] for name in ("audience", *SHEET_FIELDS)} for row in tables["sheets"]}
    schedule: dict[str, Row] = defaultdict(dict)
    for row in tables["schedule"]:
        schedule[row["item"]][str(row["fiscal_year"])] = {"text": row["text"], "arrow": row["arrow"]}
    targets: dict[str, list[Row]] = defaultdict(list)
    for row in tables["targets"]:
        targets[row["indicator"]].append({name: row[name] for name in TARGET})
    places = []
    for row in tables["items"]:
        place = {name: row[name] for name in ("key", "parent", "relists", "title")} | _joined_origin(row)
        if row["relists"]:
            place["marked"] = row["marked"]
        else:
            place |= {
                **{name: row[name] for name in ("emphasis", "pillars", "departments", "retired_on", "retired_reason")},
                "texts": texts[row["key"]],
                "sheet": sheets.get(row["key"]),
                "schedule": schedule[row["key"]],
                "roles": roles[row["key"]],
            }
        places.append(place)
    kpi_fields = ("key", "item", "series", *SERIES_FIELDS, *KPI_FIELDS, "baseline_value")
    return {
        "plan": {name: tables["plan"][0][name] for name in PLAN_FIELDS} | _joined_origin(tables["plan"][0]),
        "levels": [{name: row[name] for name in ("name", "numbering", "continues")} for row in tables["levels"]],
        **{name: [row["name"] for row in tables[name]] for name in ("pillars", "audiences", "actors")},
        "schedule_years": [row["fiscal_year"] for row in tables["schedule_years"]],
        "texts": [{name: row[name] for name in PASSAGE} | _joined_origin(row) for row in tables["texts"]],
        "terms": [
            {name: row[name] for name in ("mark", "term", "body")} | _joined_origin(row) for row in tables["terms"]
        ],
        "places": places,
        "indicators": [
            {name: row[name] for name in kpi_fields} | _joined_origin(row) | {"targets": targets[row["key"]]}
            for row in tables["indicators"]
        ],
    }


def _by_item(rows: list[Row], names: tuple[str, ...]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["item"]].append({name: row[name] for name in names} | _joined_origin(row))
    return found
