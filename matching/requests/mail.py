"""The letter to a group about what staff found of its request."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from centres.registration.queries import representative_of
from civic.tenancy.context import current_municipality
from civic.tenancy.urls import tenant_reverse
from matching.models import HelpRequest, RequestStatus


def mail_outcome(request_id: int) -> None:
    """Tell the group's representative that its request is public, or what is to be put right; nothing else is told.

    Raises OSError where the mail server cannot be reached or refuses.
    """
    request = HelpRequest.objects.select_related("group").get(pk=request_id)
    seat = representative_of(request.group) if request.group else None
    if seat is None or not seat.email or request.status not in (RequestStatus.OPEN, RequestStatus.SENT_BACK):
        return
    municipality = current_municipality()
    subject = (
        _("【%(municipality)s】「%(title)s」を公開しました")
        if request.status == RequestStatus.OPEN
        else _("【%(municipality)s】「%(title)s」に、直していただきたいところがあります")
    )
    url = settings.PORTAL_URL + tenant_reverse("matching:office_request", number=request.pk)
    context = {"request": request, "name": seat.name, "municipality": municipality, "url": url}
    text = render_to_string("matching/mail/request_checked.txt", context)
    send_mail(subject % {"municipality": municipality.name, "title": request.title}, text, None, [seat.email])
