"""Groups that ask, people who help, and a mail server that really listens."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from centres.models import Group
from centres.registration.models import Representative
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from matching.models import Consent, ConsentPurpose, HelpRequest, Shift, Supporter, SupporterContact
from tests.mail_server import MailServer, used

MakeSupporter = Callable[..., Supporter]
EVERYTHING = tuple(ConsentPurpose)


def helper(nickname: str = "かもめ", *, agrees: tuple[ConsentPurpose, ...] = EVERYTHING, **fields: object) -> Supporter:
    """Make somebody who helps, agrees to the purposes, and can be written to."""
    supporter = Supporter.objects.create(nickname=nickname, **fields)
    SupporterContact.objects.create(
        supporter=supporter, name=f"{nickname}の本名", phone="090-0000-0001", email=f"s{supporter.pk}@example.jp"
    )
    Consent.objects.bulk_create(Consent(supporter=supporter, purpose=purpose) for purpose in agrees)
    return supporter


def represent(group: Group, email: str = "group@example.jp") -> Representative:
    return Representative.objects.create(group=group, name="代表の花子", email=email)


def shift_in(request: HelpRequest, days: float, people: int = 1) -> Shift:
    starts: datetime = timezone.now() + timedelta(days=days)
    return Shift.objects.create(
        request=request, starts_at=starts, ends_at=starts + timedelta(hours=2), people_needed=people
    )


def at_once(act: Callable[[int, int], None], times: int) -> None:
    """Two connections, let go at the same moment so many times: each acts, told which time it is and which it is."""
    both, here = Barrier(2), Municipality.objects.get(slug="shimonoseki")

    def person(which: int) -> None:
        try:
            for number in range(times):
                both.wait(30)
                with acting_as(here):
                    act(number, which)
        except BaseException:
            both.abort()
            raise
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        errors = [
            found for acting in [threads.submit(person, which) for which in range(2)] if (found := acting.exception())
        ]
    # What happened to one of them, before that the other waited in vain.
    for error in sorted(errors, key=lambda error: isinstance(error, BrokenBarrierError)):
        raise error


@pytest.fixture
def mail_server(settings: Settings) -> Iterator[MailServer]:
    box = MailServer()
    with used(box, settings):
        yield box


@pytest.fixture
def beach(in_shimonoseki: object, ask_for_help: Callable[..., HelpRequest]) -> HelpRequest:
    """A request of a group with a representative, with one place."""
    request = ask_for_help(people_needed=1, responsible_name="当日の太郎", responsible_phone="083-000-0009")
    represent(request.group)
    return request
