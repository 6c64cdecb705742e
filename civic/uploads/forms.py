"""The form field that takes a file."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile as SentFile
from django.utils.translation import gettext as _

from civic.uploads.checking import CheckedFile, check, refuse_size
from civic.uploads.kinds import RefusedFile
from civic.uploads.purposes import Purpose


class UploadInput(forms.FileInput):
    """An input for a file. Shown again for another field's sake, it says that the file has to be chosen again."""

    template_name = "forms/widgets/upload.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["chosen"] = value.name if isinstance(value, SentFile) else ""
        return context


class UploadField(forms.FileField):
    """A file for a purpose. Cleans to a `CheckedFile` or None; what is wrong with a file is an error of the field."""

    def __init__(self, purpose: Purpose, **kwargs: Any) -> None:
        self.purpose = purpose
        kinds = "・".join(kind.label for kind in purpose.accepts)
        limit = purpose.max_bytes // 1024 // 1024
        super().__init__(
            **{
                "widget": UploadInput({"accept": ",".join(kind.content_type for kind in purpose.accepts)}),
                "help_text": _("%(kinds)sのファイル、%(limit)s MBまで。") % {"kinds": kinds, "limit": limit},
                **kwargs,
            }
        )

    def bound_data(self, data: SentFile | None, initial: Any) -> SentFile | None:
        """What the input is shown with once it was sent: the file, whose name it tells."""
        return data

    def clean(self, data: Any, initial: Any = None) -> CheckedFile | None:
        sent: SentFile | None = super().clean(data, initial)
        if sent is None:
            return None
        try:
            # Before it is read into memory.
            refuse_size(sent.size or 0, self.purpose)
            return check(sent.name or "", sent.read(), self.purpose)
        except RefusedFile as refused:
            raise forms.ValidationError(str(refused), code="refused") from None
