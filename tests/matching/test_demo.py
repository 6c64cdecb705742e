"""The guild's sample records: as many as the portal says, marked, and the same each time."""

from random import Random

import pytest
from django.conf import settings
from django.utils import timezone

import centres.demo
import centres.loading
from centres.models import ActivityField, Group, GroupField, GroupKind
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from matching.demo import load_demo
from matching.models import (
    Consent,
    HelpRequest,
    RequestKind,
    RequestStatus,
    Shift,
    Supporter,
    SupporterContact,
    SupporterTime,
    Timing,
)
from matching.queries import open_requests


@pytest.fixture
def directory(in_shimonoseki: Municipality) -> None:
    """Two sample groups for each field, and one that is nobody's sample."""
    for number, field in enumerate([*ActivityField, *ActivityField, ActivityField.ENVIRONMENT], start=1):
        group = Group.objects.create(
            number=number,
            name=f"団体{number}",
            kind=GroupKind.CIVIC,
            is_published=True,
            is_sample=number <= 2 * len(ActivityField),
        )
        GroupField.objects.create(group=group, field=field)


def records() -> list[object]:
    return [
        *Supporter.objects.values_list("nickname", "can_do", "registered_on"),
        *Consent.objects.values_list("supporter__nickname", "purpose"),
        *HelpRequest.objects.values_list("title", "group__name", "posted_on"),
        *SupporterContact.objects.values_list("name", "email", "phone", "born_on"),
        *SupporterTime.objects.values_list("supporter__nickname", "weekday", "starts"),
        *Shift.objects.values_list("request__title", "starts_at"),
    ]


def test_thirty_supporters_and_thirteen_requests_in_the_sample_directory(nagato: Municipality) -> None:
    with acting_as(nagato):
        centres.loading.load(settings.BASE_DIR / "fixtures" / "nagato", ["長門", "三隅", "日置", "油谷"])
        centres.demo.load_demo(Random("seed"))
        load_demo(Random("seed"))
        assert Supporter.objects.filter(is_sample=True).count() == 30
        assert not Supporter.objects.filter(fields=None).exists()
        assert not Supporter.objects.filter(skills=None).exists()
        contacts = SupporterContact.objects.all()
        assert {contact.name.split()[0] for contact in contacts} == {"見本"}
        assert {contact.email.partition("@")[2] for contact in contacts} == {"example.jp"}
        assert HelpRequest.objects.filter(kind=RequestKind.PARTNERS).count() == 1
        # Whatever names times has some to come, while it is open.
        timed = open_requests().exclude(timing=Timing.OPEN)
        assert timed.filter(shifts__starts_at__gt=timezone.now()).distinct().count() == timed.count() > 5
        assert HelpRequest.objects.filter(is_sample=True).count() == 13
        assert HelpRequest.objects.filter(status=RequestStatus.CLOSED).count() == 2
        assert open_requests().count() == 11


@pytest.mark.usefixtures("directory")
def test_a_request_comes_from_a_sample_group_active_in_its_field() -> None:
    for seed in range(5):
        HelpRequest.objects.all().delete()
        Supporter.objects.all().delete()
        load_demo(Random(seed))
        beach = HelpRequest.objects.select_related("group").get(title__contains="海岸")
        assert beach.group.fields.get().field == ActivityField.ENVIRONMENT
        assert beach.group.is_sample


@pytest.mark.usefixtures("directory")
def test_the_same_seed_makes_the_same_records() -> None:
    def records_of(seed: str) -> list[object]:
        HelpRequest.objects.all().delete()
        Supporter.objects.all().delete()
        load_demo(Random(seed))
        return records()

    assert records_of("seed") == records_of("seed")
    assert records_of("seed") != records_of("another seed")


@pytest.mark.usefixtures("directory")
def test_loading_again_adds_nothing() -> None:
    load_demo(Random("seed"))
    before = records()
    load_demo(Random("another seed"))
    assert records() == before


def test_without_groups_nobody_asks(in_shimonoseki: Municipality) -> None:
    load_demo(Random("seed"))
    assert Supporter.objects.count() == 30
    assert not HelpRequest.objects.exists()
