"""What the clock starts each morning."""

import logging

from celery import shared_task
from django.db import Error
from django.utils import timezone

from centres.registration import yearly
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality

logger = logging.getLogger(__name__)


@shared_task(name="registration.turn_day")
def turn_day() -> None:
    """Bring each municipality's registrations to the day; one that fails is logged and stops no other."""
    today = timezone.localdate()
    for municipality in Municipality.objects.all():
        try:
            with acting_as(municipality):
                yearly.turn_day(today)
        except Error:
            logger.exception("The registrations of %s could not be brought to %s.", municipality.slug, today)
