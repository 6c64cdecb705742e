"""A group's entry as an application holds it: JSON values by the names of `ENTRY`, shown and taken over by name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.db import models
from django.utils.translation import gettext as _

from centres.directory.services import keep_group
from centres.models import ActivityField, District, Group, GroupKind
from centres.registration.models import FieldRule, Publicity, Question

Answers = Mapping[str, Any]

# What a group writes of itself, in the order of the form.
ENTRY = (
    "name",
    "name_kana",
    "kind",
    "activity_fields",
    "district",
    "active_districts",
    "purpose",
    "description",
    "tags",
    "seeks_members",
    "seeks_volunteers",
    "seeks_partners",
    "looking_for",
    "meeting_day",
    "meeting_place",
    "members_count",
    "founded_year",
    "website",
)
# The ways to reach a group, each with a flag of its own: `phone` and `phone_is_public`.
REACHED_BY = ("contact_name", "address", "phone", "fax", "email")
PARTS = ENTRY + REACHED_BY

# What goes without saying where the municipality has settled nothing: who a group is, is looked at; how to reach it is
# its own choice.
LOOKED_AT = frozenset({"name", "name_kana", "kind", "activity_fields", "purpose"})


def public_flag(name: str) -> str:
    """Return the name of the flag that says whether a way to reach the group is public."""
    return f"{name}_is_public"


# All but these are columns of the group's own record, and hold what JSON can hold.
RELATED = ("activity_fields", "district", "active_districts")
OF_THE_RECORD = (
    *(name for name in PARTS if name not in RELATED),
    *(public_flag(name) for name in REACHED_BY),
)


def field_rules() -> dict[str, FieldRule]:
    """Return the municipality's rule for each part of an entry."""
    settled = {rule.name: rule for rule in FieldRule.objects.all()}
    return {name: settled.get(name) or _usual_rule(name) for name in PARTS}


def _usual_rule(name: str) -> FieldRule:
    publicity = Publicity.CHOICE if name in REACHED_BY else Publicity.ALWAYS
    return FieldRule(name=name, needs_approval=name in LOOKED_AT, publicity=publicity)


def entry_of(group: Group) -> dict[str, Any]:
    """Return a group's entry as it is now."""
    entry = {name: getattr(group, name) for name in OF_THE_RECORD}
    entry["district"] = group.district_id
    entry["active_districts"] = sorted(district.district_id for district in group.in_districts.all())
    entry["activity_fields"] = sorted(field.field for field in group.fields.all())
    return entry


def within_rule(answers: Answers, rules: Mapping[str, FieldRule]) -> dict[str, Any]:
    """Return the answers with each flag of publicity as the municipality's rule lets it be."""
    bound = {Publicity.ALWAYS: True, Publicity.NEVER: False}
    forced = {
        public_flag(name): bound[Publicity(rules[name].publicity)]
        for name in REACHED_BY
        if rules[name].publicity in bound and (name in answers or public_flag(name) in answers)
    }
    return {**answers, **forced}


def take_over(group: Group, answers: Answers) -> None:
    """Write answers into a group's record, and save it. A district that is no longer there is left out."""
    wanted = {**entry_of(group), **answers}
    for name in OF_THE_RECORD:
        setattr(group, name, wanted[name])
    group.district = District.objects.filter(pk=wanted["district"]).first()
    districts = District.objects.filter(pk__in=wanted["active_districts"])
    keep_group(group, fields=wanted["activity_fields"], active_districts=districts)


# ---- shown


def labels_looked_at() -> list[str]:
    """Return what the parts are called whose change waits for the staff's approval."""
    return [label_of(name) for name, rule in field_rules().items() if rule.needs_approval]


@dataclass(frozen=True)
class Line:
    """One part of an entry: its name in words, how it is now and how it is to be."""

    label: str
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


def lines(before: Answers | None, after: Answers) -> list[Line]:
    """Return the parts that `after` names, in order, each beside how it is; None where there is nothing yet."""
    districts = {district.pk: district.name for district in District.objects.all()}
    return [
        Line(label_of(name), _words(name, before or {}, districts), _words(name, after, districts))
        for name in PARTS
        if name in after or public_flag(name) in after
    ]


def own_lines(answers: Answers) -> list[tuple[str, str]]:
    """Return the municipality's own questions that were answered, with the answers."""
    own = answers.get("own", {})
    return [(question.words, own[str(question.pk)]) for question in Question.objects.all() if own.get(str(question.pk))]


def label_of(name: str) -> str:
    """Return what a part of an entry is called."""
    if name == "activity_fields":
        return _("活動分野")
    return str(cast(models.Field, Group._meta.get_field(name)).verbose_name)


def _words(name: str, answers: Answers, districts: Mapping[int, str]) -> str:
    value = answers.get(name)
    if value in (None, "", [], False):
        return ""
    if value is True:
        return _("はい")
    if name == "kind":
        return str(GroupKind(value).label)
    if name == "district":
        return districts.get(value, "")
    if name == "activity_fields":
        return "、".join(str(ActivityField(field).label) for field in value)
    if name == "active_districts":
        return "、".join(districts[pk] for pk in value if pk in districts)
    if name == "tags":
        return "、".join(value)
    if name in REACHED_BY:
        return f"{value}（{_('公開') if answers.get(public_flag(name)) else _('公開しない')}）"
    return str(value)


def parts_changed(before: Answers, after: Answers) -> Iterable[str]:
    """Yield the names of the parts of an entry that differ, a part and its flag of publicity being one."""
    for name in PARTS:
        flag = public_flag(name)
        if any(key in after and before.get(key) != after[key] for key in (name, flag)):
            yield name
