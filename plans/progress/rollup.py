"""From the status of items to that of measures and policies, by weights. Nothing here asks the database."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from plans.models import WorkStatus

Shares = dict[WorkStatus, Fraction]


@dataclass(frozen=True)
class Branch:
    """An item of the tree: what it was reported to be, and what stands beneath it.

    `reported` is None where nothing was reported, or nothing yet that counts; `by_hand` where no planner set a status.
    """

    key: str
    weight: Decimal = Decimal(1)
    reported: WorkStatus | None = None
    by_hand: WorkStatus | None = None
    children: Sequence["Branch"] = field(default_factory=list)


@dataclass(frozen=True)
class Standing:
    """How far an item and all beneath it have come.

    `shares`: what part of the weight has which status, exactly 1 together. `items` counts those that are judged by
    themselves, `reported` those of them of which there is a report.
    """

    status: WorkStatus
    shares: Shares
    items: int
    reported: int


def normalised(weights: Sequence[Decimal]) -> list[Fraction]:
    """Return the weights in the same proportion, exactly 1 together. Raises ValueError for a weight that is not > 0."""
    if any(weight <= 0 for weight in weights):
        raise ValueError("A weight is greater than 0.")
    total = sum((Fraction(weight) for weight in weights), Fraction(0))
    return [Fraction(weight) / total for weight in weights]


def status_of(shares: Shares) -> WorkStatus:
    """Return the one word for several: all of one kind are that; what was stopped does not keep a whole from its end.

    Anything else is under way, or delayed where more of it is late than on its way.
    """
    present = {status for status, share in shares.items() if share}
    if len(present) == 1:
        return next(iter(present))
    if present == {WorkStatus.COMPLETED, WorkStatus.STOPPED}:
        return WorkStatus.COMPLETED
    late, on_its_way = (shares.get(status, 0) for status in (WorkStatus.DELAYED, WorkStatus.UNDER_WAY))
    return WorkStatus.DELAYED if late > on_its_way else WorkStatus.UNDER_WAY


def roll_up(branches: Iterable[Branch]) -> dict[str, Standing]:
    """Return how far each item has come, by its key.

    An item with a report of its own is what the report says. One without is made of what stands beneath it, each by
    its weight among its siblings; where nothing stands beneath it, it has not been started. A status set by hand is not
    in the item's own standing, which is what it is shown beside; above, it counts in that one's place.
    """
    standings: dict[str, Standing] = {}
    for branch in branches:
        _add_standing(branch, standings)
    return standings


def whole(branches: Sequence[Branch], standings: dict[str, Standing]) -> Standing | None:
    """Return how far the whole has come that these make up; None where there are none."""
    return _together(branches, standings) if branches else None


def _add_standing(branch: Branch, standings: dict[str, Standing]) -> None:
    standings |= roll_up(branch.children)
    if branch.reported is None and branch.children:
        standings[branch.key] = _together(branch.children, standings)
    else:
        status = branch.reported or WorkStatus.NOT_STARTED
        standings[branch.key] = Standing(status, {status: Fraction(1)}, 1, int(branch.reported is not None))


def _together(branches: Sequence[Branch], standings: dict[str, Standing]) -> Standing:
    shares: Shares = defaultdict(Fraction)
    for branch, weight in zip(branches, normalised([branch.weight for branch in branches]), strict=True):
        counted = {branch.by_hand: Fraction(1)} if branch.by_hand else standings[branch.key].shares
        for status, share in counted.items():
            shares[status] += weight * share
    below = [standings[branch.key] for branch in branches]
    return Standing(
        status_of(shares), dict(shares), sum(each.items for each in below), sum(each.reported for each in below)
    )
