"""What the scheduler does for the guild."""

import logging
from collections.abc import Callable
from itertools import product

from celery import shared_task
from django.db import Error
from django.utils import timezone

from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from matching.introductions import news, queue, receiving, timeouts
from matching.requests import services as requests
from matching.supporters import services as supporters
from matching.supporters.queries import without_welcome
from matching.supporters.tasks import send_welcome

logger = logging.getLogger(__name__)


@shared_task(name="matching.close_past_requests")
def close_past_requests() -> None:
    """Close the requests that are past."""
    _in_each_municipality(requests.close_past)


@shared_task(name="matching.look_after_supporters")
def look_after_supporters() -> None:
    """Send the letters that did not go out, end pauses, and forget who never confirmed and who left long ago."""

    def send_letters_of_joining() -> None:
        for supporter in without_welcome():
            send_welcome.enqueue(supporter.pk)

    today = timezone.localdate()
    _in_each_municipality(
        lambda: supporters.forget_unconfirmed(today),
        lambda: supporters.end_pauses(today),
        lambda: supporters.purge(today),
        send_letters_of_joining,
    )


@shared_task(name="matching.look_after_introductions")
def look_after_introductions() -> None:
    """Remind the silent, end waits that are over, note what has begun, and see to letters that did not go out."""
    now = timezone.now()
    _in_each_municipality(
        lambda: timeouts.ask_successors(now),
        lambda: timeouts.remind(now),
        lambda: timeouts.lapse(now),
        timeouts.offer_places,
        lambda: timeouts.begin_activities(now),
        lambda: timeouts.end_waits(now),
        lambda: timeouts.see_to_letters(now),
        queue.strike_off_what_is_over,
        receiving.look_for_people_again,
    )


@shared_task(name="matching.send_news")
def send_news() -> None:
    """Tell those who want to know what is newly asked for."""
    _in_each_municipality(lambda: news.send_news(timezone.localdate()))


def _in_each_municipality(*works: Callable[[], object]) -> None:
    """Do this as each municipality; what fails stops nothing else.

    Each in a transaction of its own: one goes through the requests in their order, and lets go of them before the next.
    """
    for municipality, work in product(Municipality.objects.all(), works):
        try:
            with acting_as(municipality):
                work()
        except Error:
            logger.exception("The guild of %s could not be looked after.", municipality.slug)
