"""Changing a plan's tree: each function is one thing that happens to it, in one transaction.

All raise EditRefused where the plan cannot be changed now.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from civic.accounts.models import User
from plans.editing.document import NO_CONTENT, read_content
from plans.editing.lifecycle import EditRefused, opened
from plans.editing.storing import Change, store_contents
from plans.models import ItemTrace, Plan, PlanItem, PlanLevel, Relisting

Place = PlanItem | Relisting

REASON_LENGTH = PlanItem._meta.get_field("retired_reason").max_length
KEY_LENGTH = PlanItem._meta.get_field("key").max_length or 0


@transaction.atomic
def add_item(plan: Plan, parent: PlanItem | None, title: str) -> PlanItem:
    """Put a new item last under another, or at the outermost level. Raises EditRefused below the innermost."""
    plan = opened(plan)
    return _add(plan, parent, title, [*_siblings(plan, parent)])


def _add(plan: Plan, parent: PlanItem | None, title: str, siblings: list[Place], at: int | None = None) -> PlanItem:
    item = PlanItem.objects.create(
        plan=plan, parent=parent, level=_level_under(plan, parent), key=_new_key(plan, parent), title=title, position=0
    )
    siblings.insert(len(siblings) if at is None else at, item)
    _arrange(siblings)
    return item


def _level_under(plan: Plan, parent: PlanItem | None) -> PlanLevel:
    level = plan.levels.filter(depth=parent.level.depth + 1 if parent else 1).first()
    if level is None:
        raise EditRefused(_("この計画には、その下の階層がありません。"))
    return level


def _new_key(plan: Plan, parent: PlanItem | None) -> str:
    """A key that no place of the plan has had: after its first parent's, or short where that would be too long."""
    taken = set(plan.items.values_list("key", flat=True)) | set(plan.relistings.values_list("key", flat=True))
    stem = f"{parent.key}-" if parent and len(parent.key) < KEY_LENGTH - 4 else "" if parent is None else "n"
    number = 1
    while f"{stem}{number}" in taken:
        number += 1
    return f"{stem}{number}"


def _siblings(plan: Plan, parent: PlanItem | None) -> list[Place]:
    """Whatever stands under an item, retired items included, in order."""
    rows: list[Place] = [*plan.items.filter(parent=parent)]
    if parent:
        rows += plan.relistings.filter(parent=parent)
    return sorted(rows, key=lambda row: (row.position, row.pk))


def _arrange(rows: Sequence[Place]) -> None:
    moved = []
    for position, row in enumerate(rows, 1):
        if row.position != position:
            row.position = position
            moved.append(row)
    PlanItem.objects.bulk_update([row for row in moved if isinstance(row, PlanItem)], ["position"])
    Relisting.objects.bulk_update([row for row in moved if isinstance(row, Relisting)], ["position"])


@transaction.atomic
def shift(place: Place, by: int) -> bool:
    """Move a place one up (-1) or down (1) among those under the same item; return whether it could go further."""
    plan = opened(place.plan)
    rows = _siblings(plan, place.parent)
    index = rows.index(place)
    # Past retired items, which nobody sees there.
    target = index + by
    while 0 <= target < len(rows) and _is_retired(rows[target]):
        target += by
    if not 0 <= target < len(rows):
        return False
    rows.insert(target, rows.pop(index))
    _arrange(rows)
    return True


def _is_retired(row: Place) -> bool:
    return (row if isinstance(row, PlanItem) else row.item).retired_on is not None


@transaction.atomic
def move_item(item: PlanItem, parent: PlanItem | None) -> None:
    """Put an item, with all beneath it, last under another. Its key, its address, stays.

    Raises EditRefused where it would stand beneath itself, beneath the innermost level or beneath a retired item.
    """
    plan = opened(item.plan)
    _refuse_retired(parent)
    beneath = _beneath(plan, item)
    if parent and parent in [item, *beneath]:
        raise EditRefused(_("項目を、その項目自身の下へは移せません。"))
    if (parent.pk if parent else None) == item.parent_id:
        return
    levels = {level.depth: level for level in plan.levels.all()}
    depth_of = {level.pk: level.depth for level in levels.values()}
    deeper = _level_under(plan, parent).depth - depth_of[item.level_id]
    subtree = [item, *beneath]
    if max(depth_of[row.level_id] for row in subtree) + deeper > len(levels):
        raise EditRefused(_("下にある項目が、いちばん下の階層より深くなるため移せません。"))
    rows = _siblings(plan, parent)
    item.parent = parent
    for row in subtree:
        row.level = levels[depth_of[row.level_id] + deeper]
    PlanItem.objects.bulk_update(subtree, ["parent", "level"])
    _arrange([*rows, item])


def _beneath(plan: Plan, item: PlanItem) -> list[PlanItem]:
    found, parents = [], [item.pk]
    items = list(plan.items.exclude(parent=None))
    while parents:
        rows = [row for row in items if row.parent_id in parents]
        found += rows
        parents = [row.pk for row in rows]
    return found


def _refuse_retired(item: PlanItem | None) -> None:
    if item and item.retired_on:
        raise EditRefused(_("「%(title)s」は取り下げられています。") % {"title": item.title})


