"""Records that the centres' tests stand on."""

import socket
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.test import Client
from pytest_django import Settings

from centres.models import (
    Consultation,
    ConsultationCategory,
    ConsultationInCategory,
    Group,
    GroupField,
    GroupKind,
)
from civic.accounts.models import Role
from civic.celery import app as celery_app
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.conftest import SignIn

MakeGroup = Callable[..., Group]
LogOne = Callable[..., Consultation]


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
def make_group() -> MakeGroup:
    """Make a published group with the next number, in the given fields of the NPO Act. Call inside `acting_as`."""

    def make(name: str, *fields: int, **values: Any) -> Group:
        values = {"kind": GroupKind.CIVIC, "is_published": True, "number": Group.objects.count() + 1} | values
        group = Group.objects.create(name=name, **values)
        GroupField.objects.bulk_create(GroupField(group=group, field=field) for field in fields)
        return group

    return make


@pytest.fixture
def staff(signed_in: SignIn, shimonoseki: Municipality) -> Client:
    return signed_in(shimonoseki, Role.STAFF)


@pytest.fixture
def categories(shimonoseki: Municipality) -> list[ConsultationCategory]:
    with acting_as(shimonoseki):
        return [
            ConsultationCategory.objects.create(name=name, position=position)
            for position, name in enumerate(["設立", "会計", "その他"])
        ]


@pytest.fixture
def log_one() -> LogOne:
    """Make a consultation in the given categories. Call inside `acting_as`."""

    def make(summary: str, *categories: ConsultationCategory, **values: Any) -> Consultation:
        consultation = Consultation.objects.create(summary=summary, **values)
        ConsultationInCategory.objects.bulk_create(
            ConsultationInCategory(consultation=consultation, category=category) for category in categories
        )
        return consultation

    return make
