"""The grants and cases of the cities' documents, and the sample ones."""

from random import Random

from django.conf import settings

import centres.loading
from centres.demo.groups import add_groups
from centres.information import demo, loading
from centres.information.models import Case, CasePhoto, Grant, News
from centres.models import District
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality

FIXTURES = settings.BASE_DIR / "fixtures"


def test_what_the_documents_tell_of_is_loaded_once_with_its_source(nagato: Municipality) -> None:
    with acting_as(nagato):
        centres.loading.load(FIXTURES / "nagato", ["長門", "三隅", "日置", "油谷"])
        loading.load(FIXTURES / "nagato")
        Grant.objects.update(amount="直した")
        loading.load(FIXTURES / "nagato")
        grant = Grant.objects.get()
        assert (grant.title, grant.giver_name, grant.amount) == ("市民のちから応援補助金", "長門市", "直した")
        assert grant.source["file"] == "002_0b4ac2dc90b9ad97.txt"
        council, youth = Case.objects.order_by("pk")
        assert [group.name for group in council.groups.all()] == ["宇津賀地区まちづくり協議会"]
        assert youth.partners == "日置地区青少年育成会"
        assert not any(entry.is_sample for entry in (grant, council, youth))


def test_sample_records_are_marked_and_added_once(nagato: Municipality) -> None:
    with acting_as(nagato):
        District.objects.create(name="長門")
        add_groups(Random("seed"))
        demo.load_demo(Random("seed"))
        demo.load_demo(Random("seed"))
        assert News.objects.count() == News.objects.filter(is_sample=True, is_published=True).count() == 6
        assert Grant.objects.count() == Grant.objects.filter(is_sample=True, is_published=True).count() == 5
        assert Case.objects.count() == Case.objects.filter(is_sample=True, is_published=True).count() == 4
        assert all(case.groups.exists() for case in Case.objects.all())
        assert CasePhoto.objects.count() == 2
