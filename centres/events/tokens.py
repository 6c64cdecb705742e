"""The secret parts of links that need no account: to one's own booking, and to an event's survey."""

from typing import TypeVar

from django.core.signing import BadSignature, Signer

from centres.events.models import Booking, Event

Record = TypeVar("Record", Booking, Event)

_signers: dict[type[Booking] | type[Event], Signer] = {
    Booking: Signer(salt="centres.events.booking"),
    Event: Signer(salt="centres.events.survey"),
}


def token_of(record: Booking | Event) -> str:
    """Return what the link of a booking, or of an event's survey, ends in."""
    return _signers[type(record)].sign(str(record.pk))


def record_of(model: type[Record], token: str) -> Record:
    """Return the booking of a link, or the event of a survey's link.

    Raises DoesNotExist of the model where the portal has made no such link for the municipality acted as.
    """
    try:
        pk = int(_signers[model].unsign(token))
    except (BadSignature, ValueError):
        raise model.DoesNotExist from None
    return model._default_manager.get(pk=pk)
