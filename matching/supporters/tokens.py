"""The secret part of the link by which somebody confirms that they want to join."""

from django.core.signing import BadSignature, Signer

from matching.models import Supporter

_signer = Signer(salt="matching.supporter")


def token_of(supporter: Supporter) -> str:
    """Return what the link of a registration ends in."""
    return _signer.sign(str(supporter.pk))


def supporter_of(token: str) -> Supporter | None:
    """Return the supporter of a link, if the portal made that link for the municipality acted as."""
    try:
        pk = int(_signer.unsign(token))
    except (BadSignature, ValueError):
        return None
    return Supporter.objects.filter(pk=pk).first()
