"""Form fields that the whole portal shares."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from civic import calendar

# Japan counts days by the Gregorian calendar since 1 January 1873. Whoever types the year of an era ("8") is told so.
FIRST_YEAR = 1873


# Every control character but tab, line feed and carriage return. They show nowhere, and no spreadsheet can hold them.
# Then Unicode's own ends of lines and what turns the direction of all that follows on a page.
CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


class PlainText(forms.BaseForm):
    """What forms derive from besides Django's own: control characters in a text are an error of its field.

    So is the end of a line in an input of one line: what is typed there may become the subject of a letter.
    """

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for name, value in list(self.cleaned_data.items()):
            if not isinstance(value, str):
                continue
            if CONTROL_CHARACTER.search(value):
                self.add_error(name, _("使えない文字（制御文字）がまじっています。もう一度入力してください。"))
            elif isinstance(self.fields[name].widget, forms.TextInput) and len(value.splitlines()) > 1:
                self.add_error(name, _("途中で行を変えずに、1行で入力してください。"))
        return cleaned


@dataclass(frozen=True)
class Section:
    """A part of a long form, under a heading; `partials/sections.html` shows those that a form's `sections()` gives.

    A folded one is opened by whoever wants to fill it in, and stands open where it was filled in or has an error.
    """

    title: Any
    fields: list[forms.BoundField]
    words: Any = ""
    is_folded: bool = False

    @property
    def is_open(self) -> bool:
        """Whether a folded part stands open."""
        return any(
            field.errors or (field.form.is_bound and field.name in field.form.changed_data) for field in self.fields
        )


class EraDateWidget(forms.MultiWidget):
    """Year, month and day in three inputs, with the era of what they hold beside them."""

    template_name = "forms/widgets/era_date.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        part = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__(
            {
                "year": forms.TextInput(part | {"class": "year"}),
                "month": forms.TextInput(part),
                "day": forms.TextInput(part),
            },
            attrs,
        )

    def decompress(self, value: date | None) -> list[int | None]:
        return [value.year, value.month, value.day] if value else [None, None, None]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["era"] = _era(value if isinstance(value, list) else self.decompress(value))
        return context


def _era(parts: list[Any]) -> str:
    """The era year of what has been typed so far, or nothing where it is no date."""
    try:
        year, month, day = (int(part) if part else None for part in parts)
        if year is None or year < FIRST_YEAR:
            return ""
        if month and day:
            return calendar.era_year(date(year, month, day))
        return calendar.era_years_of(year)
    except (ValueError, OverflowError):
        return ""


class EraDateField(forms.MultiValueField):
    """A date typed as Western year, month and day; digits may be full-width. Cleans to a `date` or None."""

    widget = EraDateWidget
    default_error_messages = {"invalid": _("この日付はカレンダーにありません。年・月・日をお確かめください。")}

    def __init__(self, **kwargs: Any) -> None:
        year = _("年は西暦の4けたの数字で入力してください。")
        month = _("月は1から12までの数字で入力してください。")
        day = _("日は1から31までの数字で入力してください。")
        super().__init__(
            fields=(
                _part(FIRST_YEAR, 9999, _("年を入力してください。"), year),
                _part(1, 12, _("月を入力してください。"), month),
                _part(1, 31, _("日を入力してください。"), day),
            ),
            require_all_fields=False,
            **kwargs,
        )

    def compress(self, data_list: list[int]) -> date | None:
        if not data_list:
            return None
        try:
            return date(*data_list)
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


def _part(lowest: int, highest: int, missing: Any, wrong: Any) -> forms.IntegerField:
    messages = {"incomplete": missing, "invalid": wrong, "min_value": wrong, "max_value": wrong}
    return forms.IntegerField(min_value=lowest, max_value=highest, error_messages=messages)
