"""The printed guide to the groups (市民活動ガイドブック): every public group by field, with an index by reading."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from centres.models import ActivityField, Group
from centres.queries import Contact, centre_of_municipality, public_contacts, public_groups
from civic.calendar import era_date
from civic.printing import lay_out, write_pdf
from civic.tenancy.context import current_municipality

GuideProgress = Callable[[int, str], None]
"""Told how far the work is, in per cent, and in words what is being done."""

# The rows of the syllabary, each by its first letter, with the letters that come before the next.
_ROWS = "あかさたなはまやらわ"
OTHER_ROW = "ほか"


@dataclass(frozen=True)
class GuideEntry:
    """A group as the guide prints it, once, in the chapter of its first field."""

    group: Group
    contacts: list[Contact]


@dataclass
class Chapter:
    """A field of activity: the groups that are printed in it, and those that another chapter prints."""

    title: str
    key: str
    entries: list[GuideEntry] = field(default_factory=list)
    elsewhere: list[Group] = field(default_factory=list)


@dataclass(frozen=True)
class Guide:
    """A guide as PDF, how many pages it has and how many groups are in it."""

    content: bytes
    pages: int
    groups: int


def render_guide(progress: GuideProgress) -> Guide:
    """Return the guide to the municipality's public groups. Raises NoJapaneseFont where the machine has none."""
    progress(5, _("団体を集めています"))
    groups = sorted(public_groups(), key=lambda group: (group.name_kana or group.name, group.number))
    html = render_to_string(
        "centres/directory/guide.html",
        {
            "municipality": current_municipality(),
            "centre": centre_of_municipality(),
            "made_on": era_date(timezone.localdate()),
            "chapters": chapters(groups),
            "rows": index(groups),
            "count": len(groups),
            "has_samples": any(group.is_sample for group in groups),
        },
    )
    progress(20, _("ページを組んでいます"))
    document = lay_out(html, "css/guide.css")
    progress(80, _("PDFに書き出しています"))
    return Guide(write_pdf(document), len(document.pages), len(groups))


def chapters(groups: list[Group]) -> list[Chapter]:
    """Return the chapters that have a group, in the order of the fields; last those groups that named no field."""
    by_field = {value: Chapter(str(label), f"field-{value}") for value, label in ActivityField.choices}
    unnamed = Chapter(_("分野を決めていない団体"), "field-none")
    for group in groups:
        fields = [row.field for row in group.fields.all()]
        home = by_field[fields[0]] if fields else unnamed
        home.entries.append(GuideEntry(group, public_contacts(group)))
        for other in fields[1:]:
            by_field[other].elsewhere.append(group)
    return [chapter for chapter in (*by_field.values(), unnamed) if chapter.entries or chapter.elsewhere]


def index(groups: list[Group]) -> list[tuple[str, list[Group]]]:
    """Return the groups by the row of the syllabary in which their reading begins, the rows without any left out."""
    rows: dict[str, list[Group]] = {row: [] for row in (*_ROWS, OTHER_ROW)}
    for group in groups:
        rows[row_of(group.name_kana)].append(group)
    return [(row, found) for row, found in rows.items() if found]


def row_of(reading: str) -> str:
    """Return the row of the syllabary of a reading's first letter: が and カ are in か; `OTHER_ROW` for no kana."""
    first = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", reading.strip()))[:1]
    if "ァ" <= first <= "ヶ":
        first = chr(ord(first) - ord("ァ") + ord("ぁ"))
    if not "ぁ" <= first <= "ん":
        return OTHER_ROW
    # Small letters stand before their large ones.
    return next((row for row in reversed(_ROWS) if first >= row), "あ")
