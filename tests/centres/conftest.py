"""Records that the centres' tests stand on."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
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
from tests.mail_server import MailServer, used

MakeGroup = Callable[..., Group]
LogOne = Callable[..., Consultation]


class Mailbox(MailServer):
    """Letters by who gets them."""

    def to(self, address: str) -> list[tuple[str, str]]:
        """The subjects and texts that an address has got, in order."""
        return [(letter["Subject"].strip(), letter.get_content()) for letter in self.letters if letter["To"] == address]


@pytest.fixture
def mailbox(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A mail server on this machine, and tasks that run as soon as they are sent."""
    box = Mailbox()
    monkeypatch.setitem(celery_app.conf, "task_always_eager", True)
    with used(box, settings):
        yield box


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
