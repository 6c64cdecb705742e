"""What the scheduler does for rooms."""

import logging

from celery import shared_task
from django.core.exceptions import ValidationError
from django.db import Error
from django.utils import timezone

from centres.rooms.queries import bookings_to_release, draws_due
from centres.rooms.services import hold_draw, release
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality

logger = logging.getLogger(__name__)


@shared_task(name="rooms.begin_day")
def begin_day() -> None:
    """For each municipality release what groups may not have any more, then hold the draws that are due.

    One that fails is logged and stops no other.
    """
    for municipality in Municipality.objects.all():
        try:
            with acting_as(municipality):
                release(bookings_to_release(timezone.localdate()))
                for room, month in draws_due():
                    hold_draw(room, month)
        except (Error, ValidationError):
            logger.exception("The day of the rooms of %s could not begin.", municipality.slug)
