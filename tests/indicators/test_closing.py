"""A year is closed with its evidence, corrected in the open, and opened again for a reason."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from civic.accounts.models import Role
from civic.audit.models import Change
from civic.tenancy.models import Municipality
from indicators.evidence import digest, rows_of, total
from indicators.models import Actual, Closing, Correction, Indicator
from indicators.queries import closing_of, corrections_of, counted_now, figures_of
from indicators.services import Entry, FigureRefused, close_year, correct, enter_figures, reopen_year
from tests.conftest import MakeMember
from tests.indicators.conftest import Consult, Enter


def test_closing_freezes_value_and_evidence(
    counted: Indicator, consult: Consult, shimonoseki: Municipality, member: MakeMember
) -> None:
    planner = member(shimonoseki, Role.PLANNER)
    records = [consult(2025) for _number in range(3)]
    consult(2026)
    (closing,) = close_year([counted], 2025, planner)
    closing.refresh_from_db()
    assert (closing.value, closing.row_count, closing.measure) == (3, 3, "centres.consultations")
    assert closing.closed_by == planner
    assert [row["key"] for row in closing.rows] == [record.pk for record in records]
    assert total(closing.rows) == closing.value
    assert digest(closing.rows) == closing.rows_sha256
    assert "ひみつ" not in str(closing.rows)
    assert [(row.label, row.day.isoformat()) for row in rows_of(closing.rows) if row.day] == [
        ("相談（電話）", "2025-10-01")
    ] * 3
    assert Actual.objects.get().status == "final"


def test_a_changed_row_changes_the_digest(counted: Indicator, consult: Consult) -> None:
    consult(2025)
    (closing,) = close_year([counted], 2025, None)
    assert digest([{**closing.rows[0], "label": "別の記録"}]) != closing.rows_sha256


def test_a_record_that_changes_afterwards_is_told_and_the_figure_stays(counted: Indicator, consult: Consult) -> None:
    record = consult(2025)
    consult(2025)
    close_year([counted], 2025, None)
    assert counted_now(counted, 2025) == figures_of(counted)[2025].value == 2
    record.delete()
    assert (figures_of(counted)[2025].value, counted_now(counted, 2025)) == (2, 1)


def test_a_figure_that_was_entered_has_no_evidence(indicator: Indicator, enter: Enter) -> None:
    enter(2025, "30")
    (closing,) = close_year([indicator], 2025, None)
    assert (closing.value, closing.measure, closing.rows) == (30, "", None)
    assert Actual.objects.get().status == "final"
    assert counted_now(indicator, 2025) is None


def test_a_year_without_a_figure_is_closed_without_one(indicator: Indicator) -> None:
    (closing,) = close_year([indicator], 2025, None)
    assert closing.value is None
    assert not Actual.objects.exists()


def test_a_closed_year_takes_no_entry(indicator: Indicator, enter: Enter) -> None:
    enter(2025, "30")
    close_year([indicator], 2025, None)
    with pytest.raises(FigureRefused, match="確定"):
        enter(2025, "31")
    enter(2026, "31")
    assert Actual.objects.get(fiscal_year=2025).value == 30


def test_a_counted_year_takes_no_entry(counted: Indicator, enter: Enter) -> None:
    with pytest.raises(FigureRefused, match="集計"):
        enter(2025, "31")
    assert not Actual.objects.exists()


def test_one_refusal_and_nothing_is_entered(indicator: Indicator) -> None:
    other = Indicator.objects.create(key="other", name="別の指標", unit="件")
    close_year([other], 2025, None)
    with pytest.raises(FigureRefused):
        enter_figures(2025, [Entry(indicator, Decimal(1)), Entry(other, Decimal(2))])
    assert not Actual.objects.exists()


def test_a_year_is_closed_once(indicator: Indicator) -> None:
    close_year([indicator], 2025, None)
    assert close_year([indicator], 2025, None) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Closing.objects.create(indicator=indicator, fiscal_year=2025, closed_at=Closing.objects.get().closed_at)


def test_a_year_that_has_not_begun_is_not_closed(indicator: Indicator) -> None:
    with pytest.raises(FigureRefused, match="始まって"):
        close_year([indicator], 2199, None)


def test_a_correction_is_dated_with_old_and_new(
    counted: Indicator, consult: Consult, shimonoseki: Municipality, member: MakeMember
) -> None:
    planner = member(shimonoseki, Role.PLANNER)
    consult(2025)
    (closing,) = close_year([counted], 2025, None)
    correct(counted, 2025, Decimal(4), planner, "ほかの年度の相談が入っていました。")
    made = Correction.objects.get()
    assert (made.old_value, made.new_value, made.made_by) == (1, 4, planner)
    assert made.made_at >= closing.closed_at
    assert figures_of(Indicator.objects.get())[2025].value == 4
    closing.refresh_from_db()
    assert closing.value == 1
    assert corrections_of(Indicator.objects.get()) == [made]


def test_what_is_open_or_the_same_is_not_corrected(indicator: Indicator, enter: Enter) -> None:
    enter(2025, "30")
    with pytest.raises(FigureRefused, match="確定していません"):
        correct(indicator, 2025, Decimal(31), None, "理由")
    close_year([indicator], 2025, None)
    with pytest.raises(FigureRefused, match="同じ"):
        correct(indicator, 2025, Decimal("30.0"), None, "理由")


def test_reopening_is_kept_with_its_reason_and_counts_anew(
    counted: Indicator, consult: Consult, shimonoseki: Municipality, member: MakeMember
) -> None:
    planner = member(shimonoseki, Role.PLANNER)
    consult(2025)
    close_year([counted], 2025, None)
    consult(2025)
    assert reopen_year([counted], 2025, planner, "集計の前に確定したため。") == 1
    closing = Closing.objects.get()
    assert (closing.reopened_by, closing.reopen_reason) == (planner, "集計の前に確定したため。")
    assert closing_of(counted, 2025) is None
    assert figures_of(counted)[2025].standing == "live"
    assert figures_of(counted)[2025].value == 2
    close_year([counted], 2025, None)
    assert Closing.objects.count() == 2
    assert Change.objects.filter(table_name="indicators_closing", action="update").count() == 1


def test_an_entered_figure_outlives_reopening(indicator: Indicator, enter: Enter) -> None:
    enter(2025, "30")
    close_year([indicator], 2025, None)
    reopen_year([indicator], 2025, None, "誤り")
    assert Actual.objects.get().value == 30
    enter(2025, "31")


@pytest.mark.parametrize("table", ["indicators_closing", "indicators_correction"])
def test_nobody_who_serves_deletes_what_was_closed_or_corrected(indicator: Indicator, table: str) -> None:
    close_year([indicator], 2025, None)
    correct(indicator, 2025, Decimal(1), None, "理由")
    model = {"indicators_closing": Closing, "indicators_correction": Correction}[table]
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        model.objects.all()._raw_delete("default")
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Correction.objects.update(reason="")


def test_the_trail_keeps_the_digest_and_not_the_list(counted: Indicator, consult: Consult) -> None:
    consult(2025)
    (closing,) = close_year([counted], 2025, None)
    after = Change.objects.get(table_name="indicators_closing").after
    assert after["rows_sha256"] == closing.rows_sha256
    assert "rows" not in after


@pytest.mark.parametrize(
    "values",
    [
        {"measure": "centres.consultations"},
        {"rows": []},
        {"reopen_reason": "理由だけ"},
        {"reopened_at": "2026-05-01T00:00Z"},
    ],
)
def test_the_database_refuses_a_closing_in_no_possible_state(indicator: Indicator, values: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Closing.objects.create(indicator=indicator, fiscal_year=2025, closed_at="2026-05-01T00:00Z", **values)
