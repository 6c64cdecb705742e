"""The sample records: as many as the portal says, marked, and nobody's."""

import re
from random import Random

import pytest
from django.conf import settings
from django.utils import timezone

from centres.demo import load_demo
from centres.loading import load
from centres.models import Centre, Consultation, District, Group, GroupField
from centres.opening import is_open
from civic.audit.models import Change
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality

SIZES = {"shimonoseki": 260, "yamaguchi": 342, "nagato": 120}


def fill(slug: str, seed: str = "seed") -> None:
    load(settings.BASE_DIR / "fixtures" / slug, ["長門", "三隅", "日置", "油谷"] if slug == "nagato" else [])
    load_demo(Random(seed))


@pytest.mark.parametrize(("slug", "size"), SIZES.items())
def test_a_directory_of_its_size(slug: str, size: int, db: None) -> None:
    with acting_as(Municipality.objects.get(slug=slug)):
        fill(slug)
        groups = Group.objects.filter(is_published=True)
        assert groups.count() == size
        real = 10 if slug == "nagato" else 0
        assert groups.filter(is_sample=False).count() == real
        assert len({group.name for group in groups}) == size
        assert set(GroupField.objects.values_list("field", flat=True)) == set(range(1, 20))
        assert not groups.filter(is_sample=True, fields=None).exists()


@pytest.mark.parametrize("slug", SIZES)
def test_two_years_of_consultations_on_open_days(slug: str, db: None) -> None:
    with acting_as(Municipality.objects.get(slug=slug)):
        fill(slug)
        consultations = Consultation.objects.all()
        assert consultations.count() == 1200
        assert all(consultation.is_sample for consultation in consultations)
        days = {timezone.localdate(consultation.received_at) for consultation in consultations}
        assert max(days) < timezone.localdate()
        assert (max(days) - min(days)).days in range(700, 731)
        centre = Centre.objects.exclude(rule="").first()
        assert centre is None or all(is_open(centre, day) for day in days)
        assert not consultations.filter(in_categories=None).exists()


def test_nobody_can_be_reached_by_them(shimonoseki: Municipality) -> None:
    with acting_as(shimonoseki):
        fill("shimonoseki")
        for group in Group.objects.all():
            assert re.fullmatch(r"000-0000-\d{4}", group.phone)
            assert group.email.endswith(".example.jp")
            assert group.contact_name.startswith("サンプル")


def test_the_same_seed_makes_the_same_records(shimonoseki: Municipality) -> None:
    made = []
    for seed in ("one", "one", "other"):
        with acting_as(shimonoseki):
            fill("shimonoseki", seed)
            made.append(list(Group.objects.order_by("number").values_list("name", "phone_is_public", "members_count")))
            for model in (Consultation, Group, District):
                model.objects.all().delete()
    assert made[0] == made[1] != made[2]


def test_a_second_time_adds_nothing(shimonoseki: Municipality) -> None:
    with acting_as(shimonoseki):
        fill("shimonoseki")
        last = Change.objects.latest("id").pk
        load_demo(Random("shimonoseki"))
        assert Change.objects.latest("id").pk == last
