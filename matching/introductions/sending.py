"""A letter goes out in steps, each committed: a worker that dies leaves behind how far it came.

Marked as begun, given to the mail server, marked as sent. What ended between the first and the last may or may not have
arrived, and no machine sends it again.
"""

import logging
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from typing import Any

from celery import shared_task
from celery.contrib.django.task import DjangoTask
from django.core.mail import EmailMessage, get_connection

from civic.accounts.tasks import PATIENTLY
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from civic.tenancy.tasks import TenantTask
from matching.introductions import outbox
from matching.models import GuildLetter

logger = logging.getLogger(__name__)


class SteppedTask(TenantTask):
    """A tenant's task that opens a transaction for each of its steps; its body gets the municipality's number first."""

    abstract = True

    def __call__(self, municipality_id: int, *args: Any, **kwargs: Any) -> Any:
        return DjangoTask.__call__(self, municipality_id, *args, **kwargs)


@shared_task(base=SteppedTask, **PATIENTLY)
def send_letter(municipality_id: int, letter_id: int) -> None:
    """Send a letter that nobody has begun to send. Raises OSError where the mail server is away, to be tried again."""
    municipality = Municipality.objects.get(pk=municipality_id)
    with acting_as(municipality):
        message = outbox.begin(letter_id)
    if message is None:
        return
    try:
        is_sent = _deliver(message)
    except OSError:
        with acting_as(municipality):
            outbox.note_not_sent(letter_id)
        raise
    with acting_as(municipality):
        if is_sent:
            outbox.note_sent(letter_id)
        else:
            outbox.leave_to_staff(GuildLetter.objects.get(pk=letter_id))


def _deliver(message: EmailMessage) -> bool:
    """Give a letter to the mail server, and return whether it was certainly taken.

    Raises OSError where it certainly was not, and may be another time.
    """
    connection = get_connection()
    connection.open()
    try:
        connection.send_messages([message])
    except (SMTPRecipientsRefused, SMTPResponseException) as refusal:
        # Its words may repeat the address, which is in no log.
        codes = _codes(refusal)
        if _are_for_now(codes):
            raise OSError(f"The mail server said {codes}.") from None
        logger.warning("The mail server refused %s: %s", message.extra_headers["Message-ID"], codes)
        return False
    except OSError as broken:
        logger.warning("Whether %s was taken is not known: %s", message.extra_headers["Message-ID"], broken)
        return False
    finally:
        connection.close()
    return True


def _codes(refusal: SMTPRecipientsRefused | SMTPResponseException) -> list[int]:
    if isinstance(refusal, SMTPRecipientsRefused):
        return [code for code, _words in refusal.recipients.values()]
    return [refusal.smtp_code]


def _are_for_now(codes: list[int]) -> bool:
    """Whether a mail server said 4xx: not now (RFC 5321, 4.2.1)."""
    return all(400 <= code < 500 for code in codes)
