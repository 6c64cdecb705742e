"""What people fill in."""

from django import forms

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
