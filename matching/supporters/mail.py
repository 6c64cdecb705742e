"""The letter by which somebody confirms that they want to join."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.tenancy.context import current_municipality
from civic.tenancy.urls import tenant_reverse
from matching.models import GuildLetter, LetterKind, Side, SupporterContact
from matching.supporters.queries import without_welcome
from matching.supporters.tokens import token_of

LINK = "（確認のためのリンク）"
"""What the kept letter shows in the place of the secret link."""


def mail_welcome(supporter_id: int) -> None:
    """Send the letter and keep it; does nothing where it has gone out, or is not needed any more.

    Raises OSError where the mail server cannot be reached or refuses.
    """
    supporter = without_welcome().select_for_update(of=("self",)).filter(pk=supporter_id).first()
    if supporter is None:
        return
    municipality = current_municipality()
    subject = _("【%(municipality)s】%(guild)sの登録を確かめてください") % {
        "municipality": municipality.name,
        "guild": municipality.guild_name,
    }
    url = settings.PORTAL_URL + tenant_reverse("matching:join_confirm", token=token_of(supporter))
    # Nothing of what was typed: the address may be somebody else's, and whoever typed it no friend of theirs.
    context = {"municipality": municipality, "url": url}
    text = render_to_string("matching/mail/welcome.txt", context)
    address = SupporterContact.objects.values_list("email", flat=True).get(supporter=supporter)
    send_mail(subject, text, None, [address])
    now = timezone.now()
    GuildLetter.objects.create(
        kind=LetterKind.WELCOME,
        supporter=supporter,
        side=Side.VOLUNTEER,
        subject=subject,
        body=text.replace(url, LINK),
        sending_at=now,
        mailed_at=now,
    )
