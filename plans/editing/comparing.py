"""Two states of a plan beside one another, field by field, in the words that a planner sees."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from civic.calendar import fiscal_year_label
from indicators.models import Commitment, Direction, Formula, Indicator
from plans.editing.document import (
    KPI_FIELDS,
    NO_CONTENT,
    PLAN_FIELDS,
    SERIES_FIELDS,
    SHEET_FIELDS,
    Content,
    Document,
)
from plans.models import Plan, Sheet


def _heading(model: type[models.Model], name: str) -> str | Promise:
    return cast(models.Field, model._meta.get_field(name)).verbose_name


LABELS: dict[str, str | Promise] = {
    "title": gettext_lazy("項目名"),
    "emphasis": gettext_lazy("重点"),
    "pillars": gettext_lazy("柱"),
    "departments": gettext_lazy("担当課"),
    "texts": gettext_lazy("本文"),
    "roles": gettext_lazy("役割区分"),
    "has_sheet": gettext_lazy("個票"),
    "audience": gettext_lazy("対象"),
    **{name: _heading(Sheet, name) for name in SHEET_FIELDS},
    "retired_on": gettext_lazy("取り下げた日"),
    "retired_reason": gettext_lazy("取り下げた理由"),
    "source": gettext_lazy("出典"),
    "restored": gettext_lazy("復元"),
    "source_note": gettext_lazy("出典の注"),
}


@dataclass(frozen=True)
class Difference:
    """A field in two states; a line feed stands between two paragraphs."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Section:
    """A part of the plan that differs. `state` is added, removed or changed."""

    heading: str
    state: str
    differences: list[Difference]


@dataclass(frozen=True)
class Merge:
    """An item's content as two people changed it from one base.

    Where only one of them changed a field, `content` has that; where both did, it has mine. `theirs` and `both` are the
    fields that only the other, and both, changed: before is what is saved now, after what I wrote.
    """

    content: Content
    theirs: list[Difference]
    both: list[Difference]


def flat(content: Content) -> dict[str, Any]:
    """Return an item's content with each field of its sheet and each year of its schedule on its own."""
    sheet = content["sheet"] or {}
    return {
        **{name: content[name] for name in NO_CONTENT if name not in ("sheet", "schedule")},
        "has_sheet": content["sheet"] is not None,
        "audience": sheet.get("audience", []),
        **{name: sheet.get(name, "") for name in SHEET_FIELDS},
        **{f"schedule {year}": cell for year, cell in sorted(content["schedule"].items())},
    }


def nested(fields: dict[str, Any]) -> Content:
    """Return what `flat` was made of."""
    return {
        **{name: fields[name] for name in NO_CONTENT if name not in ("sheet", "schedule")},
        "sheet": {name: fields[name] for name in ("audience", *SHEET_FIELDS)} if fields["has_sheet"] else None,
        "schedule": {
            name.removeprefix("schedule "): cell
            for name, cell in fields.items()
            if name.startswith("schedule ") and cell is not None
        },
    }


def merge(base: Content, mine: Content, saved: Content) -> Merge:
    """Return what becomes of my changes where somebody saved others since I began."""
    began, wrote, kept = flat(base), flat(mine), flat(saved)
    fields: dict[str, Any] = {}
    theirs: list[Difference] = []
    both: list[Difference] = []
    for name in dict.fromkeys([*kept, *wrote]):
        was, now, meant = began.get(name), kept.get(name), wrote.get(name)
        fields[name] = now if meant == was else meant
        if now not in (was, meant):
            found = theirs if meant == was else both
            found.append(Difference(_label(name), printed(name, now), printed(name, meant)))
    return Merge(nested(fields), theirs, both)


def compare(before: Document, after: Document) -> list[Section]:
    """Return where two states of a plan differ, item by item, in the order of print of the later one."""
    names = {
        place["key"]: f"{place['title']}（{place['key']}）"
        for document in (before, after)
        for place in document["places"]
    }
    earlier, later = _sections(before, names), _sections(after, names)
    found = []
    for name in dict.fromkeys([*later, *earlier]):
        heading, now = later.get(name, ("", {}))
        old_heading, was = earlier.get(name, ("", {}))
        differences = [
            Difference(label, was.get(label, ""), now.get(label, ""))
            for label in dict.fromkeys([*now, *was])
            if was.get(label, "") != now.get(label, "")
        ]
        if name not in earlier or name not in later or differences:
            state = "added" if name not in earlier else "removed" if name not in later else "changed"
            found.append(Section(heading or old_heading, state, differences))
    return [*found, *_reordered(before, after)]


def printed(name: str, value: Any) -> str:
    """Return the value of an item's field as it is shown, "" where it is empty."""
    if value is None:
        return ""
    if name == "texts":
        return "\n".join(_printed_passage(text) for text in value)
    if name == "roles":
        return "\n".join("\n".join(filter(None, [_role(role), _origin(role)])) for role in value)
    if name == "source":
        return _source(value)
    if name.startswith("schedule "):
        return f"{value['text']}{' →' if value['arrow'] else ''}"
    if isinstance(value, bool):
        return "○" if value else ""
    return "、".join(value) if isinstance(value, list) else str(value)


def _label(name: str) -> str:
    if name.startswith("schedule "):
        return _("年次計画 %(year)s") % {"year": fiscal_year_label(int(name.removeprefix("schedule ")))}
    return str(LABELS[name])


def _role(role: dict[str, Any]) -> str:
    return f"{role['title']}：{'・'.join(role['actors'])}"


def _source(source: dict[str, str]) -> str:
    return " ".join(f"{name}={value}" for name, value in sorted(source.items()))


