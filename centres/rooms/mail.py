"""The letters about rooms, sent by the worker and tried again while the mail server is away."""

from celery import shared_task
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from centres.queries import centre_of_municipality
from centres.rooms.models import RoomNotice
from centres.rooms.queries import bookings_told
from civic.accounts.tasks import PATIENTLY
from civic.tenancy.context import current_municipality
from civic.tenancy.tasks import TenantTask
from civic.tenancy.urls import tenant_reverse


def mail_notice(notice_id: int) -> None:
    """Send a letter to its group and note when; does nothing where it went out, or the group has no address.

    Raises OSError where the mail server cannot be reached or refuses.
    """
    notice = (
        RoomNotice.objects.select_for_update(of=("self",))
        .select_related("group", "draw__room", "booking__room")
        .filter(pk=notice_id, mailed_at=None)
        .exclude(group__email="")
        .first()
    )
    if notice is None:
        return
    municipality = current_municipality()
    context = {
        "notice": notice,
        "bookings": bookings_told(notice),
        "municipality": municipality,
        "centre": centre_of_municipality(),
        "url": settings.PORTAL_URL + tenant_reverse("rooms:calendar"),
    }
    if notice.draw:
        subject, template = _("【%(municipality)s】部屋の抽選の結果"), "rooms/mail/drawn.txt"
    else:
        subject, template = _("【%(municipality)s】部屋の予約の取消しのお知らせ"), "rooms/mail/cancelled.txt"
    text = render_to_string(template, context)
    send_mail(subject % {"municipality": municipality.name}, text, None, [notice.group.email])
    notice.mailed_at = timezone.now()
    notice.save(update_fields=["mailed_at"])


@shared_task(base=TenantTask, name="rooms.send_notice", **PATIENTLY)
def send_room_notice(notice_id: int) -> None:
    mail_notice(notice_id)
