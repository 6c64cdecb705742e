"""What people fill in."""

from datetime import date
from typing import Any

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


class CorrectionForm(PlainText, forms.ModelForm):
    """Why a report that was handed over is put right."""

    class Meta:
        model = MonthlyReport
        fields = ["reason"]
        help_texts = {"reason": _("訂正した報告書にのります。例：10月5日の相談2件が、あとから記録されたため")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True


class EditionForm(forms.Form):
    """Which edition of a report is asked for; the latest where nothing is said."""

    edition = forms.IntegerField(min_value=1, required=False)


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
