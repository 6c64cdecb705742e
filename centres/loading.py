"""From a municipality's files (fixtures/README.md) to a centre's records. Run inside `acting_as`.

Loading adds what is missing and changes nothing that is there: what people have corrected since stays corrected.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import time
from pathlib import Path
from typing import Any

from django.db.models import Max

from centres.models import (
    Centre,
    CentreFunction,
    ConsultationCategory,
    CouncilProfile,
    District,
    Group,
    GroupKind,
    HolidayRule,
    PublishedFigure,
)

Record = dict[str, Any]

# What a centre begins with; its own list is its own data.
FIRST_CATEGORIES = (
    "団体の設立",
    "団体の運営・会計",
    "法人化",
    "助成金・資金",
    "ボランティアをしたい",
    "ボランティアをさがしたい",
    "活動の場所・施設の利用",
    "広報・情報発信",
    "連携・協働",
    "まちづくり・自治会",
    "その他",
)


def load(folder: Path, districts: list[str]) -> None:
    """Load a municipality's centre, districts, councils and published figures from its folder."""
    _load_districts(districts)
    _load_categories()
    for name, load_file in (
        ("centre.json", _load_centre),
        ("councils.json", _load_councils),
        ("statistics.json", _load_statistics),
    ):
        path = folder / name
        if path.exists():
            load_file(json.loads(path.read_text()))


def _origin(record: Record, within: Record) -> Record:
    """Where a record was read: its own source, else that of the record around it, and what is said about it."""
    source = dict(record.get("source") or within["source"])
    if record.get("source_note"):
        source["note"] = record["source_note"]
    return source


def _load_districts(names: list[str]) -> None:
    for position, name in enumerate(names, start=1):
        District.objects.get_or_create(name=name, defaults={"position": position})


def _load_categories() -> None:
    if not ConsultationCategory.objects.exists():
        ConsultationCategory.objects.bulk_create(
            ConsultationCategory(name=name, position=position)
            for position, name in enumerate(FIRST_CATEGORIES, start=1)
        )


def _load_centre(record: Record) -> None:
    """The centre and its functions; nothing where the file says that there is none yet."""
    if record["name"] is None:
        return
    opening = record["opening"] or {"opens": None, "closes": None}
    closing = record["closing"] or {}
    centre, is_new = Centre.objects.get_or_create(
        name=record["name"],
        defaults={
            "phone": record["tel"] or "",
            "website": record["url"] or "",
            **{
                field: record[field] or ""
                for field in ("nickname", "postal_code", "address", "building", "fax", "email")
            },
            "texts": record["texts"],
            **{field: opening[field] and time.fromisoformat(opening[field]) for field in ("opens", "closes")},
            "closed_weekdays": closing.get("closed_weekdays", []),
            "closed_on_holidays": closing.get("closed_on_holidays", HolidayRule.NEVER),
            "closed_periods": closing.get("closed_periods", []),
            "rule": closing.get("printed", ""),
            "source": _origin(record, record),
        },
    )
    if is_new:
        CentreFunction.objects.bulk_create(
            CentreFunction(centre=centre, position=position, name=name)
            for position, name in enumerate(record["functions"], start=1)
        )
        _add_figures(
            PublishedFigure(
                topic="registered-groups",
                title="登録団体",
                position=position,
                value=point["value"],
                unit="団体",
                printed=point["printed"],
                as_of=point["as_of"]["label"],
                source=_origin(point, record),
            )
            for position, point in enumerate(record["registered_groups"], start=1)
        )


def _load_councils(record: Record) -> None:
    """Councils of residents as groups of the directory, each with the people of its area."""
    districts = {district.name: district for district in District.objects.all()}
    known = set(Group.objects.filter(kind=GroupKind.COUNCIL).values_list("name", flat=True))
    number = Group.objects.aggregate(last=Max("number"))["last"] or 0
    for council in record["councils"]:
        if council["name"] in known:
            continue
        number += 1
        group = Group.objects.create(
            number=number,
            name=council["name"],
            kind=GroupKind.COUNCIL,
            district=districts[council["district"]],
            description="\n\n".join(line for text in council.get("texts", []) for line in text["body"]),
            is_published=True,
            source=_origin(council, record),
        )
        CouncilProfile.objects.create(
            group=group,
            area=council["district"],
            as_of=record["as_of"]["label"],
            source=_origin(council, record),
            **{name: council[name] for name in ("population", "elderly", "elderly_rate", "households")},
        )


def _load_statistics(record: Record) -> None:
    for table in record["tables"]:
        _add_figures(_figures_of_table(table, record))
    for series in record["series"]:
        _add_figures(_figures_of_series(series, record))


def _figures_of_table(table: Record, within: Record) -> Iterator[PublishedFigure]:
    rows = table["rows"] + ([{"label": "計", "value": table["total"]}] if table.get("total") is not None else [])
    for position, row in enumerate(rows, start=1):
        yield PublishedFigure(
            topic=table["key"],
            title=table["name"],
            position=position,
            label=row["label"],
            field=row.get("field"),
            value=row["value"],
            unit=table["unit"],
            as_of=table["as_of"]["label"],
            note=table["note"] or "",
            source=_origin(table, within),
        )


def _figures_of_series(series: Record, within: Record) -> Iterator[PublishedFigure]:
    points = [(point, False) for point in series["points"]] + [(target, True) for target in series["targets"]]
    for position, (point, is_target) in enumerate(points, start=1):
        yield PublishedFigure(
            topic=series["key"],
            title=series["name"],
            answer=series["answer"] or "",
            position=position,
            value=point["value"],
            decimals=series["decimals"],
            unit=series["unit"],
            printed=point["printed"],
            as_of=point["label"],
            fiscal_year=point["fiscal_year"],
            is_target=is_target,
            is_foreseen=point.get("planned", False),
            note=series["note"] or "",
            source=_origin(series, within),
        )


def _add_figures(figures: Iterable[PublishedFigure]) -> None:
    PublishedFigure.objects.bulk_create(figures, ignore_conflicts=True)
