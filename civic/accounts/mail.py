"""The letters about accounts. The worker writes them: a slow mail server keeps nobody waiting."""

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.accounts.models import Invitation, InvitationState, User
from civic.accounts.tokens import token_of
from civic.tenancy.context import current_municipality


def mail_invitation(invitation_id: int) -> None:
    """Send an open invitation and note when; does nothing where it has been sent or has ended meanwhile.

    Raises OSError where the mail server cannot be reached or refuses.
    """
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("invited_by", "department")
        .filter(pk=invitation_id, mailed_at=None)
        .first()
    )
    if invitation is None or invitation.state is not InvitationState.OPEN:
        return
    municipality = current_municipality()
    path = reverse("invitation_accept", kwargs={"municipality": municipality.slug, "token": token_of(invitation)})
    text = render_to_string(
        "accounts/mail/invitation.txt",
        {"invitation": invitation, "municipality": municipality, "url": settings.PORTAL_URL + path},
    )
    subject = _("【%(municipality)s】市民活動ポータルへの招待") % {"municipality": municipality.name}
    send_mail(subject, text, None, [invitation.email])
    invitation.mailed_at = timezone.now()
    invitation.save(update_fields=["mailed_at"])


def mail_password_reset(user_id: int) -> None:
    """Send the link with which a new password is set.

    Raises OSError where the mail server cannot be reached or refuses.
    """
    user = User.objects.get(pk=user_id)
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)},
    )
    text = render_to_string("accounts/mail/password_reset.txt", {"user": user, "url": settings.PORTAL_URL + path})
    send_mail(_("【市民活動ポータル】新しいパスワードの設定"), text, None, [user.email])


def mail_email_confirmation(address_id: int) -> None:
    """Send the link that makes a new address a person's own, and tell the old address that this was asked for.

    Does nothing where it was confirmed or taken back meanwhile. Raises OSError as `mail_password_reset` does.
    """
    address = EmailAddress.objects.select_related("user").filter(pk=address_id, verified=False).first()
    if address is None:
        return
    path = reverse("account_confirm_email", kwargs={"key": EmailConfirmationHMAC.create(address).key})
    context = {"user": address.user, "address": address.email, "url": settings.PORTAL_URL + path}
    text = render_to_string("accounts/mail/email_confirmation.txt", context)
    send_mail(_("【市民活動ポータル】新しいメールアドレスの確認"), text, None, [address.email])
    text = render_to_string("accounts/mail/email_change_asked.txt", context)
    send_mail(_("【市民活動ポータル】メールアドレスの変更のお申し出"), text, None, [address.user.email])
