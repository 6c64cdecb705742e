"""The letters to those who booked."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from centres.events.models import BookingContact, BookingNotice, BookingStatus, EventStatus
from centres.events.queries import place_in_line
from centres.events.tokens import token_of
from centres.queries import centre_of_municipality
from civic.tenancy.context import current_municipality
from civic.tenancy.urls import tenant_reverse

Kind = BookingNotice.Kind


def mail_notice(notice_id: int) -> None:
    """Send a letter and note when; does nothing where it went out already, or is not true any more.

    Raises OSError where the mail server cannot be reached or refuses.
    """
    notice = (
        BookingNotice.objects.select_for_update(of=("self",))
        .select_related("booking__event", "session")
        .filter(pk=notice_id, mailed_at=None)
        .first()
    )
    if notice is None or not _is_true(notice):
        return
    booking = notice.booking
    contact = BookingContact.objects.filter(booking=booking).exclude(email="").first()
    if contact is None:
        return
    municipality = current_municipality()
    text = render_to_string(
        f"events/mail/{notice.kind}.txt",
        {
            "contact": contact,
            "booking": booking,
            "event": booking.event,
            "session": notice.session,
            "change": notice.change,
            "place_in_line": place_in_line(booking),
            "municipality": municipality,
            "centre": centre_of_municipality(),
            "url": settings.PORTAL_URL + tenant_reverse("events:own_booking", token=token_of(booking)),
        },
    )
    subject = _subject(Kind(notice.kind)) % {"municipality": municipality.name, "event": booking.event.title}
    send_mail(subject, text, None, [contact.email])
    notice.mailed_at = timezone.now()
    notice.save(update_fields=["mailed_at"])


def _is_true(notice: BookingNotice) -> bool:
    """Whether a letter that waited still tells what is so: nobody is reminded of what they gave up."""
    booking = notice.booking
    if notice.kind in (Kind.GIVEN_UP, Kind.CALLED_OFF):
        return True
    if booking.event.status != EventStatus.PUBLISHED or booking.is_cancelled:
        return False
    if notice.kind == Kind.WAITING:
        return booking.status == BookingStatus.WAITING
    return notice.session is None or notice.session.starts_at > timezone.now()


def _subject(kind: BookingNotice.Kind) -> str:
    return {
        Kind.BOOKED: _("【%(municipality)s】「%(event)s」の申し込みを受け付けました"),
        Kind.WAITING: _("【%(municipality)s】「%(event)s」のキャンセル待ちを受け付けました"),
        Kind.MOVED_UP: _("【%(municipality)s】「%(event)s」に参加できることになりました"),
        Kind.GIVEN_UP: _("【%(municipality)s】「%(event)s」の申し込みを取り消しました"),
        Kind.CALLED_OFF: _("【%(municipality)s】「%(event)s」は中止になりました"),
        Kind.NEW_DATE: _("【%(municipality)s】「%(event)s」の日程が変わりました"),
        Kind.REMINDER: _("【%(municipality)s】あすは「%(event)s」の日です"),
    }[kind]
