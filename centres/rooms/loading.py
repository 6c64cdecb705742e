"""From a municipality's files (fixtures/README.md) to the spaces of its centre. Run inside `acting_as`.

Loading adds what is missing and changes nothing that is there: what people have corrected since stays corrected.
"""

import json
from pathlib import Path

from centres.queries import centre_of_municipality
from centres.rooms.models import Room

# After the rooms that are booked.
FIRST_POSITION = 11


def load(folder: Path) -> None:
    """Load the open spaces that a municipality's document tells of, where there is one. None tells of rooms."""
    path = folder / "rooms.json"
    if not path.exists():
        return
    record = json.loads(path.read_text())
    for position, space in enumerate(record["spaces"], start=FIRST_POSITION):
        Room.objects.get_or_create(
            name=space["name"],
            defaults={
                "centre": centre_of_municipality(),
                "description": "".join(space["body"]),
                "is_bookable": False,
                "position": position,
                "source": record["source"],
            },
        )
