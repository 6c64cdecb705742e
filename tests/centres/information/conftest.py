"""Records that the tests of notices, grants and cases stand on. Each is made inside `acting_as`."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from centres.information.models import Case, Grant, GrantGiver, News
from civic.accounts.models import Role
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.conftest import SignIn

MakeNews = Callable[..., News]
MakeGrant = Callable[..., Grant]
MakeCase = Callable[..., Case]

PUBLISHED = {"is_published": True, "published_at": timezone.now()}


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def typed(name: str, day: date | None) -> dict[str, Any]:
    """A day as it is typed into three inputs."""
    parts = ("", "", "") if day is None else (day.year, day.month, day.day)
    return {f"{name}_{part}": value for part, value in zip(("year", "month", "day"), parts, strict=True)}


@pytest.fixture
def make_news(shimonoseki: Municipality) -> MakeNews:
    def make(title: str, **values: Any) -> News:
        with acting_as(shimonoseki):
            return News.objects.create(title=title, **({"body": "本文"} | PUBLISHED | values))

    return make


@pytest.fixture
def make_grant(shimonoseki: Municipality) -> MakeGrant:
    def make(title: str, closes_in: int | None = None, **values: Any) -> Grant:
        closes_on = None if closes_in is None else in_days(closes_in)
        given = {"giver": GrantGiver.CITY, "giver_name": "市", "closes_on": closes_on} | PUBLISHED | values
        with acting_as(shimonoseki):
            return Grant.objects.create(title=title, **given)

    return make


@pytest.fixture
def make_case(shimonoseki: Municipality) -> MakeCase:
    def make(title: str, **values: Any) -> Case:
        with acting_as(shimonoseki):
            return Case.objects.create(title=title, **({"done": "したこと"} | PUBLISHED | values))

    return make


@pytest.fixture
def staff(signed_in: SignIn, shimonoseki: Municipality) -> Client:
    return signed_in(shimonoseki, Role.STAFF)
