"""Work in the background, as one municipality."""

from functools import partial
from typing import Any

from celery.contrib.django.task import DjangoTask
from django.db import transaction

from civic.tenancy.context import acting_as, current_municipality
from civic.tenancy.models import Municipality


class TenantTask(DjangoTask):
    """A Celery task whose body runs inside `acting_as`. Give `base=TenantTask` to `shared_task`; pass ids only."""

    abstract = True

    def __call__(self, municipality_id: int, *args: Any, **kwargs: Any) -> Any:
        municipality = Municipality.objects.get(pk=municipality_id)
        with acting_as(municipality):
            return super().__call__(*args, **kwargs)

    def enqueue(self, *args: Any, **kwargs: Any) -> None:
        """Send the task for the municipality acted as, once the running transaction is committed.

        A broker that is away is logged and makes no error of what is committed: the row that the task is about says
        that nothing has come of it yet. Raises NoMunicipality outside `acting_as`.
        """
        transaction.on_commit(partial(self.delay, current_municipality().pk, *args, **kwargs), robust=True)
