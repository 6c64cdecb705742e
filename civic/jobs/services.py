"""What happens to jobs before and after they run."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from civic.accounts.models import Membership
from civic.accounts.rules import may
from civic.jobs.broker import enqueue
from civic.jobs.kinds import kind_named
from civic.jobs.models import ATTEMPTS, TRANSITIONS, Job, Status


def move(jobs: QuerySet[Job], to: Status, **values: Any) -> int:
    """Change the status of those of `jobs` that may change to it, and set other columns; return how many did.

    The only way in which a status changes. Two that move the same job at once: the second finds it moved.
    """
    sources = [status for status, targets in TRANSITIONS.items() if to in targets]
    return jobs.filter(status__in=sources).update(status=to, **values)


def start(kind: str, parameters: dict[str, Any], *, requested_by: Membership, title: str = "") -> Job:
    """Accept long work and send it to the workers on commit; `title` says what exactly, else the kind's name does.

    Raises PermissionDenied where the kind's rule does not let the person pass.
    """
    declared = kind_named(kind)
    if not may(declared.rule, requested_by):
        raise PermissionDenied(_("この操作は、あなたの役割ではできません。"))
    job = Job.objects.create(
        kind=kind, title=title or str(declared.title), parameters=parameters, requested_by=requested_by.user
    )
    enqueue(job)
    return job


def start_once(kind: str, parameters: dict[str, Any], *, requested_by: Membership) -> Job:
    """Start work of which one at a time is enough: who asks for the same again is led to what waits or runs already.

    Raises PermissionDenied as `start` does.
    """
    unfinished = Job.objects.filter(kind=kind, parameters=parameters, status__in=[Status.QUEUED, Status.RUNNING])
    own = unfinished.filter(requested_by=requested_by.user)
    return own.first() or start(kind, parameters, requested_by=requested_by)


def retry(job: Job) -> None:
    """Put a failed job back into the queue. Nothing happens to one that is not failed any more."""
    retried = move(
        Job.objects.filter(pk=job.pk),
        Status.QUEUED,
        percent=0,
        words="",
        error="",
        finished_at=None,
        attempts_allowed=F("attempt") + ATTEMPTS,
    )
    if retried:
        enqueue(job)


def make_again(job: Job, *, requested_by: Membership) -> Job:
    """Start the same work anew, as for a file that has expired. Raises PermissionDenied as `start` does."""
    return start(job.kind, job.parameters, requested_by=requested_by, title=job.title)
