"""The kinds of long work. An app declares its own in its `jobs.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from civic.accounts.rules import Rule


class JobError(Exception):
    """The work cannot be done. The message is a plain Japanese sentence for the person who asked for it."""


class Superseded(Exception):
    """Another worker has taken the job; what this one still does would be rolled back."""


@dataclass(frozen=True)
class ResultFile:
    """What a job hands to the person who asked for it."""

    filename: str
    content_type: str
    content: bytes


class Progress:
    """Called by a body of work to say how far it is; a heartbeat carries it to the database each second."""

    def __init__(self) -> None:
        self.said = (0, "")
        self.superseded = Event()

    def __call__(self, percent: int, words: str) -> None:
        """Say that `percent` (0 to 100) is done, and in words what is being done now.

        Raises Superseded where another worker has taken the job, and ValueError for a percentage that is none.
        """
        if self.superseded.is_set():
            raise Superseded
        if not 0 <= percent <= 100:
            raise ValueError(f"{percent} is no percentage.")
        self.said = (percent, words)


Body = Callable[..., ResultFile | None]


@dataclass(frozen=True)
class JobKind:
    """A kind of long work: what it is called, who may ask for it and have its file, and what is to be done.

    `page` gives the address at which one sees what was done, from the job's parameters. What is personal is somebody's
    own: no manager has its file.
    """

    name: str
    title: str | Promise
    rule: Rule
    body: Body
    page: Callable[..., str] | None = None
    is_personal: bool = False


_kinds: dict[str, JobKind] = {}


def job_kind(
    name: str, *, title: str | Promise, rule: Rule, page: Callable[..., str] | None = None, is_personal: bool = False
) -> Callable[[Body], Body]:
    """Declare the decorated function as a kind of long work.

    It is called with a Progress and the job's parameters, as the municipality, in one transaction. A parameter is an
    id or a short text, never personal data. Raises ValueError for a name that is taken.
    """

    def declare(body: Body) -> Body:
        if name in _kinds:
            raise ValueError(f"There is a kind of job called {name} already.")
        _kinds[name] = JobKind(name, title, rule, body, page, is_personal)
        return body

    return declare


def kind_named(name: str) -> JobKind:
    """Return a kind. Raises JobError where there is none of this name, as after the release that dropped it."""
    try:
        return _kinds[name]
    except KeyError:
        raise JobError(_("この処理は、いまのポータルでは行えません。")) from None


def all_kinds() -> list[JobKind]:
    """Return every declared kind."""
    return list(_kinds.values())
