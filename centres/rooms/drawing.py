"""The draw among wishes: anybody who knows the seed and the wishes can draw again, by hand if need be."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True)
class Wish:
    """One wish of a group: its number, and what it takes, all or nothing."""

    number: int
    group: int
    takes: frozenset[Hashable]


def lot(seed: str, turn: int, group: int) -> str:
    """The lot of a group in a turn: the SHA-256 of seed, turn and the group's number, parted by colons."""
    return sha256(f"{seed}:{turn}:{group}".encode()).hexdigest()


def draw(wishes: Iterable[Wish], taken: Iterable[Hashable], seed: str) -> set[int]:
    """Return the numbers of the wishes that are granted.

    In each turn the groups that have wishes left come in the order of their lots, the lowest first, and each gets the
    first of its wishes, in the order in which it made them, of which nothing is taken. So many wishes make no group's
    chance at one band greater, and no group gets a second band before each has had its turn.
    """
    taken = set(taken)
    granted: set[int] = set()
    left: dict[int, list[Wish]] = {}
    for wish in sorted(wishes, key=lambda wish: wish.number):
        left.setdefault(wish.group, []).append(wish)
    turn = 0
    while left:
        turn += 1
        for group in sorted(left, key=lambda group: lot(seed, turn, group)):
            possible = [wish for wish in left[group] if taken.isdisjoint(wish.takes)]
            if possible:
                granted.add(possible[0].number)
                taken |= possible[0].takes
            left[group] = possible[1:]
        left = {group: wishes for group, wishes in left.items() if wishes}
    return granted
