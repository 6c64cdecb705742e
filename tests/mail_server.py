"""A mail server that really listens."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from pytest_django import Settings


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
def listening(box: MailServer) -> Iterator[int]:
    """Let a mail server listen on the loopback; yield its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield port
    finally:
        server.stop()


@contextmanager
def used(box: MailServer, settings: Settings) -> Iterator[None]:
    """Have the portal under test send by a mail server."""
    with listening(box) as port:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.PORTAL_URL = "https://portal.example.jp"
        yield
