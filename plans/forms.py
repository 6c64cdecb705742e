"""Forms of the planner's office."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from civic.calendar import fiscal_year_label, fiscal_year_of
from civic.forms import PlainText
from plans.models import Plan
from plans.reports.corrections import Words


class ReportForm(forms.Form):
    """Which year to make a report of: the plan's years that have begun."""

    def __init__(self, plan: Plan, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        last = min(plan.last_fiscal_year, fiscal_year_of(today))
        self.years = range(last, plan.first_fiscal_year - 1, -1)
        self.fields["fiscal_year"] = forms.TypedChoiceField(
            label=_("年度"), coerce=int, choices=[(year, fiscal_year_label(year)) for year in self.years]
        )


class ReasonForm(PlainText, forms.Form):
    """Why a step is taken back."""

    reason = forms.CharField(label=_("理由"), max_length=300, help_text=_("記録に残ります。"))


class CorrectionForm(PlainText, forms.Form):
    """What a place of a report should say, beginning with `proposed`, by field, or else with what it says."""

    def __init__(
        self, words: Sequence[Words], proposed: Mapping[str, str], reason: str, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._said = words
        for number, said in enumerate(words):
            text = proposed.get(said.field, said.text)
            self.fields[f"field{number}"] = forms.CharField(
                label=said.label,
                initial=text,
                required=False,
                max_length=4000,
                help_text=_("報告書では「%(said)s」") % {"said": said.text or "−"} if text != said.text else "",
                widget=forms.Textarea({"rows": 1 + len(text) // 40}),
            )
        self.fields["reason"] = forms.CharField(
            label=_("訂正の理由"), initial=reason, max_length=300, help_text=_("報告書にのります。")
        )

    def words(self) -> dict[str, str]:
        """Return each field as it should read; paragraphs are parted by a line feed."""
        return {
            said.field: self.cleaned_data[f"field{number}"].replace("\r\n", "\n")
            for number, said in enumerate(self._said)
        }
