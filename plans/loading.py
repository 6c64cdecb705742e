"""From plan files (fixtures/README.md) to records. Run inside `acting_as`."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from django.db.models import Max

from civic.accounts.models import Department
from indicators.models import Commitment, Formula, Indicator, Target
from plans.models import (
    Actor,
    Audience,
    ItemDepartment,
    ItemPillar,
    ItemText,
    Pillar,
    Plan,
    PlanIndicator,
    PlanItem,
    PlanLevel,
    PlanText,
    Relisting,
    RoleAssignment,
    RoleRow,
    ScheduleEntry,
    ScheduleYear,
    Sheet,
    SheetAudience,
    Term,
)

Record = dict[str, Any]
Named = TypeVar("Named", Pillar, Audience, Actor)
Text = TypeVar("Text", PlanText, ItemText)


class SeriesDisagree(ValueError):
    """Two plans commit to one series but measure it differently."""


@dataclass(frozen=True)
class PlanFile:
    """A plan file and the digest by which a change of it is noticed."""

    record: Record
    sha256: str

    @classmethod
    def read(cls, path: Path) -> "PlanFile":
        content = path.read_bytes()
        return cls(json.loads(content), hashlib.sha256(content).hexdigest())


def load(folder: Path) -> None:
    """Load every `plan-*.json` of a municipality's folder; a plan whose file has not changed is left alone.

    A plan whose file has changed gets the file's rows in place of its own. Raises SeriesDisagree where two plans
    measure one series in different units, and ValueError for a paragraph with a line feed in it.
    """
    files = sorted((PlanFile.read(path) for path in folder.glob("plan-*.json")), key=_first_fiscal_year)
    loaded = dict(Plan.objects.values_list("slug", "file_sha256"))
    changed = [file for file in files if loaded.get(file.record["slug"]) != file.sha256]
    if not changed:
        return
    series = _load_series([record for file in files for record in file.record["indicators"]])
    for file in changed:
        _PlanLoad(file.record, _start_plan(file), series).run()


def _first_fiscal_year(file: PlanFile) -> int:
    year: int = file.record["first_fiscal_year"]
    return year


def _load_series(records: list[Record]) -> dict[str, Indicator]:
    """The indicators of all plans, oldest plan first: a later plan's wording names the series."""
    series: dict[str, Indicator] = {}
    for record in records:
        indicator = Indicator(
            key=record["series"],
            name=record["name"],
            answer=record["answer"] or "",
            unit=record["unit"],
            decimals=record["decimals"],
            direction=record["direction"],
            definition=record["definition"] or "",
        )
        earlier = series.get(indicator.key)
        if earlier and (earlier.unit, earlier.direction) != (indicator.unit, indicator.direction):
            raise SeriesDisagree(f"The series {indicator.key} is measured in {earlier.unit} and in {indicator.unit}.")
        series[indicator.key] = indicator
    Indicator.objects.bulk_create(
        series.values(),
        update_conflicts=True,
        unique_fields=["municipality", "key"],
        update_fields=["name", "answer", "unit", "decimals", "direction", "definition"],
    )
    return {indicator.key: indicator for indicator in Indicator.objects.filter(key__in=series)}


def _start_plan(file: PlanFile) -> Plan:
    """The plan's own row, with nothing beneath it."""
    record = file.record
    plan, was_new = Plan.objects.update_or_create(
        slug=record["slug"],
        defaults={
            **{name: record[name] or "" for name in ("title", "subtitle", "slogan", "publisher", "published")},
            **{name: record[name] for name in ("status", "first_fiscal_year", "last_fiscal_year")},
            **_origin(record, {}),
            "file_sha256": file.sha256,
        },
    )
    if not was_new:
        commitments = list(plan.indicators.values_list("commitment_id", flat=True))
        plan.indicators.all().delete()
        Commitment.objects.filter(pk__in=commitments).delete()
        for part in (plan.items, plan.levels, plan.texts, plan.terms, plan.pillars, plan.audiences, plan.actors):
            part.all().delete()
        plan.schedule_years.all().delete()
    return plan


