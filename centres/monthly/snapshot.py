"""What a month's report says, as one JSON value: its page, its PDF and its spreadsheet are made from that alone."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from centres.monthly.figures import Section, sections
from centres.periods import MONTHS, Period
from centres.queries import centre_of_municipality
from civic.accounts.models import User
from civic.calendar import era_date, fiscal_year_label, fiscal_year_of
from civic.tenancy.context import current_municipality

SCHEMA = 1
"""Counts up when a field of the snapshot changes its meaning or goes."""

Snapshot = dict[str, Any]
Progress = Callable[[int, str], None]
"""Told how far the work is, in per cent, and in words what is being done."""


def build_snapshot(month: date, *, words: str, made_on: date, progress: Progress) -> Snapshot:
    """Return the report of a month, told by its first day, as the records are now."""
    municipality = current_municipality()
    centre = centre_of_municipality()
    fiscal_year = fiscal_year_of(month)
    counted: list[Section] = []
    for section in sections(month):
        counted.append(section)
        progress(10 * len(counted), _("%(section)sを数えました") % {"section": section.title})
    return {
        "schema": SCHEMA,
        "municipality": {"name": municipality.name, "office": municipality.office_name, "theme": municipality.theme},
        "centre": centre.name if centre else "",
        "month": month.isoformat(),
        "month_label": str(Period(fiscal_year, month.month)),
        "month_name": _("%(month)s月") % {"month": month.month},
        "fiscal_year_label": fiscal_year_label(fiscal_year),
        "year_name": _("4月から%(month)s月まで") % {"month": month.month} if month.month != MONTHS[0] else _("4月"),
        "made_on": made_on.isoformat(),
        "made_on_label": era_date(made_on),
        "is_sample": any(section.has_samples for section in counted),
        "sections": [_section(section) for section in counted],
        "words": words,
        "signed_off": None,
    }


def _section(section: Section) -> dict[str, Any]:
    said = asdict(section)
    for line in said["lines"]:
        line["month_change"] = _change(line["month"], line["month_before"])
        line["year_change"] = _change(line["year"], line["year_before"])
    return said


def _change(now: int | None, before: int | None) -> int | None:
    """How much more it is than last year."""
    return None if now is None or before is None else now - before


def signed_off(snapshot: Snapshot, *, by: User, on: date) -> Snapshot:
    """Return the report with who stands for it."""
    return snapshot | {"signed_off": {"by": str(by), "on": on.isoformat(), "on_label": era_date(on)}}
