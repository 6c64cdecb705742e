"""Handing jobs to the workers."""

import logging
from functools import partial

from celery import current_app
from django.db import transaction
from django.db.models.functions import Now
from kombu.exceptions import OperationalError

from civic.jobs.models import Job

RUN_JOB = "jobs.run"
"""The name of the task that runs a job."""

logger = logging.getLogger(__name__)


def enqueue(job: Job) -> None:
    """Send a queued job to the workers once the running transaction is committed.

    Where the broker does not answer nothing is lost: the job stays queued, and the sweep sends it again.
    """
    Job.objects.filter(pk=job.pk).update(enqueued_at=Now())
    transaction.on_commit(partial(_send, job.municipality_id, job.pk))


def _send(municipality_id: int, job_id: int) -> None:
    try:
        current_app.send_task(RUN_JOB, args=[municipality_id, job_id])
    except OperationalError as error:
        logger.warning("Job %s of municipality %s waits for the broker: %s", job_id, municipality_id, error)
