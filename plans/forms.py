"""Forms of the planner's office."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from civic.calendar import fiscal_year_label, fiscal_year_of
from plans.models import Plan


class ReportForm(forms.Form):
    """Which year to make a report of: the plan's years that have begun."""

    def __init__(self, plan: Plan, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        last = min(plan.last_fiscal_year, fiscal_year_of(today))
        self.fields["fiscal_year"] = forms.TypedChoiceField(
            label=_("年度"),
            coerce=int,
            choices=[(year, fiscal_year_label(year)) for year in range(last, plan.first_fiscal_year - 1, -1)],
        )
