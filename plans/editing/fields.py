"""Fields for what a plan's columns hold."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from civic.accounts.models import Department


def text_field(model: type[models.Model], name: str, *, rows: int = 0, **options: Any) -> forms.CharField:
    """A field for a column of text; a line feed is kept as one character."""
    column = model._meta.get_field(name)
    return _Text(
        # Passages keep the spaces with which they begin.
        strip=not rows,
        label=options.pop("label", column.verbose_name),  # type: ignore[union-attr]
        max_length=column.max_length,  # type: ignore[union-attr]
        required=options.pop("required", not column.blank),  # type: ignore[union-attr]
        widget=forms.Textarea({"rows": rows}) if rows else forms.TextInput(),
        **options,
    )


class _Text(forms.CharField):
    """A text as it is stored: browsers send two characters for a line feed."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n")


class Names(forms.CharField):
    """Names, one a line, none twice."""

    widget = forms.Textarea({"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        text = super().to_python(value) or ""
        return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))

    def run_validators(self, value: Any) -> None:
        longest = Department._meta.get_field("name").max_length or 0
        if any(len(name) > longest for name in value):
            raise ValidationError(_("一つの名前は%(length)s文字までです。") % {"length": longest})
