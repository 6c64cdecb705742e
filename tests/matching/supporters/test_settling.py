"""The municipality's own: what one can do for others, and the rule of introductions."""

from django.test import Client

from civic.accounts.models import Role
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from matching.models import Skill, SupporterSkill
from matching.supporters.queries import guild_rule
from tests.conftest import SignIn
from tests.matching.supporters.conftest import Joined

SKILLS = "/shimonoseki/office/guild/skills/"
JOIN = "/shimonoseki/guild/join/"


def test_skills_are_added_ordered_renamed_and_retired(
    shimonoseki: Municipality, signed_in: SignIn, joined: Joined
) -> None:
    manager = signed_in(shimonoseki, Role.MANAGER)
    for name in ("手話", "料理"):
        assert manager.post(f"{SKILLS}new/", {"name": name, "position": "2"}).status_code == 302
    assert manager.post(f"{SKILLS}new/", {"name": "手話", "position": "3"}).status_code == 400
    with acting_as(shimonoseki):
        sign, cooking = Skill.objects.get(name="手話"), Skill.objects.get(name="料理")
        supporter = joined()
        SupporterSkill.objects.create(supporter=supporter, skill=sign)
    manager.post(f"{SKILLS}{cooking.pk}/", {"name": "お菓子づくり", "position": "1"})
    form = Client().get(JOIN).content.decode()
    assert form.index("お菓子づくり") < form.index("手話")
    manager.post(f"{SKILLS}{sign.pk}/", {"name": "手話", "position": "2", "is_retired": "on"})
    assert "手話" not in Client().get(JOIN).content.decode().replace("英語、手話", "")
    # Who named it before keeps it, and so may say that it has changed.
    record = manager.get(f"/shimonoseki/office/guild/supporters/{supporter.pk}/edit/").content.decode()
    assert f'name="skill-{sign.pk}"' in record


def test_the_rule_is_the_managers(shimonoseki: Municipality, signed_in: SignIn) -> None:
    manager, url = signed_in(shimonoseki, Role.MANAGER), f"{SKILLS}rule/"
    with acting_as(shimonoseki):
        rule = guild_rule()
        assert rule.pk is None
    typed = {
        field.name: field.value_from_object(rule)
        for field in rule._meta.fields
        if field.editable and field.name != "id"
    }
    assert manager.post(url, typed | {"weight_skill": "50", "reminder_days": "7"}).status_code == 400
    assert manager.post(url, typed | {"weight_skill": "50"}).status_code == 302
    with acting_as(shimonoseki):
        assert guild_rule().weight_skill == 50
    assert signed_in(shimonoseki, Role.STAFF).get(url).status_code == 403
