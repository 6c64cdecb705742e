"""The secret part of the link by which one side of a match answers from its mail.

It is signed with the address to which the letter goes: once a side has another address, because its representative
changed or the supporter left, the old letter opens nothing any more.
"""

import secrets

from django.core.signing import Signer
from django.utils.crypto import constant_time_compare

from matching.introductions.addresses import address_of
from matching.models import AnswerLink, Side, SupporterStatus

_signer = Signer(salt="matching.answer")


def new_nonce() -> str:
    """Return what tells one link from every other, earlier or forged."""
    return secrets.token_hex(16)


def token_of(link: AnswerLink) -> str:
    """Return what a link's address ends in, in a letter to whoever has the side now."""
    address = address_of(link.match, link.match.supporter, Side(link.side))
    return f"{link.pk}-{link.nonce}:{_signer.signature(f'{link.pk}-{link.nonce}-{address}')}"


def link_of(token: str) -> AnswerLink | None:
    """Return the link of an address, used and expired ones too, if it was made for the municipality acted as and mailed
    to whoever has the side now."""
    number = token.partition("-")[0]
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        return None
    about = ("match__request__group", "match__partner", "match__supporter")
    link = AnswerLink.objects.filter(pk=int(number)).select_related(*about).first()
    if link is None or not constant_time_compare(token, token_of(link)):
        return None
    supporter = link.match.supporter
    return None if supporter and supporter.status == SupporterStatus.LEFT else link
