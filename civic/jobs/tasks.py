"""Entry points of the workers."""

from celery import shared_task

from civic.jobs import running, sweeping
from civic.jobs.broker import RUN_JOB
from civic.jobs.queries import municipalities_to_sweep
from civic.tenancy.models import Municipality


@shared_task(name=RUN_JOB)
def run_job(municipality_id: int, job_id: int) -> None:
    """Do one job. No TenantTask: taking the job and its heartbeats are committed while the work itself is not."""
    running.run(Municipality.objects.get(pk=municipality_id), job_id)


@shared_task(name="jobs.sweep")
def sweep_all() -> None:
    """Sweep the municipalities in which there is something to sweep, one at a time."""
    for municipality in municipalities_to_sweep():
        sweeping.sweep(municipality)
