"""What the clock starts."""

from celery import shared_task
from django.utils import timezone

from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from plans.progress import services


@shared_task(name="plans.remind")
def remind_all() -> None:
    """Remind each municipality's officers. To enter each and find nothing takes seconds, once a day."""
    for municipality in Municipality.objects.all():
        with acting_as(municipality):
            services.remind(timezone.localdate())
