"""Whether the rows of a plan's sheets agree with each other, and with the plan that they are to become."""

from typing import Any

from django.utils.translation import gettext as _

from civic.spreadsheets import Fault
from indicators.models import Indicator
from plans.editing.document import SERIES_FIELDS, Document, depths, in_printed_order
from plans.editing.sheets import SHEETS, Row, Tables, to_document
from plans.models import Plan


class Faulty(Exception):
    """A file cannot become a plan."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__()
        self.faults = faults


def checked(tables: Tables, plan: Plan) -> Document:
    """Return the document of tables whose cells are right. Raises Faulty where their rows do not agree."""
    check = _Check(tables, plan)
    check.run()
    if check.faults:
        raise Faulty(check.faults)
    document = to_document(tables)
    document["places"] = list(in_printed_order(document["places"]))
    return document


class _Check:
    """Whether the rows of all sheets agree."""

    def __init__(self, tables: Tables, plan: Plan) -> None:
        self.tables = tables
        self.plan = plan
        self.faults: list[Fault] = []
        self.titles = {sheet.name: str(sheet.title) for sheet in SHEETS}
        self.headers = {(sheet.name, column.name): str(column.header) for sheet in SHEETS for column in sheet.columns}
        self.items = {row["key"]: row for row in tables["items"] if not row["relists"]}

    def run(self) -> None:
        self._check_plan()
        for name in ("pillars", "audiences", "actors"):
            self._once(name, "name")
        self._once("schedule_years", "fiscal_year")
        self._check_places()
        self._check_parts_of_items()
        self._check_indicators()

    def _fault(self, sheet: str, row: Row | None, column: str, words: str) -> None:
        number = row.get("row") if row else None
        self.faults.append(Fault(self.titles[sheet], number, self.headers.get((sheet, column), ""), words))

    def _once(self, sheet: str, *columns: str) -> None:
        seen = set()
        for row in self.tables[sheet]:
            value = tuple(row[column] for column in columns)
            if value in seen:
                self._fault(sheet, row, columns[-1], _("同じものが二つあります。"))
            seen.add(value)

    def _known(self, sheet: str, row: Row, column: str, known: Any) -> None:
        values = row[column] if isinstance(row[column], list) else [row[column]]
        for value in values:
            if value not in known:
                self._fault(sheet, row, column, _("「%(value)s」はありません。") % {"value": value})
        if len(values) != len(set(values)):
            self._fault(sheet, row, column, _("同じものが二つあります。"))

    def _names(self, sheet: str) -> set[str]:
        return {row["name"] for row in self.tables[sheet]}

    def _check_plan(self) -> None:
        rows = self.tables["plan"]
        if len(rows) != 1:
            self._fault("plan", None, "", _("計画は1行で書いてください。"))
        elif rows[0]["last_fiscal_year"] < rows[0]["first_fiscal_year"]:
            self._fault("plan", rows[0], "last_fiscal_year", _("最初の年度より前です。"))
        if not self.tables["levels"]:
            self._fault("levels", None, "", _("階層が一つもありません。"))

    def _check_places(self) -> None:
        self._once("items", "key")
        places = self.tables["items"]
        for row in places:
            if row["parent"] and row["parent"] not in self.items:
                self._fault("items", row, "parent", _("この項目はありません。"))
            (self._check_relisting if row["relists"] else self._check_item)(row)
        if self.faults:
            return
        reached = list(in_printed_order(places))
        depth_of = depths(reached)
        for row in places:
            if row["key"] not in depth_of:
                self._fault("items", row, "parent", _("上の項目をたどると、自分に戻ってしまいます。"))
            elif depth_of[row["key"]] > len(self.tables["levels"]):
                self._fault("items", row, "parent", _("いちばん下の階層より深くなります。"))
        for key in self.plan.items.values_list("key", flat=True):
            if key not in self.items:
                words = _("項目「%(key)s」がありません。なくす項目は、取り下げた日と理由を書いて残してください。")
                self._fault("items", None, "key", words % {"key": key})

    def _check_item(self, row: Row) -> None:
        self._known("items", row, "pillars", self._names("pillars"))
        if row["marked"]:
            self._fault("items", row, "marked", _("再掲の行だけに書けます。"))
        if bool(row["retired_on"]) != bool(row["retired_reason"]):
            self._fault("items", row, "retired_reason", _("取り下げた日と理由は、両方書いてください。"))
        above = self.items.get(row["parent"])
        if above and above["retired_on"] and not row["retired_on"]:
            self._fault("items", row, "parent", _("取り下げた項目の下にあります。"))
        if len(row["departments"]) != len(set(row["departments"])):
            self._fault("items", row, "departments", _("同じものが二つあります。"))
        if any(len(name) > 100 for name in row["departments"]):
            self._fault("items", row, "departments", _("%(length)s文字までです。") % {"length": 100})

    def _check_relisting(self, row: Row) -> None:
        if row["relists"] not in self.items:
            self._fault("items", row, "relists", _("この項目はありません。"))
        if not row["parent"]:
            self._fault("items", row, "parent", _("再掲は、項目の下にだけ置けます。"))
        for name in ("emphasis", "pillars", "departments", "retired_on", "retired_reason"):
            if row[name]:
                self._fault("items", row, name, _("再掲の行には書けません。もとの項目に書いてください。"))
        again = [other for other in self.tables["items"] if other["relists"] == row["relists"]]
        if any(other is not row and other["parent"] == row["parent"] for other in again):
            self._fault("items", row, "parent", _("同じものが二つあります。"))

    def _check_parts_of_items(self) -> None:
        for sheet in ("item_texts", "sheets", "schedule", "roles"):
            for row in self.tables[sheet]:
                self._known(sheet, row, "item", self.items)
        self._once("sheets", "item")
        self._once("schedule", "item", "fiscal_year")
        for row in self.tables["sheets"]:
            self._known("sheets", row, "audience", self._names("audiences"))
        for row in self.tables["roles"]:
            self._known("roles", row, "actors", self._names("actors"))
        years = {row["fiscal_year"] for row in self.tables["schedule_years"]}
        for row in self.tables["schedule"]:
            self._known("schedule", row, "fiscal_year", years)
            if not row["text"] and not row["arrow"]:
                self._fault("schedule", row, "text", _("ことばか矢印を書いてください。"))

    def _check_indicators(self) -> None:
        self._once("indicators", "key")
        self._once("targets", "indicator", "fiscal_year")
        series = {row.key: row for row in Indicator.objects.all()}
        for row in self.tables["indicators"]:
            if row["item"]:
                self._known("indicators", row, "item", self.items)
            known = series.get(row["series"])
            for name in SERIES_FIELDS if known else ():
                if row[name] != getattr(known, name):
                    words = _("系列「%(series)s」は、ほかの計画でも使われています。ここでは変えられません。")
                    self._fault("indicators", row, name, words % {"series": row["series"]})
        keys = {row["key"] for row in self.tables["indicators"]}
        for row in self.tables["targets"]:
            self._known("targets", row, "indicator", keys)
        for key in self.plan.indicators.values_list("key", flat=True):
            if key not in keys:
                words = _("成果指標「%(key)s」がありません。実績がつながるので、ここではなくせません。")
                self._fault("indicators", None, "key", words % {"key": key})
