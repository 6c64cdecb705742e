"""Work in the background, as one municipality."""

import logging
from functools import partial
from typing import Any

from celery.contrib.django.task import DjangoTask
from django.db import transaction
from kombu.exceptions import OperationalError

from civic.tenancy.context import acting_as, current_municipality
from civic.tenancy.models import Municipality

logger = logging.getLogger(__name__)


class TenantTask(DjangoTask):
    """A Celery task whose body runs inside `acting_as`. Give `base=TenantTask` to `shared_task`; pass ids only."""

    abstract = True
    # The municipality is sent before the arguments that the body names.
    typing = False

    def __call__(self, municipality_id: int, *args: Any, **kwargs: Any) -> Any:
        municipality = Municipality.objects.get(pk=municipality_id)
        with acting_as(municipality):
            return super().__call__(*args, **kwargs)

    def enqueue(self, *args: Any, **kwargs: Any) -> None:
        """Send the task for the municipality acted as, once the running transaction is committed.

        A broker that is away is logged and makes no error of what is committed: the row that the task is about says
        that nothing has come of it yet. Raises NoMunicipality outside `acting_as`.
        """
        transaction.on_commit(partial(self._send, current_municipality().pk, *args, **kwargs))

    def _send(self, municipality_id: int, *args: Any, **kwargs: Any) -> None:
        try:
            self.delay(municipality_id, *args, **kwargs)
        except OperationalError as error:
            logger.warning("%s for municipality %s was not sent: %s", self.name, municipality_id, error)
