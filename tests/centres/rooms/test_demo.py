"""The sample rooms: marked, within the centre's own hours, on open days, beside the spaces that a source names."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from django.conf import settings
from django.utils import timezone

import centres.loading
from centres.demo.groups import add_groups
from centres.models import Centre
from centres.rooms import demo, loading
from centres.rooms.models import BookedBand, Booking, Draw, Equipment, Loan, Room, RoomBand, Use
from centres.rooms.opening import opens_by_rule
from centres.rooms.queries import draw_again, wishes_of
from civic.audit.models import Change
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality


@pytest.mark.parametrize("slug", ["shimonoseki", "yamaguchi", "nagato"])
def test_their_use(slug: str, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "PAST", timedelta(days=120))  # two years are loaded where the whole demo is
    with acting_as(Municipality.objects.get(slug=slug)):
        folder = settings.BASE_DIR / "fixtures" / slug
        centres.loading.load(folder, ["長門", "三隅", "日置", "油谷"] if slug == "nagato" else [])
        loading.load(folder)
        add_groups(Random(slug))
        demo.load_demo(Random(slug))
        real = {"市民交流スペース", "情報スペース"} if slug == "yamaguchi" else set()
        assert set(Room.objects.filter(is_sample=False).values_list("name", flat=True)) == real
        assert all(room.name.startswith("サンプル") for room in Room.objects.filter(is_sample=True))
        for model in (Booking, Use):
            assert model.objects.exists()
            assert not model.objects.filter(is_sample=False).exists()
        held = Draw.objects.get()
        wishes = list(wishes_of(held))
        assert draw_again(held, wishes) == {wish.pk for wish in wishes if wish.holds}
        assert Counter(wish.status for wish in wishes) == {"booked": 2, "lost": 2}
        out = Loan.objects.filter(returned_at=None)
        assert sum(loan.quantity for loan in out) == sum(thing.lent for thing in Equipment.objects.all()) == 2
        centre = Centre.objects.first()
        days = set(BookedBand.objects.values_list("day", flat=True))
        days |= {timezone.localdate(moment) for moment in Use.objects.values_list("used_at", flat=True)}
        assert all(opens_by_rule(centre, day) for day in days)
        if centre and centre.opens and centre.closes:
            assert not RoomBand.objects.filter(starts__lt=centre.opens).exists()
            assert not RoomBand.objects.filter(ends__gt=centre.closes).exists()
        last = Change.objects.latest("id").pk
        loading.load(folder)
        demo.load_demo(Random(slug))
        assert Change.objects.latest("id").pk == last, "a second time adds nothing"
