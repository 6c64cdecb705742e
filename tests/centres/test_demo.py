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
def test_a_directory_of_its_size_and_two_years_of_consultations(slug: str, size: int, db: None) -> None:
    with acting_as(Municipality.objects.get(slug=slug)):
        fill(slug)
        groups = Group.objects.filter(is_published=True)
        assert groups.count() == size
        real = 10 if slug == "nagato" else 0
        assert groups.filter(is_sample=False).count() == real
        assert len({group.name for group in groups}) == size
        assert set(GroupField.objects.values_list("field", flat=True)) == set(range(1, 20))
        assert not groups.filter(is_sample=True, fields=None).exists()
        for group in groups.filter(is_sample=True):
            assert re.fullmatch(r"000-0000-\d{4}", group.phone)
            assert group.email.endswith(".example.jp")
            assert group.contact_name.startswith("サンプル")
        consultations = Consultation.objects.all()
        assert consultations.count() == 1200
        assert all(consultation.is_sample for consultation in consultations)
        days = {timezone.localdate(consultation.received_at) for consultation in consultations}
        assert max(days) < timezone.localdate()
        assert (max(days) - min(days)).days in range(700, 731)
        centre = Centre.objects.exclude(rule="").first()
        assert centre is None or all(is_open(centre, day) for day in days)
        assert not consultations.filter(in_categories=None).exists()
        assert consultations.exclude(referrals=None).exists()
        last = Change.objects.latest("id").pk
        load_demo(Random("shimonoseki"))
        assert Change.objects.latest("id").pk == last, "a second time adds nothing"


def test_the_same_seed_makes_the_same_records(nagato: Municipality) -> None:
    made = []
    for seed in ("one", "one", "other"):
        with acting_as(nagato):
            fill("nagato", seed)
            made.append(list(Group.objects.order_by("number").values_list("name", "phone_is_public", "members_count")))
            for model in (Consultation, Group, District):
                model.objects.all().delete()
    assert made[0] == made[1] != made[2]
