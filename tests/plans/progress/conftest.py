"""A plan whose year is open: two departments, an officer in each, and three items, one of which both answer for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from civic.accounts.models import Department, DepartmentMember, Membership, Role, User
from civic.accounts.services import create_account
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from plans.loading import load
from plans.models import ItemDepartment, Plan, PlanItem, ProgressReport, ReportingYear
from plans.progress import services
from tests.conftest import PASSWORD
from tests.plans.sample_plan import write_plan

WHOLE = {
    "work_status": "under_way",
    "done": "説明会をひらいた。",
    "figures": "3回",
    "problems": "参加者が少ない。",
    "next_year": "場所を変える。",
    "direction": "continue",
    "rating": None,
}
NOTHING = {**dict.fromkeys(WHOLE, ""), "rating": None}


@dataclass
class YearOf:
    """An open year of the sample plan, its reports by item, and its people."""

    municipality: Municipality
    year: ReportingYear
    officer: Membership
    other_officer: Membership
    planner: User

    def report(self, key: str) -> ProgressReport:
        """The report of an item as it stands."""
        return ProgressReport.objects.select_related("item", "year").get(year=self.year, item__key=key)

    def hand_in(self, key: str, **changes: object) -> ProgressReport:
        """Let an officer who answers for the item write and hand in its report."""
        report = self.report(key)
        by = self.officer if key != "2-1-2" else self.other_officer
        services.submit(services.save(report, report.version, WHOLE | changes, by), by)
        return self.report(key)


def open_sample_year(municipality: Municipality, folder: Path) -> YearOf:
    """広報課 answers for 1-1-1 and 1-1-2, 協働課 for 1-1-1 and 2-1-2; 1-1-1 is listed twice in the plan."""
    with acting_as(municipality):
        load(write_plan(folder))
        plan = Plan.objects.get()
        for department, key in (("広報課", "1-1-2"), ("協働課", "2-1-2")):
            ItemDepartment.objects.create(
                item=PlanItem.objects.get(key=key), department=Department.objects.get(name=department), position=1
            )
        people = {}
        for name, role in (
            ("officer", Role.OFFICER),
            ("other-officer", Role.OFFICER),
            ("planner-of-year", Role.PLANNER),
        ):
            user = create_account(f"{name}@{municipality.slug}.example.jp", PASSWORD, name)
            people[name] = Membership.objects.create(user=user, municipality=municipality, role=role)
        for name, department in (("officer", "広報課"), ("other-officer", "協働課")):
            DepartmentMember.objects.create(membership=people[name], department=Department.objects.get(name=department))
        year = services.open_year(plan, 2025, date(2026, 5, 29), scheme="abcd")
        return YearOf(municipality, year, people["officer"], people["other-officer"], people["planner-of-year"].user)


@pytest.fixture
def opened(shimonoseki: Municipality, folder: Path) -> YearOf:
    """The year, open in Shimonoseki; nobody acts yet."""
    return open_sample_year(shimonoseki, folder)


@pytest.fixture
def sample(opened: YearOf) -> Iterator[YearOf]:
    """The year, and the test's body acts as Shimonoseki."""
    with acting_as(opened.municipality):
        yield opened


@pytest.fixture
def committed_year(committed: None, tmp_path: Path) -> YearOf:
    """The year, committed, for tests of two at once and of real browsers."""
    return open_sample_year(Municipality.objects.get(slug="shimonoseki"), tmp_path)
