"""The certificate of a registration, as a PDF that is kept as it was handed out."""

from django.template.loader import render_to_string
from django.utils import timezone

from centres.queries import centre_of_municipality
from centres.registration.models import Certificate, Registration
from civic.printing import lay_out, write_pdf
from civic.tenancy.context import current_municipality


def make_certificate(registration: Registration) -> Certificate:
    """Make the certificate and keep it in the place of an earlier one.

    Raises NoJapaneseFont where the machine has no font with which Japanese can be printed.
    """
    context = {
        "registration": registration,
        "group": registration.group,
        "representative": registration.application and registration.application.representative_name,
        "municipality": current_municipality(),
        "centre": centre_of_municipality(),
        "today": timezone.localdate(),
    }
    document = lay_out(render_to_string("registration/certificate.html", context), "css/certificate.css")
    made, _is_new = Certificate.objects.update_or_create(
        registration=registration, defaults={"content": write_pdf(document), "made_at": timezone.now()}
    )
    return made
