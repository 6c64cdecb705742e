"""Reading jobs."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from civic.accounts.models import Membership, Role
from civic.accounts.rules import may
from civic.jobs.kinds import all_kinds
from civic.jobs.models import Job
from civic.tenancy.models import Municipality


def visible_jobs(membership: Membership) -> QuerySet[Job]:
    """The jobs a member may see and have the file of: their own, and all for a manager.

    Of either only the kinds that they may ask for today: a role that was changed takes its jobs along.
    """
    jobs = (
        Job.objects.filter(kind__in=[kind.name for kind in all_kinds() if may(kind.rule, membership)])
        .select_related("requested_by", "file")
        .defer("file__content")
    )
    return jobs if membership.role == Role.MANAGER else jobs.filter(requested_by=membership.user_id)


def municipalities_to_sweep() -> Iterable[Municipality]:
    """The municipalities with unfinished jobs, expired files, or jobs that are no longer kept."""
    return Municipality.objects.raw(
        "SELECT m.* FROM tenancy_municipality m JOIN jobs_municipalities_to_sweep(%s) AS waiting (id) USING (id)",
        [kept_from()],
    )


def kept_from() -> datetime:
    """From when on finished jobs are kept: JOBS_KEEP_DAYS ago."""
    return timezone.now() - timedelta(days=settings.JOBS_KEEP_DAYS)
