"""Reading jobs."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from civic.accounts.models import Membership, Role
from civic.accounts.rules import may
from civic.jobs.kinds import all_kinds
from civic.jobs.models import Job
from civic.tenancy.models import Municipality


def visible_jobs(membership: Membership) -> QuerySet[Job]:
    """The jobs a member may see and have the file of: their own, and for a manager all but what is personal.

    Of either only the kinds that they may ask for today: a role that was changed takes its jobs along.
    """
    kinds = [kind for kind in all_kinds() if may(kind.rule, membership)]
    jobs = (
        Job.objects.filter(kind__in=[kind.name for kind in kinds])
        .select_related("requested_by", "file")
        .defer("file__content")
    )
    visible = Q(requested_by=membership.user_id)
    if membership.role == Role.MANAGER:
        visible |= Q(kind__in=[kind.name for kind in kinds if not kind.is_personal])
    return jobs.filter(visible)


def municipalities_to_sweep() -> Iterable[Municipality]:
    """The municipalities with unfinished jobs, expired files, or jobs that are no longer kept."""
    return Municipality.objects.raw(
        "SELECT m.* FROM tenancy_municipality m JOIN jobs_municipalities_to_sweep(%s) AS waiting (id) USING (id)",
        [kept_from()],
    )


def kept_from() -> datetime:
    """From when on finished jobs are kept: JOBS_KEEP_DAYS ago."""
    return timezone.now() - timedelta(days=settings.JOBS_KEEP_DAYS)
