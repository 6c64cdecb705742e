"""Choosing from the trail."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from civic.accounts import queries
from civic.accounts.models import User
from civic.audit.readable import recorded_models
from civic.forms import EraDateField


class TraceFilter(forms.Form):
    """What kind of record, whose doing, and when."""

    kind = forms.ChoiceField(label=_("記録の種類"), required=False)
    person = forms.ModelChoiceField(
        label=_("人"), queryset=User.objects.none(), required=False, empty_label=_("すべて")
    )
    first = EraDateField(label=_("この日から"), required=False)
    last = EraDateField(label=_("この日まで"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            ("", _("すべて")),
            *((table, model._meta.verbose_name) for table, model in recorded_models().items()),
        ]
        self.fields["person"].queryset = queries.people_ever()  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        """Return what to look for, as `civic.audit.queries` takes it. Only of a valid form."""
        person = self.cleaned_data["person"]
        return {**self.cleaned_data, "person": person and person.pk}