def _origin(record: dict[str, Any]) -> str:
    return " ".join(
        filter(None, [_source(record["source"]), printed("restored", record["restored"]), record["source_note"]])
    )


def _printed_passage(text: dict[str, Any]) -> str:
    return "\n".join(filter(None, [f"【{text['kind']}】{text['heading']}", text["body"], _origin(text)]))


def _sections(document: Document, names: dict[str, str]) -> dict[str, tuple[str, dict[str, str]]]:
    """The parts of a plan by a name of each, with their heading and their fields; `names` are those of its places."""
    found: dict[str, tuple[str, dict[str, str]]] = {"plan": (_("計画"), _plan_fields(document))}
    found |= _repeated("text", document["texts"], lambda text: text["heading"] or text["kind"], _text_fields)
    for place in document["places"]:
        stands = {_("置き場所"): names.get(place["parent"], _("いちばん上"))}
        if place["relists"]:
            found[f"place {place['key']}"] = (
                _("再掲：%(title)s") % {"title": place["title"]},
                {
                    **stands,
                    _("再掲する項目"): names[place["relists"]],
                    _("言い回し"): place["title"],
                    _("【再掲】の印"): printed("marked", place["marked"]),
                    _("出典"): _origin(place),
                },
            )
        else:
            fields = {_label(name): printed(name, value) for name, value in flat(place).items()}
            found[f"place {place['key']}"] = (place["title"], stands | fields)
    for kpi in document["indicators"]:
        found[f"kpi {kpi['key']}"] = (_("成果指標：%(name)s") % {"name": kpi["name"]}, _kpi_fields(kpi, names))
    return found | _repeated("term", document["terms"], lambda term: term["term"], _term_fields)


def _repeated(kind: str, records: list[dict[str, Any]], name_of: Any, fields_of: Any) -> dict[str, Any]:
    """Records that have no key, told apart by their name and which of that name they are."""
    seen: Counter[str] = Counter()
    found = {}
    for record in records:
        name = name_of(record)
        seen[name] += 1
        found[f"{kind} {name} {seen[name]}"] = (name, fields_of(record))
    return found


def _plan_fields(document: Document) -> dict[str, str]:
    plan = document["plan"]
    return {
        **{str(_heading(Plan, name)): str(plan[name]) for name in PLAN_FIELDS},
        _("階層"): "\n".join(
            f"{level['name']}　{level['numbering']}　{_('通し番号') if level['continues'] else ''}".strip()
            for level in document["levels"]
        ),
        _("柱"): "、".join(document["pillars"]),
        _("対象"): "、".join(document["audiences"]),
        _("主体"): "、".join(document["actors"]),
        _("年次計画の年度"): "、".join(str(year) for year in document["schedule_years"]),
        _("出典"): _origin(plan),
    }


def _text_fields(text: dict[str, Any]) -> dict[str, str]:
    return {_("種類"): text["kind"], _("見出し"): text["heading"], _("本文"): text["body"], _("出典"): _origin(text)}


def _term_fields(term: dict[str, Any]) -> dict[str, str]:
    return {_("印"): term["mark"], _("用語"): term["term"], _("説明"): term["body"], _("出典"): _origin(term)}


def _kpi_fields(kpi: dict[str, Any], names: dict[str, str]) -> dict[str, str]:
    shown = kpi | {"direction": Direction(kpi["direction"]).label, "formula": Formula(kpi["formula"]).label}
    return {
        _("項目"): names.get(kpi["item"], _("計画全体")),
        _("系列"): kpi["series"],
        **{str(_heading(Indicator, name)): str(shown[name]) for name in SERIES_FIELDS},
        **{
            str(_heading(Commitment, name)): "" if shown[name] is None else str(shown[name])
            for name in (*KPI_FIELDS, "baseline_value")
        },
        _("目標値"): "\n".join(
            f"{target['fiscal_year']} {target['label']} {target['value']} {target['printed']}"
            for target in kpi["targets"]
        ),
        _("出典"): _origin(kpi),
    }


def _reordered(before: Document, after: Document) -> Iterator[Section]:
    """Where things that stand in both under the same item stand in another order."""
    lists: list[tuple[str, list[tuple[str, str]], list[tuple[str, str]]]] = [
        (_("本文の並び順"), _names(before["texts"], "heading"), _names(after["texts"], "heading")),
        (_("用語の並び順"), _names(before["terms"], "term"), _names(after["terms"], "term")),
        (_("成果指標の並び順"), _named(before["indicators"]), _named(after["indicators"])),
    ]
    titles = {place["key"]: place["title"] for place in after["places"]}
    for parent in dict.fromkeys(place["parent"] for place in after["places"]):
        heading = _("並び順：%(title)s") % {"title": titles.get(parent, _("いちばん上"))}
        lists.append((heading, _under(before, parent), _under(after, parent)))
    for heading, was, now in lists:
        common = {key for key, _title in was} & {key for key, _title in now}
        if [key for key, _title in was if key in common] != [key for key, _title in now if key in common]:
            words = ("\n".join(title for _key, title in listed) for listed in (was, now))
            yield Section(heading, "changed", [Difference(_("並び順"), *words)])


def _names(records: list[dict[str, Any]], field: str) -> list[tuple[str, str]]:
    return [(record[field] or str(record.get("kind")), record[field]) for record in records]


def _named(kpis: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(kpi["key"], kpi["name"]) for kpi in kpis]


def _under(document: Document, parent: str) -> list[tuple[str, str]]:
    return [(place["key"], place["title"]) for place in document["places"] if place["parent"] == parent]
