"""The letters about registrations."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from centres.registration.models import Letter
from centres.registration.queries import registration_rule
from centres.registration.tokens import token_of
from civic.tenancy.context import current_municipality
from civic.tenancy.urls import tenant_reverse

Kind = Letter.Kind


def mail_letter(letter_id: int) -> None:
    """Send a letter and note when; does nothing where it has gone out.

    Raises OSError where the mail server cannot be reached or refuses.
    """
    letter = (
        Letter.objects.select_for_update(of=("self",))
        .select_related("step__application__group", "registration__group", "change__group")
        .filter(pk=letter_id, mailed_at=None)
        .first()
    )
    if letter is None:
        return
    municipality, rule = current_municipality(), registration_rule()
    application = letter.step.application if letter.step else None
    about = application or letter.registration or letter.change
    if application:
        url = tenant_reverse("registration:application", token=token_of(application))
    else:
        url = tenant_reverse("registration:own_groups")
    context = {
        "letter": letter,
        "step": letter.step,
        "application": application,
        "registration": letter.registration,
        "change": letter.change,
        "group": about and about.group,
        "rule": rule,
        "last_day_of_grace": letter.registration and rule.last_day_of_grace(letter.registration.valid_until),
        "municipality": municipality,
        "url": settings.PORTAL_URL + url,
    }
    text = render_to_string(f"registration/mail/{letter.kind}.txt", context)
    subject = _subject(Kind(letter.kind)) % {"municipality": municipality.name}
    send_mail(subject, text, None, [letter.email])
    letter.mailed_at = timezone.now()
    letter.save(update_fields=["mailed_at"])


def _subject(kind: Kind) -> str:
    return {
        Kind.CONFIRM: _("【%(municipality)s】団体登録の申込みを確かめてください"),
        Kind.RECEIVED: _("【%(municipality)s】団体登録の申込みを受け付けました"),
        Kind.SENT_BACK: _("【%(municipality)s】団体登録の申込みに、直していただきたいところがあります"),
        Kind.APPROVED: _("【%(municipality)s】団体登録の申込みを承認しました"),
        Kind.REFUSED: _("【%(municipality)s】団体登録の申込みについて"),
        Kind.REMINDER: _("【%(municipality)s】団体登録の更新をお願いします"),
        Kind.IN_GRACE: _("【%(municipality)s】団体登録の更新を待っています"),
        Kind.ENDED: _("【%(municipality)s】団体登録の期間が終わりました"),
        Kind.STANDING: _("【%(municipality)s】団体登録の状態が変わりました"),
    }[kind]
