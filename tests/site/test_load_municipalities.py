"""The command that brings the three cities' data in."""

import pytest
from django.core.management import call_command

from centres.models import Centre, Group
from civic.audit.models import Change
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from matching.models import Guild
from plans.models import Plan

PLANS = {"shimonoseki": {"3rd", "5th"}, "yamaguchi": {"first"}, "nagato": {"second"}}

GUILDS = {
    "shimonoseki": "しものせき市民活動センターにおいて、ボランティアに参加したい人と受け入れたい団体との架け橋",
    "yamaguchi": "協働サポーターに登録された人材や団体と専門知識や技能等を必要とする団体の橋渡し",
    "nagato": "地域で行われる市民協働によるまちづくりの事業に関するボランティア参加を促進するため",
}


@pytest.fixture
def loaded(db: None) -> None:
    call_command("load_municipalities")


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("slug", PLANS)
def test_each_city_has_its_own(slug: str) -> None:
    with acting_as(Municipality.objects.get(slug=slug)):
        assert set(Plan.objects.values_list("slug", flat=True)) == PLANS[slug]
        assert Centre.objects.count() == (0 if slug == "nagato" else 1)
        assert Group.objects.count() == (10 if slug == "nagato" else 0)
        assert Guild.objects.get().introduction.startswith(GUILDS[slug])


@pytest.mark.usefixtures("loaded")
def test_loading_again_changes_nothing() -> None:
    def last_changes() -> list[int]:
        last = []
        for municipality in Municipality.objects.all():
            with acting_as(municipality):
                last.append(Change.objects.latest("id").pk)
        return last

    before = last_changes()
    call_command("load_municipalities")
    assert last_changes() == before


def test_a_city_that_is_not_there_is_made(db: None) -> None:
    Municipality.objects.filter(slug="nagato").update(code="999999", slug="elsewhere")
    call_command("load_municipalities")
    nagato = Municipality.objects.get(slug="nagato")
    assert (nagato.code, nagato.name, nagato.name_kana, nagato.guild_name, nagato.office_phone) == (
        "352110",
        "長門市",
        "ながとし",
        "総合サポート制度",
        "0837-23-1172",
    )