def _origin(record: Record, within: Record) -> dict[str, Any]:
    """Where a record's words come from: its own place, or else its parent's."""
    inherited = {name: value for name, value in within.items() if name != "note"}
    return {
        "source": record.get("source") or inherited,
        "restored": record.get("restored", False),
        "source_note": record.get("source_note") or "",
    }


def _passages(model: type[Text], records: list[Record], within: Record, **owner: Any) -> Iterator[Text]:
    for position, record in enumerate(records, 1):
        if any("\n" in paragraph for paragraph in record["body"]):
            raise ValueError(f"A paragraph of {record['heading']} has a line feed in it.")
        yield model(
            **owner,
            position=position,
            kind=record["kind"],
            heading=record["heading"] or "",
            body="\n".join(record["body"]),
            **_origin(record, within),
        )


@dataclass
class _PlanLoad:
    """One plan on its way into the database; rows are created table by table."""

    record: Record
    plan: Plan
    series: dict[str, Indicator]
    items: dict[str, PlanItem] = field(default_factory=dict)

    def run(self) -> None:
        self._load_lists()
        self._load_tree()
        self._load_texts()
        self._load_sheets()
        self._load_roles()
        self._load_indicators()

    def _load_lists(self) -> None:
        plan, record = self.plan, self.record
        PlanLevel.objects.bulk_create(
            PlanLevel(plan=plan, depth=depth, **level) for depth, level in enumerate(record["levels"], 1)
        )
        self._load_names(Pillar, record["pillars"])
        self._load_names(Audience, record["audiences"])
        self._load_names(Actor, record["actors"])
        ScheduleYear.objects.bulk_create(ScheduleYear(plan=plan, fiscal_year=year) for year in record["schedule_years"])
        Term.objects.bulk_create(
            Term(
                plan=plan,
                position=position,
                mark=term["mark"] or "",
                term=term["term"],
                body=term["body"],
                **_origin(term, plan.source),
            )
            for position, term in enumerate(record["terms"], 1)
        )

    def _load_names(self, model: type[Named], names: list[str]) -> None:
        model.objects.bulk_create(
            model(plan=self.plan, position=position, name=name) for position, name in enumerate(names, 1)
        )

    def _load_tree(self) -> None:
        """Level by level, because a child needs its parent's id; then the second places of items."""
        levels = {level.depth: level for level in self.plan.levels.all()}
        rows: list[tuple[PlanItem | None, Record]] = [(None, {"children": self.record["items"]})]
        relistings: list[tuple[PlanItem, int, Record]] = []
        depth = 0
        while rows:
            depth += 1
            children: list[tuple[PlanItem, Record]] = []
            for parent, record in rows:
                for position, child in enumerate(record["children"], 1):
                    if parent is not None and "relists" in child:
                        relistings.append((parent, position, child))
                        continue
                    item = PlanItem(
                        plan=self.plan,
                        parent=parent,
                        level=levels[depth],
                        position=position,
                        key=child["key"],
                        title=child["title"],
                        emphasis=child.get("emphasis", False),
                        **_origin(child, parent.source if parent else self.plan.source),
                    )
                    children.append((item, child))
            PlanItem.objects.bulk_create(item for item, _record in children)
            self.items |= {item.key: item for item, _record in children}
            rows = list(children)
        Relisting.objects.bulk_create(
            Relisting(
                plan=self.plan,
                item=self.items[record["relists"]],
                parent=parent,
                position=position,
                key=record["key"],
                title=record["title"],
                marked=record["marked"],
                **_origin(record, parent.source),
            )
            for parent, position, record in relistings
        )

    def _records(self) -> Iterator[tuple[PlanItem, Record]]:
        """Every item with its record, relistings left out."""
        waiting = list(self.record["items"])
        while waiting:
            record = waiting.pop()
            if "relists" not in record:
                yield self.items[record["key"]], record
                waiting += record["children"]

    def _load_texts(self) -> None:
        pillars = {pillar.name: pillar for pillar in self.plan.pillars.all()}
        PlanText.objects.bulk_create(_passages(PlanText, self.record["texts"], self.plan.source, plan=self.plan))
        ItemText.objects.bulk_create(
            text
            for item, record in self._records()
            for text in _passages(ItemText, record.get("texts") or [], item.source, item=item)
        )
        ItemPillar.objects.bulk_create(
            ItemPillar(item=item, pillar=pillars[name])
            for item, record in self._records()
            for name in record.get("pillars") or []
        )

    def _load_sheets(self) -> None:
        records = [(item, record["sheet"]) for item, record in self._records() if record.get("sheet")]
        audiences = {audience.name: audience for audience in self.plan.audiences.all()}
        departments = _departments([name for _item, sheet in records for name in sheet["departments"]])
        fields = ("implementers", "purpose", "situation", "content", "completion", "tag", "audience_other")
        sheets = [(Sheet(item=item, **{name: sheet[name] or "" for name in fields}), sheet) for item, sheet in records]
        Sheet.objects.bulk_create(sheet for sheet, _record in sheets)
        SheetAudience.objects.bulk_create(
            SheetAudience(sheet=sheet, audience=audiences[name])
            for sheet, record in sheets
            for name in record["audience"]
        )
        ItemDepartment.objects.bulk_create(
            ItemDepartment(item=item, department=departments[name], position=position)
            for item, sheet in records
            for position, name in enumerate(sheet["departments"], 1)
        )
        ScheduleEntry.objects.bulk_create(
            ScheduleEntry(
                item=item, fiscal_year=cell["fiscal_year"], text=cell["text"] or "", arrow=cell.get("arrow", False)
            )
            for item, sheet in records
            for cell in sheet["schedule"]
            if cell["text"] or cell.get("arrow")
        )

    def _load_roles(self) -> None:
        actors = {actor.name: actor for actor in self.plan.actors.all()}
        rows = [
            (
                RoleRow(
                    item=self.items[table["item"]],
                    position=position,
                    title=record["title"],
                    **_origin(record, table.get("source") or self.items[table["item"]].source),
                ),
                record["cells"],
            )
            for table in self.record["roles"]
            for position, record in enumerate(table["rows"], 1)
        ]
        RoleRow.objects.bulk_create(row for row, _cells in rows)
        RoleAssignment.objects.bulk_create(
            RoleAssignment(row=row, actor=actors[name]) for row, cells in rows for name in cells
        )

    def _load_indicators(self) -> None:
        """A KPI that no item names belongs to the plan as a whole."""
        item_of = {key: item for item, record in self._records() for key in record.get("indicators") or []}
        records = self.record["indicators"]
        commitments = Commitment.objects.bulk_create(_commitment(r, self.series, self.plan.source) for r in records)
        Target.objects.bulk_create(
            Target(
                commitment=commitment,
                fiscal_year=target["fiscal_year"],
                label=target["label"],
                value=Decimal(target["value"]),
                printed=target["printed"],
            )
            for commitment, record in zip(commitments, records, strict=True)
            for target in record["targets"]
        )
        PlanIndicator.objects.bulk_create(
            PlanIndicator(
                plan=self.plan,
                item=item_of.get(record["key"]),
                commitment=commitment,
                position=position,
                key=record["key"],
            )
            for position, (commitment, record) in enumerate(zip(commitments, records, strict=True), 1)
        )


def _commitment(record: Record, series: dict[str, Indicator], within: Record) -> Commitment:
    """A plan that does not say how achievement is computed: from the baseline, or by level where a KPI is new."""
    baseline = record["baseline"]
    value = None if baseline["value"] is None else Decimal(baseline["value"])
    return Commitment(
        indicator=series[record["series"]],
        name=record["name"],
        answer=record["answer"] or "",
        formula=record.get("formula") or (Formula.LEVEL if value is None else Formula.BASELINE),
        baseline_label=baseline["label"] or "",
        baseline_fiscal_year=baseline["fiscal_year"],
        baseline_value=value,
        baseline_printed=baseline["printed"] or "",
        note=record["note"] or "",
        **_origin(record, within),
    )


def _departments(names: list[str]) -> dict[str, Department]:
    """The municipality's departments by name; those not yet known are added at the end, in the order of the plan."""
    known = {department.name: department for department in Department.objects.all()}
    last = Department.objects.aggregate(last=Max("position"))["last"] or 0
    missing = [name for name in dict.fromkeys(names) if name not in known]
    added = Department.objects.bulk_create(
        Department(name=name, position=position) for position, name in enumerate(missing, last + 1)
    )
    return known | {department.name: department for department in added}
