"""Nothing runs for ever, nothing waits for ever, and no file is kept for ever."""

import logging
from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from civic.celery import is_remarkable
from civic.jobs import services
from civic.jobs.models import Job, JobFile, Status
from civic.jobs.queries import municipalities_to_sweep
from civic.jobs.running import run
from civic.jobs.sweeping import sweep
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.jobs.conftest import Office

LONG_AGO = timezone.now() - timedelta(hours=1)


def lose_worker(office: Office, job: Job) -> None:
    """A worker takes the job and is not heard of for an hour."""
    with acting_as(office.municipality):
        taken = services.move(
            Job.objects.filter(pk=job.pk), Status.RUNNING, attempt=F("attempt") + 1, heartbeat_at=LONG_AGO
        )
    assert taken


def test_a_job_that_lost_its_worker_is_queued_again_and_given_up_after_the_third(office: Office) -> None:
    job = office.ask("tests.letter", text="")
    for lost in (1, 2, 3):
        lose_worker(office, job)
        assert office.job(job).attempt == lost
        sweep(office.municipality)
        assert office.job(job).status == (Status.FAILED if lost == 3 else Status.QUEUED)
    assert "中止しました" in office.job(job).error

    with acting_as(office.municipality):
        services.retry(job)
    lose_worker(office, job)
    sweep(office.municipality)
    assert office.job(job).status == Status.QUEUED, "a retry has three attempts of its own"
    run(office.municipality, job.pk)
    assert office.job(job).status == Status.DONE


def test_a_job_at_work_is_left_alone(office: Office) -> None:
    job = office.ask("tests.letter", text="")
    lose_worker(office, job)
    with acting_as(office.municipality):
        Job.objects.update(heartbeat_at=timezone.now())
    sweep(office.municipality)
    assert (office.job(job).status, office.job(job).attempt) == (Status.RUNNING, 1)


@pytest.mark.parametrize(("waited", "is_sent"), [(LONG_AGO, True), (timezone.now() + timedelta(hours=1), False)])
def test_a_job_that_nobody_took_is_sent_again(
    office: Office, monkeypatch: pytest.MonkeyPatch, waited: object, is_sent: bool
) -> None:
    job = office.ask("tests.letter", text="")
    with acting_as(office.municipality):
        Job.objects.update(enqueued_at=waited)
    sent: list[tuple[int, int]] = []
    monkeypatch.setattr("civic.jobs.broker._send", lambda *ids: sent.append(ids))
    sweep(office.municipality)
    sweep(office.municipality)
    assert sent == ([(office.municipality.pk, job.pk)] if is_sent else [])


def test_an_expired_file_loses_its_content_and_stays_as_a_note(office: Office) -> None:
    expired, kept = office.ask("tests.letter", text="古い"), office.ask("tests.letter", text="新しい")
    for job in (expired, kept):
        run(office.municipality, job.pk)
    with acting_as(office.municipality):
        JobFile.objects.filter(job=expired).update(expires_at=LONG_AGO)
    sweep(office.municipality)
    with acting_as(office.municipality):
        assert JobFile.objects.get(job=expired).content is None
        assert JobFile.objects.get(job=expired).is_expired
        assert JobFile.objects.get(job=kept).content is not None


def test_the_sweep_enters_those_municipalities_that_need_it(office: Office) -> None:
    nagato = Municipality.objects.get(slug="nagato")
    assert list(municipalities_to_sweep()) == []
    job = office.ask("tests.letter", text="")
    assert list(municipalities_to_sweep()) == [office.municipality]
    run(office.municipality, job.pk)
    assert list(municipalities_to_sweep()) == []

    with acting_as(office.municipality):
        JobFile.objects.update(expires_at=LONG_AGO)
    Office(nagato).ask("tests.letter", text="")
    assert set(municipalities_to_sweep()) == {office.municipality, nagato}
    sweep(office.municipality)
    assert list(municipalities_to_sweep()) == [nagato]


def test_jobs_that_ended_more_than_a_year_ago_are_forgotten_with_their_files(office: Office) -> None:
    old, kept, waiting = (office.ask("tests.letter", text="") for _ in range(3))
    for job in (old, kept):
        run(office.municipality, job.pk)
    with acting_as(office.municipality):
        Job.objects.filter(pk=old.pk).update(finished_at=timezone.now() - timedelta(days=366))
        Job.objects.filter(pk=kept.pk).update(finished_at=timezone.now() - timedelta(days=364))
        Job.objects.filter(pk=waiting.pk).update(created_at=timezone.now() - timedelta(days=400))
    sweep(office.municipality)
    with acting_as(office.municipality):
        assert set(Job.objects.all()) == {kept, waiting}
        assert JobFile.objects.get().job == kept


def test_a_municipality_with_old_jobs_is_entered(office: Office) -> None:
    job = office.ask("tests.letter", text="")
    run(office.municipality, job.pk)
    with acting_as(office.municipality):
        Job.objects.update(finished_at=timezone.now() - timedelta(days=366))
    assert list(municipalities_to_sweep()) == [office.municipality]


def test_the_sweep_says_what_it_did_and_nothing_else(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "civic.jobs.sweeping")
    sweep(office.municipality)
    assert caplog.messages == []
    job = office.ask("tests.letter", text="")
    lose_worker(office, job)
    sweep(office.municipality)
    assert caplog.messages == ["shimonoseki: 1 queued again, 1 sent"]


@pytest.mark.parametrize(
    ("level", "words", "is_kept"),
    [
        (logging.INFO, "Task jobs.sweep[1-2] succeeded in 0.01s: None", False),
        (logging.ERROR, "Task jobs.sweep[1-2] raised unexpected: OperationalError()", True),
        (logging.INFO, "Task jobs.run[1-2] succeeded in 2s: None", True),
    ],
)
def test_celery_tells_of_a_sweep_only_when_it_fails(level: int, words: str, is_kept: bool) -> None:
    assert is_remarkable(logging.LogRecord("celery.app.trace", level, "", 0, words, (), None)) is is_kept
