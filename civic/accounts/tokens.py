"""The secret part of an invitation's link."""

from django.core.signing import BadSignature, Signer

from civic.accounts.models import Invitation

_signer = Signer(salt="civic.accounts.invitation")


def token_of(invitation: Invitation) -> str:
    """Return what the link of an invitation ends in. Whether it still opens anything is the invitation's own matter."""
    return _signer.sign(str(invitation.pk))


def invitation_of(token: str) -> Invitation | None:
    """Return the invitation of a link, if the portal made that link for the municipality acted as."""
    try:
        pk = int(_signer.unsign(token))
    except (BadSignature, ValueError):
        return None
    return Invitation.objects.filter(pk=pk).select_related("department").first()
