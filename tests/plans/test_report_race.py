"""Two at once: a report that is published while somebody takes its freezing back stays as it was published."""

import time
from pathlib import Path
from threading import Thread

import pytest
from django.db import connection, connections

from civic.accounts.models import User
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from plans import services
from plans.loading import load
from plans.models import AnnualReport, Plan, ReportPdf
from plans.reports.pdf import Pdf
from tests.plans.sample_plan import write_plan

pytestmark = pytest.mark.slow


@pytest.fixture
def plan(committed: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Plan:
    """A plan with a frozen report that both connections see."""
    monkeypatch.setattr(services, "render_pdf", lambda snapshot, progress: Pdf(b"%PDF first", 1))
    with acting_as(Municipality.objects.get(slug="shimonoseki")):
        load(write_plan(tmp_path))
        plan = Plan.objects.select_related("municipality").get()
        services.make_report(plan, 2025, say_nothing)
    return plan


def say_nothing(percent: int, words: str) -> None:
    pass


def wait_until_somebody_waits_for_a_lock() -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with connections["owner"].cursor() as owner:
            owner.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if owner.fetchone() != (0,):
                return
        time.sleep(0.05)
    pytest.fail("nobody waits for the row")


def test_a_report_published_meanwhile_is_not_unfrozen(plan: Plan) -> None:
    refusals: list[str] = []

    def unfreeze() -> None:
        try:
            with acting_as(plan.municipality):
                services.unfreeze_report(AnnualReport.objects.get(), "作りなおす", User())
        except services.ReportRefused as refusal:
            refusals.append(str(refusal))
        finally:
            connection.close()

    other = Thread(target=unfreeze)
    with acting_as(plan.municipality):
        services.publish_report(AnnualReport.objects.get())
        other.start()
        wait_until_somebody_waits_for_a_lock()
    other.join()
    assert len(refusals) == 1
    assert "公開中" in refusals[0]
    with acting_as(plan.municipality):
        kept = ReportPdf.objects.get()
        assert bytes(kept.content) == b"%PDF first"
        assert kept.report.status == "published"
