"""What files are sent for, and so who may read them. An app declares its purposes in its `uploads.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise

from civic.accounts.models import Membership
from civic.accounts.rules import Rule
from civic.uploads.kinds import FileKind

if TYPE_CHECKING:
    from civic.uploads.models import UploadedFile

MAX_BYTES = 10 * 1024 * 1024


def _every_file(file: "UploadedFile", membership: Membership) -> bool:
    return True


@dataclass(frozen=True)
class Purpose:
    """Something that files are sent for.

    rule: who may read a file, by their role. A function of the file, because it may depend on the record that the
    file belongs to: a photo is for everybody once its page is published.
    is_theirs: whether a member whose role may read such files may read this one. Asked of members only.
    viewed_for: words that the trail notes whenever somebody opens a file, for files that hold personal data.
    """

    name: str
    accepts: tuple[FileKind, ...]
    rule: Callable[["UploadedFile"], Rule]
    is_theirs: Callable[["UploadedFile", Membership], bool] = _every_file
    viewed_for: str | Promise = ""
    max_bytes: int = MAX_BYTES


_purposes: dict[str, Purpose] = {}


def register(purpose: Purpose) -> Purpose:
    """Make a purpose known by its name, and return it. Raises ValueError for a name that is taken."""
    if purpose.name in _purposes:
        raise ValueError(f"There is a purpose called {purpose.name} already.")
    _purposes[purpose.name] = purpose
    return purpose


def purpose_named(name: str) -> Purpose | None:
    """Return a purpose, or None where there is none of this name, as after the release that dropped it."""
    return _purposes.get(name)
