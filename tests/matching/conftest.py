from collections.abc import Callable

import pytest

from centres.models import Group, GroupKind
from matching.models import HelpRequest, RequestStatus

AskForHelp = Callable[..., HelpRequest]


@pytest.fixture
def ask_for_help() -> AskForHelp:
    """Make a public request of a group in the directory of the municipality acted as."""

    def make(title: str = "海岸の清掃", *, group_is_published: bool = True, **fields: object) -> HelpRequest:
        group = Group.objects.create(
            number=Group.objects.count() + 1,
            name=f"{title}の会",
            kind=GroupKind.CIVIC,
            is_published=group_is_published,
        )
        values = {
            "what": "ごみを拾います。",
            "when": "土曜日",
            "where": "海岸",
            "people_needed": 5,
            "status": RequestStatus.OPEN,
        }
        return HelpRequest.objects.create(group=group, title=title, **{**values, **fields})

    return make
