"""What the cells of the directory's table hold: each kind of column reads a cell and writes one."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.widgets import Widget

from civic.forms import CONTROL_CHARACTER

FLAG = "○"
BETWEEN = "；"
_NAMES_APART = re.compile(r"\s*[;；\n]\s*")
_WORDS_APART = re.compile(r"\s*[;；、，,\n]\s*")


def text_of(cell: Any) -> str:
    """Return the words in a cell. Raises ValueError for what a spreadsheet has made something else of."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        text = cell.replace("\r\n", "\n")
        if CONTROL_CHARACTER.search(text):
            raise ValueError(_("使えない文字（制御文字）がまじっています。"))
        return text
    if isinstance(cell, (date, datetime)):
        raise ValueError(_("日付になっています。文字列の書式のセルに書いてください。"))
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


class Words(Widget):
    """Words as they stand, on one line or on several."""

    def __init__(
        self,
        max_length: int | None = None,
        *,
        required: bool = False,
        several_lines: bool = False,
        validators: Sequence[Callable[[Any], None]] = (),
    ) -> None:
        super().__init__()
        self.max_length = max_length
        self.required = required
        self.several_lines = several_lines
        self.validators = validators

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        text = text_of(value)
        if self.required and not text.strip():
            raise ValueError(_("空欄です。"))
        if "\n" in text and not self.several_lines:
            raise ValueError(_("改行は入れられません。"))
        if self.max_length and len(text) > self.max_length:
            raise ValueError(_("%(length)s文字までです。") % {"length": self.max_length})
        if text:
            self._validate(text)
        return text

    def _validate(self, text: str) -> None:
        for validator in self.validators:
            try:
                validator(text)
            except ValidationError as error:
                raise ValueError("".join(error.messages)) from error

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value or ""


class Digits(Words):
    """A telephone number: words of digits, whose first may be a zero that a number would lose."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        if isinstance(value, (int, float)):
            raise ValueError(
                _("数になっていて、はじめの0が消えたおそれがあります。文字列の書式のセルに書いてください。")
            )
        return super().clean(value, row, **kwargs)


class Flag(Widget):
    """Yes or no: ○ or nothing."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        text = text_of(value).strip()
        # ◯ (U+25EF) and 〇 (U+3007) look the same and are what some keyboards give.
        if text not in ("", FLAG, "◯", "〇"):
            raise ValueError(_("「○」か空欄にしてください。"))
        return bool(text)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return FLAG if value else ""


class Whole(Widget):
    """A whole number, or nothing."""

    def __init__(self, largest: int) -> None:
        super().__init__()
        self.largest = largest

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | None:
        text = unicodedata.normalize("NFKC", text_of(value)).strip()
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{1,10}", text) or int(text) > self.largest:
            raise ValueError(_("0から%(largest)sまでの整数で書いてください。") % {"largest": self.largest})
        return int(text)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else value


class Day(Widget):
    """A day of the Western calendar, or nothing."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> date | None:
        if isinstance(value, datetime):
            return value.date()
        text = unicodedata.normalize("NFKC", text_of(value)).strip()
        if not text:
            return None
        parts = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", text)
        try:
            return date(*(int(part) for part in parts.groups())) if parts else _no_day()
        except ValueError:
            raise ValueError(_("日付は 2026-04-01 のように西暦で書いてください。")) from None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value.isoformat() if value else ""


def _no_day() -> date:
    raise ValueError


class OneOf(Widget):
    """One of several things that have names; nothing where `required` is false."""

    def __init__(self, by_name: Mapping[str, Any], *, required: bool = False) -> None:
        super().__init__()
        self.by_name = by_name
        self.names = {value: name for name, value in by_name.items()}
        self.required = required

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        text = text_of(value).strip()
        if not text and not self.required:
            return None
        return found(text, self.by_name)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return self.names.get(value, "")


def found(name: str, by_name: Mapping[str, Any]) -> Any:
    """Return the thing of that name. Raises ValueError with the names that there are, as far as a sentence holds."""
    if name not in by_name:
        names = list(by_name)
        some = "、".join(names[:25]) + (_("など") if len(names) > 25 else "")
        raise ValueError(
            _("「%(name)s」はありません。次のどれかにしてください：%(names)s") % {"name": name, "names": some}
        )
    return by_name[name]


class SomeOf(Widget):
    """Several things that have names, in the order of the names."""

    def __init__(self, by_name: Mapping[str, Any]) -> None:
        super().__init__()
        self.by_name = by_name
        self.order = {value: position for position, value in enumerate(by_name.values())}
        self.names = {value: name for name, value in by_name.items()}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[Any]:
        chosen = {found(name, self.by_name) for name in _NAMES_APART.split(text_of(value).strip()) if name}
        return sorted(chosen, key=self.order.__getitem__)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return BETWEEN.join(self.names[chosen] for chosen in sorted(value or (), key=self.order.__getitem__))


class Tags(Widget):
    """Everyday words, each once and no longer than a tag may be."""

    def __init__(self, max_length: int, most: int) -> None:
        super().__init__()
        self.max_length = max_length
        self.most = most

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[str]:
        words = list(dict.fromkeys(word for word in _WORDS_APART.split(text_of(value).strip()) if word))
        if len(words) > self.most:
            raise ValueError(_("%(most)s個までです。") % {"most": self.most})
        if any(len(word) > self.max_length for word in words):
            raise ValueError(_("ひとつ%(length)s文字までです。") % {"length": self.max_length})
        return words

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return BETWEEN.join(value or ())
