"""A series that tests stand on."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from centres.models import Consultation
from civic.tenancy.models import Municipality
from indicators.models import Commitment, Formula, Indicator, Target
from indicators.services import Entry, enter_figures

Enter = Callable[[int, str], None]
Consult = Callable[[int], Consultation]


@pytest.fixture
def indicator(in_shimonoseki: Municipality) -> Indicator:
    return Indicator.objects.create(key="waste", name="ごみの量", unit="件", decimals=0, direction="decrease")


@pytest.fixture
def commitment(indicator: Indicator) -> Commitment:
    """From 100 in 2023 to 20 in 2028."""
    made = Commitment.objects.create(
        indicator=indicator,
        name="ごみの量",
        formula=Formula.BASELINE,
        baseline_fiscal_year=2023,
        baseline_value=Decimal(100),
        baseline_printed="100件",
    )
    Target.objects.create(commitment=made, fiscal_year=2028, value=Decimal(20), label="令和10年度", printed="20件")
    return made


@pytest.fixture
def counted(indicator: Indicator) -> Indicator:
    """The series, counted from the centre's consultations from 2025 on."""
    indicator.measure, indicator.measured_from = "centres.consultations", 2025
    indicator.save()
    return indicator


@pytest.fixture
def enter(indicator: Indicator) -> Enter:
    def enter_value(fiscal_year: int, value: str) -> None:
        enter_figures(fiscal_year, [Entry(indicator, Decimal(value))])

    return enter_value


@pytest.fixture
def consult(in_shimonoseki: Municipality) -> Consult:
    """Record a consultation in the middle of a fiscal year."""

    def record(fiscal_year: int) -> Consultation:
        return Consultation.objects.create(
            summary="ひみつの相談", received_at=datetime(fiscal_year, 10, 1, 3, tzinfo=UTC)
        )

    return record
