"""Forms for figures: a year's table, and what happens to single figures."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from civic.calendar import fiscal_year_label
from civic.forms import PlainText
from civic.measures.registry import find, offered
from indicators.models import Actual, Formula
from indicators.services import Entry
from plans.figures.queries import FigureRow
from plans.models import Plan, PlanIndicator

PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
PARTED_NUMBER = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
NO_FIGURE = "-"


def normalised(written: Any) -> str:
    """Return a number as typed with half-width digits and signs, and nothing for a lone 「−」."""
    text = unicodedata.normalize("NFKC", str(written)).replace("\N{MINUS SIGN}", "-").strip()
    return "" if text == NO_FIGURE else text


class FigureField(forms.DecimalField):
    """A figure as people type it: full-width digits, thousands parted, its unit behind. Cleans to Decimal or None."""

    widget = forms.TextInput

    def __init__(self, *, unit: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {"invalid": gettext_lazy("数字で入力してください。例：1,234.5")})
        super().__init__(max_digits=16, **kwargs)
        self.unit = unicodedata.normalize("NFKC", unit)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if value in self.empty_values:
            return None
        text = normalised(value)
        if self.unit:
            text = text.removesuffix(self.unit).rstrip()
        if not text:
            return None
        if not (PLAIN_NUMBER.fullmatch(text) or PARTED_NUMBER.fullmatch(text)):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(text.replace(",", ""))


class FigureForm(PlainText, forms.Form):
    """One KPI's figure of one year, a row of the table."""

    value = FigureField(label=gettext_lazy("実績値"), required=False)
    status = forms.ChoiceField(label=gettext_lazy("確定の別"), choices=Actual.Status.choices, required=False)
    answers = FigureField(
        label=gettext_lazy("回答数（人）"), unit="人", required=False, min_value=0, max_value=10**9, decimal_places=0
    )
    response_rate = FigureField(
        label=gettext_lazy("回収率（％）"), unit="％", required=False, min_value=0, max_value=100, decimal_places=2
    )
    note = forms.CharField(label=gettext_lazy("注"), required=False, max_length=300)

    def __init__(self, row: FigureRow, data: Mapping[str, Any] | None = None) -> None:
        self.row = row
        figure = row.figure
        super().__init__(
            data,
            prefix=f"figure-{row.pk}",
            initial={
                "value": row.typed,
                "status": figure.standing if figure else Actual.Status.PROVISIONAL,
                "answers": figure.answers if figure else None,
                "response_rate": row.typed_response_rate,
                "note": figure.note if figure else "",
            },
        )
        indicator = row.indicator
        self.fields["value"] = FigureField(
            label=_("実績値"), unit=indicator.unit, required=False, decimal_places=indicator.decimals
        )
        for name, field in self.fields.items():
            field.widget.attrs |= {"aria-label": f"{row.name} {field.label}", "class": f"figure-{name}"}

    @property
    def seen(self) -> str:
        """The row as it is stored now, so that whoever saves tells what they had before them."""
        return "|".join("" if value is None else str(value) for value in self.initial.values())

    @property
    def seen_name(self) -> str:
        """The name under which the page sends `seen` back."""
        return self.add_prefix("seen")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if "value" not in cleaned:
            return cleaned
        has_more = cleaned.get("answers") is not None or cleaned.get("response_rate") is not None or cleaned.get("note")
        if cleaned["value"] is None and has_more:
            self.add_error("value", _("実績値を入力してください。"))
        elif self.has_changed() and self.data.get(self.seen_name) != self.seen:
            self.add_error(
                "value",
                _("ほかの人が先にこの行を変えました。いまの値は「%(now)s」です。よければ、もう一度保存してください。")
                % {"now": self.row.printed or "−"},
            )
        return cleaned

    def entry(self) -> Entry:
        """Return what is to be written. Only for a valid form."""
        cleaned = self.cleaned_data
        return Entry(
            self.row.indicator,
            cleaned["value"],
            cleaned["status"] or Actual.Status.PROVISIONAL,
            None if cleaned["answers"] is None else int(cleaned["answers"]),
            cleaned["response_rate"],
            cleaned["note"],
        )


