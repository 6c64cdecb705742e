"""Mail about accounts, sent by the worker and tried again while the mail server is away; and old sessions."""

from celery import shared_task
from django.core.management import call_command

from civic.accounts import mail
from civic.tenancy.tasks import TenantTask

# Seven attempts within about half an hour.
PATIENTLY = {"autoretry_for": (OSError,), "retry_backoff": 15, "max_retries": 6}


@shared_task(base=TenantTask, **PATIENTLY)
def send_invitation(invitation_id: int) -> None:
    mail.mail_invitation(invitation_id)


@shared_task(**PATIENTLY)
def send_password_reset(user_id: int) -> None:
    mail.mail_password_reset(user_id)


@shared_task(**PATIENTLY)
def send_email_confirmation(address_id: int) -> None:
    mail.mail_email_confirmation(address_id)


@shared_task
def clear_ended_sessions() -> None:
    call_command("clearsessions")
