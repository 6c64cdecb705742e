"""The certificate of activity: what a supporter did in a fiscal year, as groups confirmed it, as a PDF."""

from django.template.loader import render_to_string
from django.utils import timezone

from centres.queries import centre_of_municipality
from civic.calendar import fiscal_year_label
from civic.printing import lay_out, write_pdf
from civic.tenancy.context import current_municipality
from matching.afterwards.queries import activity_in, confirmed_days
from matching.models import Supporter, SupporterContact


def activity_certificate(supporter: Supporter, fiscal_year: int) -> bytes:
    """Return the certificate of a supporter's confirmed days in a fiscal year.

    It bears their name, or the nickname where the name has been deleted. Raises NoJapaneseFont where the machine has no
    font with which Japanese can be printed.
    """
    days = confirmed_days(Supporter.objects.filter(pk=supporter.pk), fiscal_year)
    contact = SupporterContact.objects.filter(supporter=supporter).first()
    context = {
        "supporter": supporter,
        "name": contact.name if contact else supporter.nickname,
        "fiscal_year": fiscal_year_label(fiscal_year),
        "days": list(days),
        "activity": activity_in(days),
        "municipality": current_municipality(),
        "centre": centre_of_municipality(),
        "today": timezone.localdate(),
    }
    document = lay_out(
        render_to_string("matching/afterwards/certificate.html", context), "css/activity-certificate.css"
    )
    return write_pdf(document)
