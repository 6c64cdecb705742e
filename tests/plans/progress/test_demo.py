"""The sample years: marked, the same every time, loaded once."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from civic.accounts.demo import create_demo_accounts
from civic.accounts.models import DepartmentMember, Role
from civic.audit.models import Change
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from plans.demo import load_sample_years
from plans.loading import load
from plans.models import Evaluation, Plan, ProgressReport, ProgressRound, ReportingYear
from plans.progress.queries import reports_of
from plans.queries import read_tree
from tests.fixtures.documents import FIXTURES

LoadDemo = Callable[[Municipality], None]


@pytest.fixture
def load_demo(db: None) -> LoadDemo:
    """Load a municipality's plans and their sample years, and no reports, which take seconds."""
    create_demo_accounts("demo-password")

    def run(municipality: Municipality) -> None:
        with acting_as(municipality):
            load(FIXTURES / municipality.slug)
            load_sample_years()

    return run


def test_yamaguchi_has_four_whole_years(yamaguchi: Municipality, load_demo: LoadDemo) -> None:
    load_demo(yamaguchi)
    with acting_as(yamaguchi):
        years = ReportingYear.objects.order_by("fiscal_year")
        assert [(year.fiscal_year, year.reports.count(), year.is_sample) for year in years] == [
            (year, 47, True) for year in (2009, 2010, 2011, 2012)
        ]
        assert set(ProgressReport.objects.values_list("state", flat=True)) == {"accepted"}
        assert all("サンプル" in text for text in ProgressReport.objects.values_list("done", flat=True))
        assert all("サンプル" in text for text in Evaluation.objects.values_list("text", flat=True))
        assert all("サンプル" in by for by in ProgressRound.objects.values_list("by__name", flat=True))
        tree = read_tree(Plan.objects.get(slug="first"), 2012)
        items = [node for node in tree.walk() if node.progress]
        assert len(items) == 47
        assert all(node.progress and node.progress.is_sample and len(node.earlier) == 3 for node in items)
        assert tree.standing is not None
        assert (tree.standing.items, tree.standing.reported) == (47, 47)
        assert [len(node.evaluations) for node in tree.nodes] == [1] * 5


def test_shimonosekis_year_is_partly_done(shimonoseki: Municipality, load_demo: LoadDemo) -> None:
    load_demo(shimonoseki)
    with acting_as(shimonoseki):
        year = ReportingYear.objects.get()
        assert (year.plan.slug, year.fiscal_year, year.closed_at, year.is_sample) == ("5th", 2026, None, True)
        states = set(year.reports.values_list("state", flat=True))
        assert states == {"not_started", "draft", "submitted", "returned", "accepted"}
        officer = DepartmentMember.objects.get().membership
        assert officer.role == Role.OFFICER
        assert "サンプル" in officer.departments.get().department.name
        assert reports_of(officer, year).count() == year.reports.count() == 27


def test_nagatos_officer_has_a_department(nagato: Municipality, load_demo: LoadDemo) -> None:
    load_demo(nagato)
    with acting_as(nagato):
        assert "サンプル" in DepartmentMember.objects.get().department.name
        assert not ReportingYear.objects.exists(), "no department is named for its items, and none is made up"


@pytest.mark.parametrize("slug", ["shimonoseki", "yamaguchi"])
def test_loading_again_changes_nothing(slug: str, load_demo: LoadDemo) -> None:
    municipality = Municipality.objects.get(slug=slug)
    load_demo(municipality)
    with acting_as(municipality):
        last = Change.objects.latest("pk").pk
        load_sample_years()
        assert Change.objects.latest("pk").pk == last


def test_a_year_is_loaded_in_few_queries(yamaguchi: Municipality, load_demo: LoadDemo) -> None:
    with CaptureQueriesContext(connection) as queries:
        load_demo(yamaguchi)
    assert len(queries) < 200, "188 reports and 376 steps are inserted together"
