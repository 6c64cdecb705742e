"""The secret part of the link by which one side of a match answers from its mail."""

import secrets

from django.core.signing import BadSignature, Signer

from matching.models import AnswerLink

_signer = Signer(salt="matching.answer")


def new_nonce() -> str:
    """Return what tells one link from every other, earlier or forged."""
    return secrets.token_hex(16)


def token_of(link: AnswerLink) -> str:
    """Return what a link's address ends in."""
    return _signer.sign(f"{link.pk}-{link.nonce}")


def link_of(token: str) -> AnswerLink | None:
    """Return the link of an address, used and expired ones too, if it was made for the municipality acted as."""
    try:
        pk, nonce = _signer.unsign(token).split("-")
    except (BadSignature, ValueError):
        return None
    return AnswerLink.objects.filter(pk=int(pk), nonce=nonce).select_related("match__request__group").first()