class FigureTableForm:
    """All KPIs of a plan in one year: a form for each figure that is typed in. All of it is saved, or nothing."""

    def __init__(self, rows: Sequence[FigureRow], data: Mapping[str, Any] | None = None) -> None:
        self.rows = rows
        self.data = data
        self.forms = {row.pk: FigureForm(row, data) for row in rows if row.is_entered}

    def __iter__(self) -> Iterator[tuple[FigureRow, FigureForm | None]]:
        """Yield each KPI, with its form where there is one."""
        return ((row, self.forms.get(row.pk)) for row in self.rows)

    def is_valid(self) -> bool:
        return not self.faults

    @property
    def faults(self) -> list[tuple[FigureForm, forms.BoundField, str]]:
        """Every error with its row and its field, in the order of the table."""
        return [(form, field, str(error)) for form in self.forms.values() for field in form for error in field.errors]

    def changed(self) -> list[Entry]:
        """Return what differs from what is stored."""
        return [form.entry() for form in self.forms.values() if form.has_changed()]


class ReasonForm(PlainText, forms.Form):
    """Why a year is opened again."""

    reason = forms.CharField(label=gettext_lazy("理由"), max_length=300)


class CorrectionForm(PlainText, forms.Form):
    """A frozen figure put right."""

    reason = forms.CharField(
        label=gettext_lazy("訂正の理由"),
        max_length=300,
        help_text=gettext_lazy("公開のページに出ます。個人の名前は書かないでください。"),
    )

    def __init__(self, row: FigureRow, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        indicator = row.indicator
        value = FigureField(
            label=_("訂正後の値（%(unit)s）") % {"unit": indicator.unit},
            unit=indicator.unit,
            decimal_places=indicator.decimals,
        )
        self.fields = {"value": value, **self.fields}


class BreakForm(PlainText, forms.Form):
    """From a year on the figure is measured in another way."""

    fiscal_year = forms.TypedChoiceField(label=gettext_lazy("変わった年度"), coerce=int)
    note = forms.CharField(
        label=gettext_lazy("変更の内容"),
        max_length=1000,
        help_text=gettext_lazy("前の定義とあとの定義を書いてください。例：人数（延べ）から件数に変えました。"),
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, years: Sequence[int], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fiscal_year"].choices = [(year, fiscal_year_label(year)) for year in years]  # type: ignore[attr-defined]


class DefinitionForm(PlainText, forms.Form):
    """What a KPI is, what counts it, and how its achievement is computed."""

    definition = forms.CharField(
        label=gettext_lazy("定義"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )
    formula = forms.ChoiceField(label=gettext_lazy("達成率の計算方法"), choices=Formula.choices)
    measure = forms.ChoiceField(
        label=gettext_lazy("記録からの集計"),
        required=False,
        help_text=gettext_lazy(
            "えらぶと、実績値はポータルの記録から数えます。手で入力する指標では「集計しない」のままにします。"
        ),
    )
    measured_from = forms.TypedChoiceField(
        label=gettext_lazy("集計を始める年度"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=gettext_lazy("これより前の年度は、これまでどおり入力します。"),
    )

    def __init__(self, row: PlanIndicator, years: Sequence[int], *args: Any, **kwargs: Any) -> None:
        self.indicator = row.commitment.indicator
        kwargs["initial"] = {
            "definition": self.indicator.definition,
            "formula": row.commitment.formula,
            "measure": self.indicator.measure,
            "measured_from": self.indicator.measured_from,
        }
        super().__init__(*args, **kwargs)
        self.fields["measure"].choices = [  # type: ignore[attr-defined]
            ("", _("集計しない")),
            *((measure.name, f"{measure.title}（{measure.unit}）") for measure in offered()),
        ]
        self.fields["measured_from"].choices = [  # type: ignore[attr-defined]
            ("", "−"),
            *((year, fiscal_year_label(year)) for year in years),
        ]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        measure = cleaned.get("measure")
        if not measure:
            cleaned["measured_from"] = None
            return cleaned
        if cleaned.get("measured_from") is None and "measured_from" not in self.errors:
            self.add_error("measured_from", _("集計を始める年度をえらんでください。"))
        if str(find(measure).unit) != self.indicator.unit:
            self.add_error(
                "measure",
                _("単位がちがいます。この指標は「%(own)s」、集計は「%(other)s」です。")
                % {"own": self.indicator.unit, "other": find(measure).unit},
            )
        return cleaned


class UploadForm(forms.Form):
    """A filled-in spreadsheet."""

    MOST_BYTES = 1024 * 1024

    file = forms.FileField(
        label=gettext_lazy("エクセルのファイル（.xlsx）"), widget=forms.FileInput({"accept": ".xlsx"})
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > self.MOST_BYTES:
            raise forms.ValidationError(_("ファイルが大きすぎます。1MBまでのファイルをえらんでください。"))
        return file


def begun_years(plan: Plan, this_year: int) -> list[int]:
    """Return the plan's fiscal years that have begun, newest first."""
    return list(range(min(plan.last_fiscal_year, this_year), plan.first_fiscal_year - 1, -1))
