"""Rows of a form in which a plan's KPIs are written: what each is, where it starts from and where it is to get."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from civic.calendar import era_fiscal_year
from indicators.models import Commitment, Direction, Formula, Indicator, Target
from plans.editing.document import NO_ORIGIN, SERIES_FIELDS, plain
from plans.editing.fields import text_field
from plans.editing.rows import CarriesOrigin, Rows, unsigned
from plans.models import Plan

CARRIED = (*NO_ORIGIN, "key", "series", *SERIES_FIELDS)
"""What a KPI keeps whatever is written: where its words come from, and the series that it goes on with."""
ALWAYS_CHOSEN = ("formula", "direction")
"""What a browser sends of an empty row too."""


def _year(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=1900, max_value=2200)


class KpiForm(CarriesOrigin):
    """A KPI of a plan. One that is new begins a series, or goes on with one of an earlier plan."""

    name = text_field(Commitment, "name", required=False)
    answer = text_field(Commitment, "answer", help_text=gettext_lazy("意識調査の答え。例：参加したことがある"))
    item = forms.ChoiceField(label=gettext_lazy("どの項目の指標か"), required=False)
    series = forms.ChoiceField(
        label=gettext_lazy("前の計画からの続き"),
        required=False,
        help_text=gettext_lazy("続きにすると、前の計画からの値が一つのグラフになります。単位も同じになります。"),
    )
    unit = text_field(Indicator, "unit", required=False)
    decimals = forms.IntegerField(label=gettext_lazy("小数点以下のけた数"), min_value=0, max_value=4, required=False)
    direction = forms.ChoiceField(label=gettext_lazy("めざす向き"), choices=Direction.choices, required=False)
    formula = forms.ChoiceField(label=gettext_lazy("達成率の計算方法"), choices=Formula.choices)
    baseline_fiscal_year = _year(gettext_lazy("現状値の年度（西暦）"))
    baseline_value = forms.DecimalField(
        label=gettext_lazy("現状値"),
        required=False,
        max_digits=16,
        decimal_places=4,
        help_text=gettext_lazy("新規の指標は空欄"),
    )
    baseline_label = text_field(Commitment, "baseline_label", help_text=gettext_lazy("例：令和7年"))
    baseline_printed = text_field(Commitment, "baseline_printed", help_text=gettext_lazy("例：39.5%"))
    note = text_field(Commitment, "note", rows=2)
    names = ("name", "answer", "item", "formula", "baseline_label", "baseline_fiscal_year", "baseline_printed", "note")
    carried = CARRIED

    def __init__(self, *args: Any, plan: Plan, items: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        self.fields["item"].choices = [("", _("計画全体")), *items]  # type: ignore[attr-defined]
        targets = self.initial.get("targets", [])
        self.slots = range(len(targets) + 1)
        for slot in self.slots:
            self._add_target(slot, targets[slot] if slot < len(targets) else {})
        if self.initial:
            self.fields["baseline_value"].help_text = _("単位：%(unit)s") % {"unit": self.initial["unit"]}
            for name in ("series", "unit", "decimals", "direction"):
                del self.fields[name]
        else:
            others = Indicator.objects.exclude(commitments__plan_indicator__plan=plan).distinct()
            self.fields["series"].choices = [  # type: ignore[attr-defined]
                ("", _("新しくはじめる")),
                *((row.key, f"{row.name}（{row.unit}）") for row in others),
            ]

    def _add_target(self, slot: int, target: dict[str, Any]) -> None:
        which = _("目標値%(number)s") % {"number": slot + 1}
        year = _year(_("%(which)sの年度（西暦）") % {"which": which})
        value = forms.DecimalField(label=which, required=False, max_digits=16, decimal_places=4)
        label = text_field(Target, "label", label=_("%(which)sの時点") % {"which": which}, required=False)
        printed = text_field(Target, "printed", label=_("%(which)sの表記") % {"which": which}, required=False)
        for name, field in (("fiscal_year", year), ("value", value), ("label", label), ("printed", printed)):
            # Not in the form's `initial`, which is the plan's own record.
            field.initial = target.get(name)
            self.fields[f"{name}{slot}"] = field

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        given = self.cleaned_data
        is_written = any(value not in (None, "") for name, value in given.items() if name not in ALWAYS_CHOSEN)
        if is_written and not given.get("name") and "name" not in self.errors:
            self.add_error("name", _("入力してください。"))
        if self._begins_a_series() and not given.get("unit") and "unit" not in self.errors:
            self.add_error("unit", _("新しい指標には、単位が要ります。"))
        years = [given.get(f"fiscal_year{slot}") for slot in self.slots]
        for slot in self.slots:
            year, value = years[slot], given.get(f"value{slot}")
            if (year is None) != (value is None) and not {f"fiscal_year{slot}", f"value{slot}"} & set(self.errors):
                self.add_error(f"fiscal_year{slot}", _("目標値には、年度と値の両方を入力してください。"))
            elif year is not None and years.index(year) < slot:
                self.add_error(f"fiscal_year{slot}", _("同じ年度の目標値が二つあります。"))
        return cleaned

    def _begins_a_series(self) -> bool:
        given = self.cleaned_data
        return bool(given.get("name") and not given.get("origin") and not given.get("series"))

    def says_something(self) -> bool:
        return bool(self.cleaned_data.get("name"))

    def record(self) -> dict[str, Any]:
        """What the KPI says, as the plan's document holds it; a new one has no key yet."""
        given = self.cleaned_data
        kept = unsigned(given["origin"]) if given["origin"] else {**NO_ORIGIN, "key": "", **self._series()}
        baseline = given["baseline_value"]
        said = {name: given[name] for name in self.names} | kept
        if baseline is not None and not said["baseline_printed"]:
            said["baseline_printed"] = f"{baseline:,f}{kept['unit']}"
        return {
            **said,
            "baseline_value": plain(baseline),
            "targets": sorted(self._targets(kept["unit"]), key=lambda target: target["fiscal_year"]),
        }

    def _series(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given["series"]:
            series = Indicator.objects.get(key=given["series"])
            return {"series": series.key, **{name: getattr(series, name) for name in SERIES_FIELDS}}
        begun = {"unit": given["unit"], "decimals": given["decimals"] or 0, "direction": given["direction"]}
        return {"series": "", **begun, "definition": ""}

    def _targets(self, unit: str) -> Iterator[dict[str, Any]]:
        given = self.cleaned_data
        for slot in self.slots:
            year, value = given[f"fiscal_year{slot}"], given[f"value{slot}"]
            if year is not None and value is not None:
                yield {
                    "fiscal_year": year,
                    "label": given[f"label{slot}"] or era_fiscal_year(year),
                    "value": plain(Decimal(value)),
                    "printed": given[f"printed{slot}"] or f"{value:,f}{unit}",
                }


class _Kpis(Rows):
    """A plan's KPIs. None goes: the figures of years hang on it."""

    def records(self) -> list[dict[str, Any]]:
        """Return what the rows say, in their new order; a new KPI has a key of its own. Called once it is valid."""
        records = super().records()
        taken = {record["key"] for record in records}
        for record in records:
            if not record["key"]:
                record["key"] = next(key for n in range(1, 1000) if (key := f"kpi-{n}") not in taken)
                record["series"] = record["series"] or f"{self.form_kwargs['plan'].slug}-{record['key']}"
                taken.add(record["key"])
        return records


KpiFormSet = formset_factory(KpiForm, _Kpis, extra=1, can_order=True, max_num=100)
