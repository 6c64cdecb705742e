"""Applications, and the people around them."""

import socket
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from pytest_django import Settings

from centres.models import Group
from centres.registration import services
from centres.registration.models import Application
from civic.accounts.models import Membership, Role
from civic.celery import app as celery_app
from civic.tenancy.models import Municipality
from tests.accounts.conftest import attempts_of_its_own  # noqa: F401  applications are counted as well
from tests.conftest import MakeMember

ANSWERS: dict[str, Any] = {
    "name": "花の会",
    "name_kana": "はなのかい",
    "kind": "civic",
    "activity_fields": [3, 7],
    "district": None,
    "purpose": "駅前に花を植えます。",
    "members_count": 8,
    "phone": "000-0000-0001",
    "phone_is_public": True,
}
TYPED: dict[str, Any] = {name: value for name, value in ANSWERS.items() if value is not None} | {
    "phone_is_public": "on",
    "representative_name": "花子",
    "representative_email": "hanako@example.jp",
}

Register = Callable[..., Group]


class Mailbox:
    """Takes every letter."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"

    def to(self, address: str) -> list[tuple[str, str]]:
        """The subjects and texts that an address has got, in order."""
        return [(letter["Subject"].strip(), letter.get_content()) for letter in self.letters if letter["To"] == address]


@pytest.fixture
def mailbox(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A mail server on this machine, and tasks that run as soon as they are sent."""
    box = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.PORTAL_URL = "https://portal.example.jp"
    monkeypatch.setitem(celery_app.conf, "task_always_eager", True)
    yield box
    server.stop()


@pytest.fixture
def clerk(in_shimonoseki: Municipality, member: MakeMember) -> Membership:
    """A member of staff in Shimonoseki, as which the test acts."""
    return Membership.objects.get(user=member(in_shimonoseki, Role.STAFF))


@pytest.fixture
def received(clerk: Membership) -> Application:
    """An application that reached the centre by the web."""
    application = services.apply(ANSWERS, "花子", "hanako@example.jp")
    services.confirm(application)
    return application


@pytest.fixture
def register(clerk: Membership) -> Register:
    """Register a group at the counter and publish it."""

    def make(name: str = "花の会", email: str = "hanako@example.jp") -> Group:
        application = services.apply_at_counter({**ANSWERS, "name": name}, "花子", email, by=clerk.user)
        services.begin_review(application, by=clerk.user)
        group = services.approve(application, by=clerk)
        services.publish(application, by=clerk.user)
        group.refresh_from_db()
        return group

    return make
