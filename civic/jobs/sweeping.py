"""What keeps a job from being forgotten, and a file from being kept too long."""

from datetime import timedelta

from django.conf import settings
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.jobs.broker import enqueue
from civic.jobs.models import Job, JobFile, Status
from civic.jobs.services import move
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality


def sweep(municipality: Municipality) -> None:
    """Send what waits and was not taken, queue again or give up what lost its worker, empty expired files."""
    with acting_as(municipality):
        lost = Job.objects.filter(
            status=Status.RUNNING, heartbeat_at__lt=Now() - timedelta(seconds=settings.JOBS_LEASE_SECONDS)
        )
        move(
            lost.filter(attempt=F("attempts_allowed")),
            Status.FAILED,
            error=_("処理が何度も途中で止まったため、中止しました。"),
            finished_at=Now(),
        )
        move(lost, Status.QUEUED, enqueued_at=None, percent=0, words="")
        waiting = Job.objects.filter(status=Status.QUEUED).filter(
            Q(enqueued_at=None) | Q(enqueued_at__lt=Now() - timedelta(seconds=settings.JOBS_RESEND_SECONDS))
        )
        for job in waiting.select_for_update(skip_locked=True):
            enqueue(job)
        JobFile.objects.filter(expires_at__lte=timezone.now(), content__isnull=False).update(content=None)
