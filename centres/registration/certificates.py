"""The certificate of a registration, as a PDF that is kept as it was handed out."""

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from centres.queries import centre_of_municipality
from centres.registration.models import Certificate, Registration
from civic.jobs.kinds import JobError
from civic.runtime.bootstrap import has_japanese_font
from civic.tenancy.context import current_municipality


def make_certificate(registration: Registration) -> Certificate:
    """Make the certificate and keep it in the place of an earlier one.

    Raises JobError where the machine has no font with which Japanese can be printed.
    """
    if not has_japanese_font():
        raise JobError(_("日本語の文字の形（フォント）がこのコンピューターに入っていないため、PDFを作れません。"))
    # Loaded only where a PDF is made: it adds 28 MB to a process.
    from weasyprint import CSS, HTML
    from weasyprint.urls import URLFetcher

    context = {
        "registration": registration,
        "group": registration.group,
        "representative": registration.application and registration.application.representative_name,
        "municipality": current_municipality(),
        "centre": centre_of_municipality(),
        "today": timezone.localdate(),
    }
    html = HTML(
        string=render_to_string("registration/certificate.html", context), url_fetcher=URLFetcher(allowed_protocols=())
    )
    content = html.write_pdf(stylesheets=[CSS(finders.find("css/certificate.css"))], pdf_variant="pdf/ua-1")
    made, _is_new = Certificate.objects.update_or_create(
        registration=registration, defaults={"content": content, "made_at": timezone.now()}
    )
    return made
