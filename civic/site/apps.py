from typing import Any

from django import forms
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# What is missing, in the words that a person would use for it; Django's own say 「このフィールドは必須です」.
REQUIRED: dict[type[forms.Field], Any] = {
    forms.Field: _("入力してください。"),
    forms.ChoiceField: _("えらんでください。"),
    forms.BooleanField: _("しるしを付けてください。"),
    forms.FileField: _("ファイルをえらんでください。"),
}


class SiteConfig(AppConfig):
    name = "civic.site"
    label = "site"
    verbose_name = "ポータル"

    def ready(self) -> None:
        for field, words in REQUIRED.items():
            field.default_error_messages = {**field.default_error_messages, "required": words}
