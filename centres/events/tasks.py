"""What the scheduler does for events."""

import logging

from celery import shared_task
from django.db import Error
from django.utils import timezone

from centres.events import services
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality

logger = logging.getLogger(__name__)


@shared_task(name="events.daily")
def daily() -> None:
    """Remind those who come tomorrow, and purge who came long ago; a municipality that fails stops no other."""
    today = timezone.localdate()
    for municipality in Municipality.objects.all():
        try:
            with acting_as(municipality):
                services.remind(today)
                services.purge_participants(today)
        except Error:
            logger.exception("The events of %s could not be looked after.", municipality.slug)
