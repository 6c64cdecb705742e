"""Groups that are in the register twice: found by what they share, and made one without losing anything."""

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Expression, F, Func, QuerySet, TextField, Value
from django.utils.translation import gettext as _

from centres.models import Group, GroupStanding
from centres.registration import entries, representatives
from centres.registration.queries import representative_of
from centres.standing import change_standing
from civic.accounts.models import User

S = GroupStanding
# The history of a number stays with it: what a past year counted does not change.
STAYS = frozenset({"standing_changes"})
# What people put before a name or leave out.
LEGAL_FORM = re.compile(r"npo法人|特定非営利活動法人|(一般|公益)(社団|財団)法人|認定|任意団体")


@dataclass(frozen=True)
class Alike:
    """Groups that may be one, and what they share, in words."""

    groups: list[Group]
    shared: str


def _live_groups() -> QuerySet[Any]:
    """Groups that could be somebody's double, their names folded as search folds them."""
    return Group.objects.exclude(standing__in=[S.MERGED, S.DISSOLVED]).annotate(folded=_folded(F("name")))


def _marks(group: Any) -> set[tuple[str, str]]:
    """What tells a group: its name without its legal form, and the ways to reach it."""
    marks = {
        (_("団体名"), _bare(group.folded)),
        (_("電話"), re.sub(r"\D", "", group.phone)),
        (_("メール"), group.email.lower()),
    }
    return {(what, value) for what, value in marks if value}


def possible_duplicates() -> list[Alike]:
    """Return the groups that share a name, a telephone number or an address of mail, each set once."""
    sharing: dict[tuple[str, str], list[Group]] = defaultdict(list)
    for group in _live_groups().order_by("number"):
        for mark in _marks(group):
            sharing[mark].append(group)
    found: dict[tuple[int, ...], list[str]] = defaultdict(list)
    by_pk: dict[int, Group] = {}
    for (what, _value), groups in sharing.items():
        if len(groups) > 1:
            by_pk.update((group.pk, group) for group in groups)
            found[tuple(group.pk for group in groups)].append(what)
    return [Alike([by_pk[pk] for pk in pks], "・".join(sorted(shared))) for pks, shared in sorted(found.items())]


def alike_to(name: str) -> list[Group]:
    """Return the groups whose name is the same but for its spelling and legal form."""
    groups = _live_groups().annotate(wanted=_folded(Value(name)))
    return [group for group in groups if _bare(group.folded) == _bare(group.wanted)]


def _folded(words: Expression | F) -> Func:
    """Words as search folds and respells them."""
    folded = Func(words, function="fold_characters", output_field=TextField())
    return Func(folded, function="respell", output_field=TextField())


def _bare(folded: str) -> str:
    """A folded name without its legal form."""
    return LEGAL_FORM.sub("", folded)


@transaction.atomic
def merge(group: Group, into: Group, *, by: User) -> None:
    """Make one group of two: whatever refers to `group` refers to `into` from now on, and its number leads there.

    Of what both have, that of `into` holds, and the other's stays with its old number; what only `group` has is taken
    over. Raises ValidationError where one of them is merged already, or they are one.
    """
    locked = {found.pk: found for found in Group.objects.select_for_update().filter(pk__in=[group.pk, into.pk])}
    if len(locked) < 2 or S.MERGED in {found.standing for found in locked.values()}:
        raise ValidationError(_("まとめる先には、統合されていない別の団体をえらんでください。"))
    group, into = locked[group.pk], locked[into.pk]
    was = GroupStanding(group.standing)
    _fill_gaps(into, group)
    for relation in Group._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel) and relation.get_accessor_name() not in STAYS:
            _move(relation, group, into)
    left = representative_of(group)
    if left:
        representatives.unseat(left)
    group.merged_into = into
    change_standing(group, S.MERGED, by=by)
    if was == S.REGISTERED and into.standing not in (S.REGISTERED, S.SUSPENDED):
        change_standing(into, S.REGISTERED, by=by)


def _fill_gaps(into: Group, group: Group) -> None:
    """Take over what only the other says of itself. A way to reach it comes with its own flag of publicity."""
    own, other = entries.entry_of(into), entries.entry_of(group)
    missing = {name for name in entries.PARTS if own.get(name) in (None, "", []) and other.get(name)}
    flags = {entries.public_flag(name) for name in missing}
    entries.take_over(into, {name: value for name, value in other.items() if name in missing | flags})
    joined = [day for day in (into.registered_on, group.registered_on) if day]
    into.registered_on = min(joined, default=None)
    into.save(update_fields=["registered_on"])


def _move(relation: models.ManyToOneRel, group: Group, into: Group) -> None:
    """Let the records that refer to a group refer to another; what that one has already stays where it is."""
    field = relation.field.name
    records = relation.related_model._default_manager.filter(**{field: group})
    try:
        with transaction.atomic():
            records.update(**{field: into})
    except IntegrityError:
        for pk in records.values_list("pk", flat=True):
            try:
                with transaction.atomic():
                    records.filter(pk=pk).update(**{field: into})
            except IntegrityError:
                continue
