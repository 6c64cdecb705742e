"""Events that somebody who asked can be led on to. Whoever keeps events offers them in its own `occasions.py`.

Consultations keep an event's number and name, and know nothing else of it.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple


class Occasion(NamedTuple):
    """An event by the number in its address, and its next day."""

    number: int
    title: str
    day: date


_offers: list[Callable[[], Iterable[Occasion]]] = []


def register(offer: Callable[[], Iterable[Occasion]]) -> None:
    """Offer events that are still to come; `offer` is called inside `acting_as`.

    Whoever deletes an event takes its number out of the referrals to it.
    """
    _offers.append(offer)


def offered() -> list[Occasion]:
    """Return the events that can be chosen, the nearest first."""
    return sorted((occasion for offer in _offers for occasion in offer()), key=lambda occasion: occasion.day)
