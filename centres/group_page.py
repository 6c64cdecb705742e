"""What apps that stand on this one add to a group's public page. Each declares it in its own `group_page.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from centres.models import Group


@dataclass(frozen=True)
class Section:
    """A part of the page: a template, and what it shows of the group as `records`. Nothing to show is no section."""

    template: str
    records: Callable[[Group], Any]


_sections: list[Section] = []


def register(section: Section) -> None:
    """Add a section after those that are there."""
    _sections.append(section)


def sections_of(group: Group) -> list[tuple[str, Any]]:
    """Return the template and the records of each section that has something to show."""
    found = [(section.template, section.records(group)) for section in _sections]
    return [(template, records) for template, records in found if records]
