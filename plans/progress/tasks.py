"""Letters about the year, sent by the worker and tried again while the mail server is away."""

from celery import shared_task

from civic.accounts.tasks import PATIENTLY
from civic.tenancy.tasks import TenantTask
from plans.progress import mail


@shared_task(base=TenantTask, **PATIENTLY)
def send_progress_notice(notice_id: int) -> None:
    mail.mail_notice(notice_id)
