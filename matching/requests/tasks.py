"""The letter about a checked request, sent by the worker and tried again while the mail server is away."""

from celery import shared_task

from civic.accounts.tasks import PATIENTLY
from civic.tenancy.tasks import TenantTask
from matching.requests import mail


@shared_task(base=TenantTask, **PATIENTLY)
def send_outcome(request_id: int) -> None:
    mail.mail_outcome(request_id)
