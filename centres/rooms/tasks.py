"""What the scheduler does for rooms."""

import logging

from celery import shared_task
from django.core.exceptions import ValidationError
from django.db import Error

from centres.rooms.queries import draws_due
from centres.rooms.services import hold_draw
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality

logger = logging.getLogger(__name__)


@shared_task(name="rooms.hold_draws")
def hold_draws() -> None:
    """Hold each municipality's draws whose day for wishes is over; one that fails is logged and stops no other."""
    for municipality in Municipality.objects.all():
        try:
            with acting_as(municipality):
                for room, month in draws_due():
                    hold_draw(room, month)
        except (Error, ValidationError):
            logger.exception("The draws of %s could not be held.", municipality.slug)
