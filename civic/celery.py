"""The Celery application: long work and the clock."""

import logging
import os
from typing import Any

import redis
from celery import Celery
from celery.signals import after_setup_logger, beat_init, worker_init
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "civic.settings")

app = Celery("civic")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def refuse_unsafe_floor(**kwargs: Any) -> None:
    """Start no worker and no clock above a floor that does not hold. Raises SystemExit."""
    from civic.tenancy import floor

    floor.refuse_unsafe_floor()


def is_remarkable(record: logging.LogRecord) -> bool:
    """Return whether a line of Celery's is worth keeping: not that the sweep came and went, three times a minute.

    What a sweep did it says itself.
    """
    return record.levelno > logging.INFO or "jobs.sweep" not in record.getMessage()


@after_setup_logger.connect
def keep_the_log_readable(**kwargs: Any) -> None:
    """Leave the sweep's comings and goings out of the worker's and the clock's log."""
    for name in ("celery.worker.strategy", "celery.app.trace", "celery.beat"):
        logging.getLogger(name).addFilter(is_remarkable)


def broker_answers() -> bool:
    """Return whether work can be handed to the workers now. Takes two seconds at most."""
    with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1) as client:
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
