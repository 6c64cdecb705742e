"""A worker's part: take a job, do it, and leave either its effect or its reason for failing."""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

from django.conf import settings
from django.db import Error, connection, models
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.jobs.kinds import JobError, Progress, ResultFile, Superseded, kind_named
from civic.jobs.models import Job, JobFile, Status
from civic.jobs.services import move
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality

HEARTBEAT_SECONDS = 1.0

logger = logging.getLogger(__name__)


def run(municipality: Municipality, job_id: int) -> None:
    """Do a job, if it waits to be done; safe to call any number of times, by any number of workers at once.

    The work and its completion are one transaction, which counts only while the job is still this worker's: of
    several that did the work, one leaves an effect.
    """
    job = _take(municipality, job_id)
    if job is None:
        return
    progress = Progress()
    try:
        with _heartbeat(municipality, job, progress), acting_as(municipality, actor_id=job.requested_by_id):
            result = kind_named(job.kind).body(progress, **job.parameters)
            _complete(job, result)
    except Superseded:
        logger.warning("Attempt %s at job %s was superseded.", job.attempt, job.pk)
    except JobError as error:
        _fail(municipality, job, str(error))
    except Exception:
        logger.exception("Job %s (%s) of %s failed.", job.pk, job.kind, municipality.slug)
        _fail(municipality, job, _("思わぬ不具合のため、途中で止まりました。"))


def _take(municipality: Municipality, job_id: int) -> Job | None:
    """Make a queued job this worker's own; None where it is not there or not queued."""
    with acting_as(municipality):
        job = Job.objects.filter(pk=job_id)
        taken = move(job, Status.RUNNING, attempt=F("attempt") + 1, started_at=Now(), heartbeat_at=Now())
        return job.get() if taken else None


@contextmanager
def _heartbeat(municipality: Municipality, job: Job, progress: Progress) -> Iterator[None]:
    """While the block runs, write once a second that the job is alive and how far it is.

    From a thread with a connection of its own: the work's own transaction shows nothing until it is committed.
    """
    ended = Event()

    def beat() -> None:
        try:
            while not ended.wait(HEARTBEAT_SECONDS):
                _write_heartbeat(municipality, job, progress)
        finally:
            connection.close()

    thread = Thread(target=beat, name=f"heartbeat of job {job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _write_heartbeat(municipality: Municipality, job: Job, progress: Progress) -> None:
    percent, words = progress.said
    try:
        with acting_as(municipality):
            written = _still_held(job).update(percent=percent, words=words, heartbeat_at=Now())
    except Error as error:
        # The next one may succeed; if none does, the lease runs out and another worker takes the job.
        logger.warning("The heartbeat of job %s could not be written: %s", job.pk, error)
        return
    if not written:
        progress.superseded.set()


def _still_held(job: Job) -> models.QuerySet[Job]:
    """The job while it is running under the attempt that this worker took."""
    return Job.objects.filter(pk=job.pk, attempt=job.attempt, status=Status.RUNNING)


def _complete(job: Job, result: ResultFile | None) -> None:
    """Mark the job done and keep its file. Raises Superseded, so that the work is rolled back, where it is not ours."""
    if not move(_still_held(job), Status.DONE, percent=100, words="", finished_at=Now()):
        raise Superseded
    if result is not None:
        JobFile.objects.create(
            job=job,
            filename=result.filename,
            content_type=result.content_type,
            content=result.content,
            size=len(result.content),
            sha256=hashlib.sha256(result.content).hexdigest(),
            expires_at=timezone.now() + timedelta(days=settings.JOBS_FILE_DAYS),
        )


def _fail(municipality: Municipality, job: Job, reason: str) -> None:
    with acting_as(municipality):
        move(_still_held(job), Status.FAILED, error=reason, finished_at=Now())
