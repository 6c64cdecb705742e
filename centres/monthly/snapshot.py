"""What a month's report says, as one JSON value: its page, its PDF and its spreadsheet are made from that alone."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from centres.monthly.figures import Number, Section, sections
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


@dataclass(frozen=True)
class Correction:
    """Why a month that was closed is reported anew, and what was handed over before."""

    reason: str
    closed: Snapshot


def build_snapshot(
    month: date,
    *,
    words: str,
    made_on: date,
    progress: Progress,
    last_year: Snapshot | None = None,
    corrects: Correction | None = None,
) -> Snapshot:
    """Return the report of a month, told by its first day, as the records are now.

    Last year's figures are those of `last_year`, the same month's closed report; what it does not tell is counted.
    """
    municipality = current_municipality()
    centre = centre_of_municipality()
    fiscal_year = fiscal_year_of(month)
    counted: list[Section] = []
    for section in sections(month):
        counted.append(section)
        progress(10 * len(counted), _("%(section)sを数えました") % {"section": section.title})
    said = [_section(section, last_year) for section in counted]
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
        "sections": said,
        "last_year": _last_year(said, last_year),
        "edition": corrects.closed["edition"] + 1 if corrects else 1,
        "correction": _correction(said, corrects) if corrects else None,
        "words": words,
        "signed_off": None,
    }


def _section(section: Section, last_year: Snapshot | None) -> dict[str, Any]:
    said = asdict(section)
    before = lines_of(last_year)
    for line in said["lines"]:
        line["was_reported"] = line["key"] in before
        if line["was_reported"]:
            line["month_before"], line["year_before"] = (before[line["key"]][span] for span in ("month", "year"))
        line["month_change"] = _change(line["month"], line["month_before"])
        line["year_change"] = _change(line["year"], line["year_before"])
    return said


def lines_of(snapshot: Snapshot | None) -> dict[str, dict[str, Any]]:
    """Return the lines of a report by their keys; none of no report."""
    return {line["key"]: line for section in snapshot["sections"] for line in section["lines"]} if snapshot else {}


def _last_year(said: list[dict[str, Any]], last_year: Snapshot | None) -> dict[str, Any] | None:
    """Which report last year's figures are taken from, and what it does not tell."""
    if last_year is None:
        return None
    counted = [line["name"] for section in said for line in section["lines"] if not line["was_reported"]]
    return {"on_label": last_year["signed_off"]["on_label"], "edition": last_year["edition"], "counted": counted}


def _correction(said: list[dict[str, Any]], corrects: Correction) -> dict[str, Any]:
    """Why the report is made anew, and the figures of the month and the year that are others than before."""
    before = lines_of(corrects.closed)
    changes = [
        {"name": line["name"], "unit": line["unit"], "span": span, "was": was, "is": line[value]}
        for section in said
        for line in section["lines"]
        for value, span in (("month", _("月")), ("year", _("4月からの累計")))
        if (was := before.get(line["key"], {}).get(value)) != line[value]
    ]
    closed = corrects.closed
    return {
        "reason": corrects.reason,
        "edition": closed["edition"],
        "on_label": closed["signed_off"]["on_label"],
        "by": closed["signed_off"]["by"],
        "changes": changes,
    }


def corrected(corrects: Correction) -> Snapshot:
    """Return a closed report as the next edition begins, before it is counted anew: with its figures as they were."""
    closed = corrects.closed
    return closed | {
        "edition": closed["edition"] + 1,
        "correction": _correction(closed["sections"], corrects),
        "signed_off": None,
    }


def _change(now: Number | None, before: Number | None) -> Number | None:
    """How much more it is than last year; of shares in points, with one decimal."""
    return None if now is None or before is None else round(now - before, 1)


def signed_off(snapshot: Snapshot, *, by: User, on: date) -> Snapshot:
    """Return the report with who stands for it."""
    return snapshot | {"signed_off": {"by": str(by), "on": on.isoformat(), "on_label": era_date(on)}}
