"""Reading jobs."""

from collections.abc import Iterable

from django.db.models import QuerySet

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
    """The municipalities with unfinished jobs or expired files."""
    return Municipality.objects.raw(
        "SELECT m.* FROM tenancy_municipality m JOIN jobs_municipalities_to_sweep() AS waiting (id) USING (id)"
    )
