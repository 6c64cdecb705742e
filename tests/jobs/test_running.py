"""A job has one effect or none, whoever runs it and however often, and says why where it has none."""

import hashlib
import logging
from collections.abc import Callable
from datetime import timedelta
from threading import Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from civic.accounts.models import Department, Role
from civic.audit.models import Change
from civic.jobs import services
from civic.jobs.kinds import Progress, job_kind
from civic.jobs.models import TRANSITIONS, Job, JobFile, Status
from civic.jobs.running import run
from civic.tenancy.context import acting_as
from tests.jobs.conftest import Office, wait_until
from tests.jobs.kinds import PLANNERS


def in_threads(*works: Callable[[], None]) -> list[Thread]:
    def with_own_connection(work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            connection.close()

    threads = [Thread(target=with_own_connection, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    return threads


def test_two_workers_at_once_leave_one_effect(office: Office) -> None:
    job = office.ask("tests.steps", seconds=0.5, department="A課")
    for thread in in_threads(*[lambda: run(office.municipality, job.pk)] * 2):
        thread.join()
    assert office.job(job).status == Status.DONE
    assert office.job(job).attempt == 1
    assert len(office.departments()) == 1


def test_a_worker_believed_lost_leaves_no_effect_when_it_comes_back(office: Office) -> None:
    job = office.ask("tests.steps", seconds=0.7, department="A課")
    (believed_lost,) = in_threads(lambda: run(office.municipality, job.pk))
    wait_until(lambda: office.job(job).status == Status.RUNNING)
    with acting_as(office.municipality):
        services.move(Job.objects.filter(pk=job.pk), Status.QUEUED)
    run(office.municipality, job.pk)
    believed_lost.join()
    assert (office.job(job).status, office.job(job).attempt) == (Status.DONE, 2)
    assert len(office.departments()) == 1


def test_a_worker_that_was_overtaken_stops_at_its_next_word(office: Office) -> None:
    job = office.ask("tests.steps", seconds=60, department="A課")
    (overtaken,) = in_threads(lambda: run(office.municipality, job.pk))
    wait_until(lambda: office.job(job).status == Status.RUNNING)
    with acting_as(office.municipality):
        services.move(Job.objects.filter(pk=job.pk), Status.QUEUED)
    overtaken.join(timeout=10)
    assert not overtaken.is_alive()
    assert office.job(job).status == Status.QUEUED


def test_a_job_that_is_done_or_not_there_is_not_done_again(office: Office) -> None:
    job = office.ask("tests.steps", seconds=0, department="A課")
    run(office.municipality, job.pk)
    run(office.municipality, job.pk)
    run(office.municipality, job.pk + 1)
    assert office.job(job).attempt == 1
    assert len(office.departments()) == 1


def test_work_that_cannot_be_done_says_why_and_can_be_retried(office: Office) -> None:
    job = office.ask("tests.needs_department", name="福祉課")
    run(office.municipality, job.pk)
    assert office.job(job).status == Status.FAILED
    assert office.job(job).error == "福祉課が登録されていません。"
    assert office.departments() == [], "what it did before it failed is undone"

    with acting_as(office.municipality):
        Department.objects.create(name="福祉課")
        services.retry(job)
    assert office.job(job).status == Status.QUEUED
    run(office.municipality, job.pk)
    assert (office.job(job).status, office.job(job).error) == (Status.DONE, "")


def test_a_defect_is_told_to_the_log_and_not_to_the_person(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    job = office.ask("tests.broken")
    with caplog.at_level(logging.ERROR, logger="civic.jobs"):
        run(office.municipality, job.pk)
    assert office.job(job).status == Status.FAILED
    assert "secret" not in office.job(job).error
    assert "secret of the machine room" in caplog.text


def test_a_kind_that_was_dropped_fails_with_a_reason(office: Office) -> None:
    job = office.ask("tests.letter", text="")
    with acting_as(office.municipality):
        Job.objects.update(kind="tests.of_an_earlier_release")
    run(office.municipality, job.pk)
    assert "行えません" in office.job(job).error


def test_the_trail_names_who_asked_and_is_not_filled_by_heartbeats(office: Office) -> None:
    job = office.ask("tests.steps", seconds=1.5, department="A課")
    run(office.municipality, job.pk)
    with acting_as(office.municipality):
        department = Change.objects.get(table_name="accounts_department")
        assert department.actor_id == office.member(Role.PLANNER).user_id
        statuses = [
            (change.after or {}).get("status")
            for change in Change.objects.filter(table_name="jobs_job", row_id=job.pk).order_by("id")
        ]
    assert statuses == ["queued", "running", "done"]


def test_nobody_starts_what_their_role_may_not(office: Office) -> None:
    with acting_as(office.municipality), pytest.raises(PermissionDenied):
        services.start("tests.letter", {"text": ""}, requested_by=office.member(Role.STAFF))


@pytest.mark.parametrize("target", Status)
@pytest.mark.parametrize("source", Status)
def test_a_status_changes_as_the_table_says_and_not_otherwise(office: Office, source: Status, target: Status) -> None:
    job = office.ask("tests.letter", text="")
    of_status = {
        Status.QUEUED: {"finished_at": None, "error": ""},
        Status.RUNNING: {"attempt": 1, "heartbeat_at": Now()},
        Status.DONE: {"finished_at": Now()},
        Status.FAILED: {"finished_at": Now(), "error": "理由"},
    }
    with acting_as(office.municipality):
        jobs = Job.objects.filter(pk=job.pk)
        jobs.update(status=source, **{"attempt": 1, "heartbeat_at": Now(), **of_status[source]})
        assert services.move(jobs, target, **of_status[target]) == (target in TRANSITIONS[source])


@pytest.mark.parametrize(
    "impossible",
    [
        {"status": "lost"},
        {"status": Status.RUNNING},
        {"status": Status.DONE, "attempt": 1, "heartbeat_at": Now()},
        {"status": Status.FAILED, "attempt": 1, "heartbeat_at": Now(), "finished_at": Now()},
        {"error": "理由"},
        {"percent": 101},
        {"attempt": F("attempts_allowed") + 1},
    ],
)
def test_the_database_refuses_a_job_that_cannot_be(office: Office, impossible: dict[str, object]) -> None:
    job = office.ask("tests.letter", text="")
    with pytest.raises(IntegrityError), acting_as(office.municipality):
        Job.objects.filter(pk=job.pk).update(**impossible)


def test_a_file_is_kept_whole_for_some_days(office: Office) -> None:
    job = office.ask("tests.letter", text="あ")
    run(office.municipality, job.pk)
    with acting_as(office.municipality):
        file = JobFile.objects.get(job=job)
    assert file.size == len("あ".encode())
    assert file.sha256 == hashlib.sha256("あ".encode()).hexdigest()
    assert timedelta(days=6) < file.expires_at - timezone.now() < timedelta(days=8)


def test_progress_is_a_percentage() -> None:
    progress = Progress()
    progress(100, "終わり")
    with pytest.raises(ValueError, match="101"):
        progress(101, "終わりの先")
    assert progress.said == (100, "終わり")


def test_a_name_is_taken_once() -> None:
    with pytest.raises(ValueError, match=r"tests\.letter"):
        job_kind("tests.letter", title="別の手紙", rule=PLANNERS)(lambda progress: None)
