"""The letter to whoever joins, sent by the worker and tried again while the mail server is away."""

from celery import shared_task

from civic.accounts.tasks import PATIENTLY
from civic.tenancy.tasks import TenantTask
from matching.supporters import mail


@shared_task(base=TenantTask, **PATIENTLY)
def send_welcome(supporter_id: int) -> None:
    mail.mail_welcome(supporter_id)
