"""What is asked of help and of those who give it alike."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from centres.forms import ANY, NOT_A_CHOICE
from centres.models import ActivityField, District
from civic.forms import PlainText
from civic.tenancy.forms import RecordChoiceField
from matching.models import Skill, Weekday


class FitForm(PlainText, forms.Form):
    """What fits: by skill, field, district and weekday. A wrong answer is named and left out of the search."""

    skill = RecordChoiceField(
        label=_("できること"), required=False, queryset=Skill.objects.all(), empty_label=ANY[0][1]
    )
    field = forms.TypedChoiceField(
        label=_("分野"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[*ANY, *ActivityField.choices],
        error_messages=NOT_A_CHOICE,
    )
    district = RecordChoiceField(
        label=_("地区"), required=False, queryset=District.objects.all(), empty_label=ANY[0][1]
    )
    weekday = forms.TypedChoiceField(
        label=_("曜日"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[*ANY, *Weekday.choices],
        error_messages=NOT_A_CHOICE,
    )

    def answers(self) -> dict[str, Any]:
        """Return what was answered, and rightly. Called once the form is cleaned."""
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
