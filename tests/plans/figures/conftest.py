"""The sample plan, whose second KPI (件) is counted from consultations where a test says so."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from centres.models import Consultation
from civic.accounts.models import Role
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from indicators.models import Indicator
from plans.loading import load
from plans.models import Plan
from tests.conftest import SignIn
from tests.plans.sample_plan import write_plan

TABLE = "/shimonoseki/office/plans/sample/figures/2025/"

Consult = Callable[[int], Consultation]
Sent = dict[str, str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_plan(tmp_path)


@pytest.fixture
def plan(shimonoseki: Municipality, folder: Path) -> Plan:
    with acting_as(shimonoseki):
        load(folder)
        return Plan.objects.get()


@pytest.fixture
def counted(plan: Plan, shimonoseki: Municipality) -> Indicator:
    """紹介の件数, counted from the centre's consultations."""
    with acting_as(shimonoseki):
        Indicator.objects.filter(key="matches").update(measure="centres.consultations", measured_from=2024)
        return Indicator.objects.get(key="matches")


@pytest.fixture
def consult(shimonoseki: Municipality) -> Consult:
    def record(fiscal_year: int) -> Consultation:
        with acting_as(shimonoseki):
            return Consultation.objects.create(
                summary="ひみつの相談", received_at=datetime(fiscal_year, 10, 1, 3, tzinfo=UTC)
            )

    return record


@pytest.fixture
def planner(signed_in: SignIn, shimonoseki: Municipality) -> Client:
    return signed_in(shimonoseki, Role.PLANNER)


def typed_in(planner: Client, **changes: str) -> Sent:
    """What the page's form would send, with some of it typed over: `participants__value="1,500"`."""
    table = planner.get(TABLE).context["form"]
    sent = {}
    for form in table.forms.values():
        for field in form:
            value = field.value()
            sent[field.html_name] = "" if value is None else str(value)
        sent[form.seen_name] = form.seen
        for name, value in changes.items():
            key, field_name = name.split("__")
            if form.row.key == key:
                sent[form.add_prefix(field_name)] = value
    return sent