@transaction.atomic
def retire_item(item: PlanItem, *, on: date, reason: str) -> None:
    """Take an item, with all beneath it, out of the plan; it keeps its address and its history."""
    plan = opened(item.plan)
    _refuse_retired(item)
    rows = [row.pk for row in [item, *_beneath(plan, item)] if row.retired_on is None]
    PlanItem.objects.filter(pk__in=rows).update(retired_on=on, retired_reason=reason, version=F("version") + 1)


@transaction.atomic
def restore_item(item: PlanItem) -> None:
    """Bring a retired item back to its place, with whatever was retired along with it.

    Raises EditRefused while the item above it is retired.
    """
    plan = opened(item.plan)
    _refuse_retired(item.parent)
    rows = [
        row.pk
        for row in [item, *_beneath(plan, item)]
        if (row.retired_on, row.retired_reason) == (item.retired_on, item.retired_reason)
    ]
    PlanItem.objects.filter(pk__in=rows).update(retired_on=None, retired_reason="", version=F("version") + 1)


@transaction.atomic
def split_item(item: PlanItem, titles: Sequence[str], *, on: date, by: User) -> list[PlanItem]:
    """Put several items in the place of one, which is retired; each begins with what that one said.

    Second places and KPIs go to the first of them. Raises EditRefused where others stand beneath the item.
    """
    plan = opened(item.plan)
    _refuse_retired(item)
    if plan.items.filter(parent=item, retired_on=None).exists() or plan.relistings.filter(parent=item).exists():
        raise EditRefused(_("下に項目があるため、分けられません。先に下の項目を移してください。"))
    content = read_content(item)
    parts: list[PlanItem] = []
    siblings = _siblings(plan, item.parent)
    for title in titles:
        parts.append(_add(plan, item.parent, title, siblings, siblings.index(item) + len(parts) + 1))
    store_contents(plan, [Change(part, NO_CONTENT, {**content, "title": part.title}) for part in parts])
    item.relistings.update(item=parts[0])
    item.indicators.update(item=parts[0])
    _trace([item], parts, ItemTrace.Kind.SPLIT, by)
    reason = _("分割：%(titles)s") % {"titles": "、".join(titles)}
    retire_item(item, on=on, reason=reason[:REASON_LENGTH])
    return parts


@transaction.atomic
def merge_items(target: PlanItem, others: Sequence[PlanItem], *, on: date, by: User) -> None:
    """Take items of the same level into one: what stood beneath them, their second places and KPIs go there.

    They are retired with what they said. Raises EditRefused for an item of another level and for a retired one.
    """
    plan = opened(target.plan)
    for other in others:
        _refuse_retired(other)
        if other.level_id != target.level_id or other == target:
            raise EditRefused(_("まとめられるのは、同じ階層の別の項目だけです。"))
        _arrange([*_siblings(plan, target), *_siblings(plan, other)])
        # Second places that would stand where the item stands already, or beneath itself.
        own = [target.parent_id, target.pk, *(row.pk for row in _beneath(plan, target) + _beneath(plan, other))]
        other.relistings.filter(Q(parent__in=own) | Q(parent__relisted_children__item=target)).delete()
        other.relistings.update(item=target)
        there = Q(item__parent=target) | Q(item__relistings__parent=target) | Q(item=target)
        plan.relistings.filter(there, parent=other).delete()
        plan.relistings.filter(parent=target, item__parent=other).delete()
        plan.relistings.filter(parent=other).update(parent=target)
        plan.items.filter(parent=other).update(parent=target)
        other.indicators.update(item=target)
    _trace(others, [target], ItemTrace.Kind.MERGE, by)
    reason = _("統合：%(title)s") % {"title": target.title}
    for other in others:
        retire_item(other, on=on, reason=reason[:REASON_LENGTH])


def _trace(sources: Iterable[PlanItem], results: Sequence[PlanItem], kind: ItemTrace.Kind, by: User) -> None:
    ItemTrace.objects.bulk_create(
        ItemTrace(from_item=source, to_item=result, kind=kind, by=by) for source in sources for result in results
    )


@transaction.atomic
def relist(item: PlanItem, parent: PlanItem, *, title: str, marked: bool) -> Relisting:
    """Show an item in a second place (再掲), last under another item. It stays one record, counted once.

    Raises EditRefused where it stands there already, and below the innermost level.
    """
    plan = opened(item.plan)
    _refuse_retired(item)
    _refuse_retired(parent)
    _level_under(plan, parent)
    if parent.pk == item.parent_id or item.relistings.filter(parent=parent).exists():
        raise EditRefused(_("この項目は、すでにそこにあります。"))
    if parent in [item, *_beneath(plan, item)]:
        raise EditRefused(_("項目を、その項目自身の下へは再掲できません。"))
    place = Relisting(
        plan=plan, item=item, parent=parent, key=_new_key(plan, parent), title=title, marked=marked, position=0
    )
    siblings = _siblings(plan, parent)
    place.save()
    _arrange([*siblings, place])
    return place


@transaction.atomic
def change_relisting(place: Relisting, *, title: str, marked: bool) -> None:
    """Word an item otherwise in its second place."""
    opened(place.plan)
    place.title, place.marked = title, marked
    place.save(update_fields=["title", "marked"])


@transaction.atomic
def remove_relisting(place: Relisting) -> None:
    """Show the item in this second place no more."""
    opened(place.plan)
    place.delete()
