"""From a municipality's record (fixtures/README.md) to its guild. Run inside `acting_as`."""

from typing import Any

from matching.models import Guild


def load(guild: dict[str, Any]) -> None:
    """Load what the guild is, where nothing says so yet."""
    if not Guild.objects.exists():
        Guild.objects.create(introduction=guild["body"], source=guild["source"])
