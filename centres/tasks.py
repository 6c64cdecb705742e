"""What the scheduler does for the centres."""

import logging

from celery import shared_task
from django.db import Error
from django.utils import timezone

from centres import services
from centres.directory.services import discard_old_files
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality

logger = logging.getLogger(__name__)


@shared_task(name="centres.purge_contacts")
def purge_contacts() -> None:
    """Purge each municipality's contacts, drafts and files of groups that are past their time.

    A municipality where that fails is logged and stops no other.
    """
    today = timezone.localdate()
    for municipality in Municipality.objects.all():
        try:
            with acting_as(municipality):
                services.purge_contacts(today)
                services.purge_drafts(today)
                discard_old_files()
        except Error:
            logger.exception("The contacts of %s could not be purged.", municipality.slug)
