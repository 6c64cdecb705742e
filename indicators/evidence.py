"""What a counted figure stands on: the records behind it, as they were when its year was closed."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TypedDict

from civic.measures.registry import Measure, MeasuredRow, mean


class EvidenceRow(TypedDict):
    """One record as it was counted; `day` is an ISO date or None, `value` what it added to the figure."""

    key: int
    label: str
    day: str | None
    is_sample: bool
    value: str


def evidence_of(rows: Iterable[MeasuredRow]) -> list[EvidenceRow]:
    """Return the records behind a figure as they are kept, in the order of their numbers."""
    return sorted(
        (
            EvidenceRow(
                key=row.key,
                label=row.label,
                day=row.day.isoformat() if row.day else None,
                is_sample=row.is_sample,
                value=str(row.value),
            )
            for row in rows
        ),
        key=lambda row: row["key"],
    )


def rows_of(evidence: Iterable[EvidenceRow]) -> list[MeasuredRow]:
    """Return kept records as rows; they lead nowhere, as the records may be gone."""
    return [
        MeasuredRow(
            row["key"],
            row["label"],
            date.fromisoformat(row["day"]) if row["day"] else None,
            "",
            row["is_sample"],
            Decimal(row["value"]),
        )
        for row in evidence
    ]


def total(rows: Iterable[EvidenceRow]) -> Decimal:
    """Return what the rows add up to."""
    return sum((Decimal(row["value"]) for row in rows), Decimal(0))


def figure_of(measure: Measure, rows: list[EvidenceRow]) -> Decimal | None:
    """Return what the rows of a measure come to: their sum, or of a share their mean, None without rows."""
    if not measure.is_share:
        return total(rows)
    return mean(total(rows), len(rows)) if rows else None


def digest(rows: list[EvidenceRow]) -> str:
    """Return the SHA-256 of the rows, the same however the database keeps JSON."""
    written = json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
