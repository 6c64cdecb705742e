"""What people fill in."""

from datetime import date

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.monthly.models import MonthlyReport
from civic.forms import PlainText


class WordsForm(PlainText, forms.ModelForm):
    """What the centre says of the month in its own words."""

    class Meta:
        model = MonthlyReport
        fields = ["words"]
        widgets = {"words": forms.Textarea({"rows": 10})}


class CloseForm(forms.Form):
    """That somebody signs off what they saw: `seen` says which making of the report that was."""

    seen = forms.CharField(widget=forms.HiddenInput)


class MonthForm(forms.Form):
    """Which month a report is to be made of, told by its first day."""

    month = forms.DateField(widget=forms.HiddenInput)

    def clean_month(self) -> date:
        month: date = self.cleaned_data["month"]
        if month.day != 1 or month > timezone.localdate():
            raise forms.ValidationError(_("この月の報告書は作れません。"))
        return month
