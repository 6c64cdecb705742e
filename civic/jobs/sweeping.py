"""What keeps a job from being forgotten, and a file from being kept too long."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.jobs.broker import enqueue
from civic.jobs.models import Job, JobFile, Status
from civic.jobs.queries import kept_from
from civic.jobs.services import move
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality

logger = logging.getLogger(__name__)


def sweep(municipality: Municipality) -> None:
    """Send what waits and was not taken, and queue again or give up what lost its worker; empty expired files.

    Forgets the jobs that are no longer kept, with their files.
    Says in the log what it did, and nothing where there was nothing to do.
    """
    with acting_as(municipality):
        lost = Job.objects.filter(
            status=Status.RUNNING, heartbeat_at__lt=Now() - timedelta(seconds=settings.JOBS_LEASE_SECONDS)
        )
        given_up = move(
            lost.filter(attempt=F("attempts_allowed")),
            Status.FAILED,
            error=_("処理が何度も途中で止まったため、中止しました。"),
            finished_at=Now(),
        )
        queued_again = move(lost, Status.QUEUED, enqueued_at=None, percent=0, words="")
        waiting = Job.objects.filter(status=Status.QUEUED).filter(
            Q(enqueued_at=None) | Q(enqueued_at__lt=Now() - timedelta(seconds=settings.JOBS_RESEND_SECONDS))
        )
        sent = list(waiting.select_for_update(skip_locked=True))
        for job in sent:
            enqueue(job)
        emptied = JobFile.objects.filter(expires_at__lte=timezone.now(), content__isnull=False).update(content=None)
        _rows, forgotten = Job.objects.filter(finished_at__lt=kept_from()).delete()
    done = {
        "given up": given_up,
        "queued again": queued_again,
        "sent": len(sent),
        "emptied": emptied,
        "forgotten": forgotten.get(Job._meta.label, 0),
    }
    if any(done.values()):
        logger.info("%s: %s", municipality.slug, ", ".join(f"{count} {what}" for what, count in done.items() if count))
