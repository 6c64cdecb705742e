"""What comes in with a form, and what goes out as a file."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from centres.registration.models import Certificate, Registration


def sent_with(request: HttpRequest) -> tuple[Any, Any]:
    """Return what a form was sent with, answers and files; nothing of either before it is sent."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def pdf_of(registration: Registration | None) -> HttpResponse:
    """Return the certificate of a registration. Raises Http404 where there is none, or none yet."""
    made = Certificate.objects.filter(registration=registration).first() if registration else None
    if made is None:
        raise Http404(_("登録証は、まだできていません。"))
    headers = {"Content-Disposition": 'inline; filename="touroku.pdf"'}
    return HttpResponse(bytes(made.content), content_type="application/pdf", headers=headers)
