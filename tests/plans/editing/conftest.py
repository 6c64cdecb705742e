"""A plan on its way: the sample plan as a draft, and who edits it."""

from pathlib import Path

import pytest

from civic.accounts.models import Role, User
from civic.tenancy.models import Municipality
from plans.loading import load
from plans.models import Plan
from tests.conftest import MakeMember
from tests.plans.sample_plan import write_plan


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A municipality's folder that holds the sample plan as a draft."""
    return write_plan(tmp_path, status="draft")


@pytest.fixture
def plan(in_shimonoseki: Municipality, folder: Path) -> Plan:
    load(folder)
    return Plan.objects.get()


@pytest.fixture
def planner(member: MakeMember, shimonoseki: Municipality) -> User:
    return member(shimonoseki, Role.PLANNER)
