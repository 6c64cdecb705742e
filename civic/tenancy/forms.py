"""Form fields that choose among the records of a municipality."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _


class RecordChoiceField(forms.ModelChoiceField):
    """One record. An id that is not there, as another municipality's never is, raises Http404."""

    def to_python(self, value: Any) -> Model | None:
        try:
            return super().to_python(value)
        except ValidationError:
            raise Http404(_("えらばれた項目はありません。")) from None


class RecordMultipleChoiceField(forms.ModelMultipleChoiceField):
    """Several records. An id that is not there, as another municipality's never is, raises Http404."""

    def clean(self, value: Any) -> QuerySet[Model]:
        try:
            return super().clean(value)
        except ValidationError as error:
            if error.code == "required":
                raise
            raise Http404(_("えらばれた項目はありません。")) from None
