"""A mail server that really listens."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


def _nothing() -> None:
    pass


class MailServer:
    """Takes letters, or refuses them; `before` and `after` happen before it takes one, and once it has.

    What happens at such a moment happens once.
    """

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.answer = "250 OK"
        self.before: Callable[[], None] = _nothing
        self.after: Callable[[], None] = _nothing

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        happens, self.before = self.before, _nothing
        happens()
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answer == "250 OK":
            self.letters.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        happens, self.after = self.after, _nothing
        happens()
        return self.answer

    @property
    def recipients(self) -> list[str]:
        return [letter["To"] for letter in self.letters]


@contextmanager
def listening() -> Iterator[tuple[MailServer, int]]:
    """Yield a mail server on the loopback, and its port."""
    box = MailServer()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield box, port
    finally:
        server.stop()
