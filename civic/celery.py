"""The Celery application: long work and the clock."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init

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
