"""Long work on registrations."""

from django.utils.translation import gettext_lazy as _

from centres.registration.certificates import make_certificate
from centres.registration.models import Registration
from centres.registration.rules import KEEPS_REGISTER
from centres.registration.services import CERTIFICATE
from civic.jobs.kinds import Progress, ResultFile, job_kind
from civic.tenancy.urls import tenant_reverse


def _group(registration_id: int) -> str:
    number = Registration.objects.select_related("group").get(pk=registration_id).group.number
    return tenant_reverse("registration:group", number=number)


@job_kind(CERTIFICATE, title=_("登録証を作る"), rule=KEEPS_REGISTER, page=_group)
def certificate(progress: Progress, registration_id: int) -> ResultFile:
    """Make the certificate of a registration and keep it for its group."""
    registration = Registration.objects.select_related("group").get(pk=registration_id)
    made = make_certificate(registration)
    return ResultFile(f"touroku-{registration.group.number}.pdf", "application/pdf", bytes(made.content))
