"""Long work by real workers: seen while it runs, and finished whatever ends."""

import os
import signal
from io import BytesIO

import pytest
from pypdf import PdfReader

from centres.registration import services
from centres.registration.models import Certificate
from civic.accounts.models import Role
from civic.jobs.models import Job, JobFile, Status
from civic.tenancy.context import acting_as
from tests.centres.registration.conftest import ANSWERS
from tests.jobs.conftest import Broker, Office, Workers, wait_until

pytestmark = pytest.mark.slow


@pytest.mark.usefixtures("workers")
def test_a_job_is_done_and_leaves_its_file(office: Office) -> None:
    job = office.ask("tests.letter", text="前略")
    wait_until(lambda: office.job(job).status == Status.DONE)
    with acting_as(office.municipality):
        file = JobFile.objects.get(job=job)
        assert (file.filename, bytes(file.content or b"").decode()) == ("手紙 1.txt", "前略")


@pytest.mark.usefixtures("workers")
def test_an_approved_group_gets_its_certificate(office: Office) -> None:
    with acting_as(office.municipality):
        clerk = office.member(Role.STAFF)
        application = services.apply_at_counter(ANSWERS, "花子", "", by=clerk.user)
        services.begin_review(application, by=clerk.user)
        services.approve(application, by=clerk)
        job = Job.objects.get(kind=services.CERTIFICATE)
        assert not Certificate.objects.exists()
    wait_until(lambda: office.job(job).status == Status.DONE)
    with acting_as(office.municipality):
        made, file = Certificate.objects.get(), JobFile.objects.get(job=job)
    assert bytes(file.content or b"") == bytes(made.content)
    assert "花の会" in PdfReader(BytesIO(made.content)).pages[0].extract_text()


@pytest.mark.usefixtures("workers")
def test_progress_is_seen_while_the_work_is_not_committed(office: Office) -> None:
    job = office.ask("tests.steps", seconds=2.5, department="経過の課")
    wait_until(lambda: 0 < office.job(job).percent < 100)
    assert office.job(job).status == Status.RUNNING
    assert office.job(job).words.isdigit()
    assert office.departments() == []
    wait_until(lambda: office.job(job).status == Status.DONE)
    assert office.job(job).percent == 100
    assert len(office.departments()) == 1


@pytest.mark.usefixtures("workers")
def test_when_its_process_is_killed_another_finishes_the_job(office: Office) -> None:
    job = office.ask("tests.steps", seconds=2, department="続きの課")
    wait_until(lambda: office.job(job).words != "")
    killed = office.job(job).words
    os.kill(int(killed), signal.SIGKILL)
    wait_until(lambda: office.job(job).status == Status.DONE)
    assert office.job(job).attempt > 1
    (made,) = office.departments()
    assert made.startswith("続きの課")
    assert not made.endswith(killed), "the killed process left nothing"


def test_when_the_whole_worker_is_killed_the_next_one_finishes_the_job(office: Office, workers: Workers) -> None:
    job = office.ask("tests.steps", seconds=2, department="翌日の課")
    wait_until(lambda: office.job(job).words != "")
    workers.kill()
    assert office.job(job).status == Status.RUNNING
    workers.start()
    wait_until(lambda: office.job(job).status == Status.DONE)
    assert office.job(job).attempt > 1
    assert len(office.departments()) == 1


@pytest.mark.usefixtures("workers")
def test_without_the_broker_nothing_is_lost(office: Office, broker: Broker) -> None:
    broker.end()
    try:
        job = office.ask("tests.letter", text="あとで")
        assert office.job(job).status == Status.QUEUED
    finally:
        broker.start()
    wait_until(lambda: office.job(job).status == Status.DONE)
