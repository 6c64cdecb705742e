"""Sample records that show the portal at work. No real person or group is among them; all are marked サンプル."""

from random import Random

from centres.demo.consultations import add_consultations
from centres.demo.groups import SCALES, add_groups
from centres.models import Group

__all__ = ["SLUGS", "load_demo"]

SLUGS = tuple(SCALES)
"""The municipalities that there are sample records for."""


def load_demo(random: Random) -> None:
    """Add a directory and two years of consultations, unless there are sample groups. Run inside `acting_as`."""
    if Group.objects.filter(is_sample=True).exists():
        return
    add_groups(random)
    add_consultations(random)
