"""Records that the centres' tests stand on."""

from collections.abc import Callable
from typing import Any

import pytest

from centres.models import Group, GroupField, GroupKind

MakeGroup = Callable[..., Group]


@pytest.fixture
def make_group() -> MakeGroup:
    """Make a published group with the next number, in the given fields of the NPO Act. Call inside `acting_as`."""

    def make(name: str, *fields: int, **values: Any) -> Group:
        values = {"kind": GroupKind.CIVIC, "is_published": True, "number": Group.objects.count() + 1} | values
        group = Group.objects.create(name=name, **values)
        GroupField.objects.bulk_create(GroupField(group=group, field=field) for field in fields)
        return group

    return make
