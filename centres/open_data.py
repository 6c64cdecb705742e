"""The directory as data for everybody to use: what its pages show, and no more."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from centres.models import Group
from civic.spreadsheets import as_csv


@dataclass(frozen=True)
class Column:
    """One column: its name in JSON, its heading in CSV, and what it holds of a group."""

    name: str
    heading: str
    value: Callable[[Group], Any]


def _if_public(field: str) -> Callable[[Group], str | None]:
    return lambda group: getattr(group, field) if getattr(group, f"{field}_is_public") else None


COLUMNS = (
    Column("number", "団体番号", lambda group: group.number),
    Column("name", "団体名", lambda group: group.name),
    Column("name_kana", "団体名（かな）", lambda group: group.name_kana),
    Column("kind", "種別", lambda group: group.kind_name),
    Column("district", "地区", lambda group: group.district.name if group.district else None),
    Column(
        "fields", "活動分野（特定非営利活動促進法別表の号）", lambda group: [row.field for row in group.fields.all()]
    ),
    Column("active_districts", "活動する地区", lambda group: [str(place) for place in group.active_districts.all()]),
    Column("tags", "タグ", lambda group: group.tags),
    Column("purpose", "活動の目的", lambda group: group.purpose),
    Column("description", "活動の内容", lambda group: group.description),
    Column("seeking", "募集", lambda group: [str(seeking.label) for seeking in group.seeking]),
    Column("looking_for", "募集していること", lambda group: group.looking_for),
    Column("meeting_day", "活動する日", lambda group: group.meeting_day),
    Column("meeting_place", "活動する場所", lambda group: group.meeting_place),
    Column("members_count", "会員数（人）", lambda group: group.members_count),
    Column("founded_year", "設立年（西暦）", lambda group: group.founded_year),
    Column("website", "ウェブサイト", lambda group: group.website),
    Column("contact_name", "担当者", _if_public("contact_name")),
    Column("address", "住所", _if_public("address")),
    Column("phone", "電話番号", _if_public("phone")),
    Column("fax", "ファクス番号", _if_public("fax")),
    Column("email", "メール", _if_public("email")),
    Column("registered_on", "登録日", lambda group: group.registered_on),
    Column("last_confirmed_on", "最終確認日", lambda group: group.last_confirmed_on),
    Column("is_sample", "サンプル", lambda group: group.is_sample),
)


def groups_as_records(groups: Iterable[Group]) -> list[dict[str, Any]]:
    """Return published groups, one record each; None or an empty text where there is nothing to say."""
    return [{column.name: column.value(group) for column in COLUMNS} for group in groups]


def groups_as_csv(groups: Iterable[Group]) -> bytes:
    """Return published groups as CSV for spreadsheet programs, several values parted by `;`."""
    rows = ([_cell(column.value(group)) for column in COLUMNS] for group in groups)
    return as_csv([column.heading for column in COLUMNS], rows)


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    return ";".join(map(str, value)) if isinstance(value, list) else value
