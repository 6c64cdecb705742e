"""What the tests about people share."""

from uuid import uuid4

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def attempts_of_its_own(settings: Settings) -> None:
    """Count each test's attempts by themselves: limits live in the cache, which no transaction rolls back."""
    settings.CACHES = settings.CACHES | {"default": settings.CACHES["default"] | {"KEY_PREFIX": uuid4().hex}}
