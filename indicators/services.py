"""What happens to figures: each function is one thing, in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.accounts.models import User
from civic.calendar import fiscal_year_label, fiscal_year_of
from civic.measures.registry import find
from indicators.evidence import digest, evidence_of, figure_of
from indicators.models import Actual, Break, Closing, Commitment, Correction, Indicator


class FigureRefused(Exception):
    """A figure cannot be changed as asked. The message is for the person who asked."""


@dataclass(frozen=True)
class Entry:
    """What is entered for an indicator in a year; without a value the year has no figure."""

    indicator: Indicator
    value: Decimal | None
    status: str = Actual.Status.PROVISIONAL
    answers: int | None = None
    response_rate: Decimal | None = None
    note: str = ""


@transaction.atomic
def enter_figures(fiscal_year: int, entries: Sequence[Entry]) -> None:
    """Write the figures of a year, all of them or none.

    Raises FigureRefused where a year is closed, or its figure is counted from records.
    """
    _lock(entry.indicator for entry in entries)
    closed = _closed_in(fiscal_year)
    for entry in entries:
        if entry.indicator.pk in closed:
            raise FigureRefused(
                _("「%(name)s」の%(year)sは確定しています。変えるときは訂正してください。")
                % {"name": entry.indicator.name, "year": fiscal_year_label(fiscal_year)}
            )
        if entry.indicator.is_measured_in(fiscal_year):
            raise FigureRefused(
                _("「%(name)s」は記録から集計するため、入力できません。") % {"name": entry.indicator.name}
            )
        _write(fiscal_year, entry)


def _write(fiscal_year: int, entry: Entry) -> None:
    if entry.value is None:
        entry.indicator.actuals.filter(fiscal_year=fiscal_year).delete()
        return
    Actual.objects.update_or_create(
        indicator=entry.indicator,
        fiscal_year=fiscal_year,
        defaults={
            "value": entry.value,
            "status": entry.status,
            "answers": entry.answers,
            "response_rate": entry.response_rate,
            "note": entry.note,
            "is_sample": False,
        },
    )


@transaction.atomic
def close_year(
    indicators: Sequence[Indicator], fiscal_year: int, by: User | None, *, is_sample: bool = False
) -> list[Closing]:
    """Freeze the figures of a year with what they were counted from; return what was frozen.

    An indicator whose year is closed already, through another plan, stays as it is. A figure becomes final with it.
    Raises FigureRefused for a year that has not begun.
    """
    if fiscal_year > fiscal_year_of(timezone.localdate()):
        raise FigureRefused(
            _("%(year)sはまだ始まっていないため、確定できません。") % {"year": fiscal_year_label(fiscal_year)}
        )
    _lock(indicators)
    closed = _closed_in(fiscal_year)
    return [
        _close(indicator, fiscal_year, by, is_sample=is_sample)
        for indicator in indicators
        if indicator.pk not in closed
    ]


def _close(indicator: Indicator, fiscal_year: int, by: User | None, *, is_sample: bool) -> Closing:
    closing = Closing(indicator=indicator, fiscal_year=fiscal_year, closed_at=timezone.now(), closed_by=by)
    if indicator.is_measured_in(fiscal_year):
        # The value is taken from the rows that are kept, not from a second query between which a record may change.
        measure = find(indicator.measure)
        rows = evidence_of(measure.rows(fiscal_year))
        closing.measure, closing.rows, closing.row_count = indicator.measure, rows, len(rows)
        closing.rows_sha256, closing.value = digest(rows), figure_of(measure, rows)
        if closing.value is not None:
            Actual.objects.update_or_create(
                indicator=indicator,
                fiscal_year=fiscal_year,
                defaults={
                    "value": closing.value,
                    "status": Actual.Status.FINAL,
                    "answers": len(rows) if measure.is_share else None,
                    "is_sample": is_sample,
                },
            )
    else:
        entered = Actual.objects.filter(indicator=indicator, fiscal_year=fiscal_year)
        entered.update(status=Actual.Status.FINAL)
        closing.value = entered.values_list("value", flat=True).first()
    closing.save()
    return closing


@transaction.atomic
def reopen_year(indicators: Sequence[Indicator], fiscal_year: int, by: User | None, reason: str) -> int:
    """Take back the closing of a year, which stays on record with the reason; return how many figures are open again.

    A figure counted from records is counted anew from then on.
    """
    _lock(indicators)
    closings = Closing.objects.filter(indicator__in=indicators, fiscal_year=fiscal_year, reopened_at=None)
    counted = closings.exclude(measure="").values("indicator")
    Actual.objects.filter(indicator__in=counted, fiscal_year=fiscal_year).delete()
    return closings.update(reopened_at=timezone.now(), reopened_by=by, reopen_reason=reason)


@transaction.atomic
def correct(indicator: Indicator, fiscal_year: int, value: Decimal, by: User | None, reason: str) -> Correction:
    """Put a frozen figure right; what it was when frozen, and reports that are published, stay.

    Raises FigureRefused where the year is not closed, and where the value is what it was.
    """
    _lock([indicator])
    closing = Closing.objects.filter(indicator=indicator, fiscal_year=fiscal_year, reopened_at=None).first()
    if closing is None:
        raise FigureRefused(_("この年度は確定していません。実績値の表で入力してください。"))
    actual = Actual.objects.filter(indicator=indicator, fiscal_year=fiscal_year).first()
    if actual and actual.value == value:
        raise FigureRefused(_("訂正後の値が、いまの値と同じです。"))
    correction = Correction.objects.create(
        closing=closing,
        old_value=actual.value if actual else None,
        new_value=value,
        reason=reason,
        made_at=timezone.now(),
        made_by=by,
    )
    Actual.objects.update_or_create(
        indicator=indicator, fiscal_year=fiscal_year, defaults={"value": value, "status": Actual.Status.FINAL}
    )
    return correction


@transaction.atomic
def define(commitment: Commitment, *, formula: str, definition: str, measure: str, measured_from: int | None) -> None:
    """Say what an indicator is, what counts it from which year on, and how a plan's achievement of it is computed.

    Years that are closed keep their figures.
    """
    commitment.formula = formula
    commitment.save(update_fields=["formula"])
    indicator = commitment.indicator
    indicator.definition, indicator.measure, indicator.measured_from = definition, measure, measured_from
    indicator.save(update_fields=["definition", "measure", "measured_from"])


@transaction.atomic
def record_break(indicator: Indicator, fiscal_year: int, note: str) -> Break:
    """Write down that from a year on the figure is measured in another way; a year has one such note."""
    found, _is_new = Break.objects.update_or_create(
        indicator=indicator, fiscal_year=fiscal_year, defaults={"note": note}
    )
    return found


def remove_break(recorded: Break) -> None:
    """Take back a change of definition that was recorded by mistake; the trail keeps it."""
    recorded.delete()


def _lock(indicators: Iterable[Indicator]) -> None:
    """Hold the indicators until the transaction ends: whoever enters and whoever closes come one after the other."""
    list(
        Indicator.objects.filter(pk__in=[indicator.pk for indicator in indicators])
        .order_by("pk")
        .select_for_update()
        .values_list("pk")
    )


def _closed_in(fiscal_year: int) -> set[int]:
    """The indicators whose figure of a year is frozen."""
    return set(Closing.objects.filter(fiscal_year=fiscal_year, reopened_at=None).values_list("indicator", flat=True))
