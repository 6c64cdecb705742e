"""Letters about registrations, sent by the worker and tried again while the mail server is away."""

from celery import shared_task

from centres.registration import mail
from civic.accounts.tasks import PATIENTLY
from civic.tenancy.tasks import TenantTask


@shared_task(base=TenantTask, **PATIENTLY)
def send_letter(letter_id: int) -> None:
    mail.mail_letter(letter_id)
