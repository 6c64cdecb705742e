"""What an item and a plan say, and the file that says it: each function is one thing, in one transaction.

All that write raise EditRefused where the plan cannot be changed now.
"""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from civic.accounts.models import User
from plans.editing.document import Content, Document, digest, read, read_content
from plans.editing.lifecycle import EditRefused, opened
from plans.editing.storing import Change, Named, store, store_contents, store_names, store_schedule_years
from plans.models import Actor, Audience, Pillar, Plan, PlanImport, PlanItem

LISTS: dict[str, type[Any]] = {
    "pillars": Pillar,
    "audiences": Audience,
    "actors": Actor,
}


class EditedMeanwhile(Exception):
    """Somebody else saved the same thing since it was opened. `saved` is what stands there now."""

    def __init__(self, saved: Any, version: int = 0) -> None:
        super().__init__()
        self.saved = saved
        self.version = version


@transaction.atomic
def save_item(item: PlanItem, content: Content, *, version: int) -> None:
    """Make an item say what somebody wrote on the ground of its `version`.

    Raises EditedMeanwhile, and changes nothing, where that is not its version any more.
    """
    plan = opened(item.plan)
    item.refresh_from_db()
    before = read_content(item)
    if item.version != version:
        raise EditedMeanwhile(before, item.version)
    store_contents(plan, [Change(item, before, content)])


@transaction.atomic
def save_parts(plan: Plan, parts: Document, *, base: Document) -> None:
    """Make parts of a plan (its own texts, terms, levels, lists, …) what somebody made of `base`.

    Raises EditedMeanwhile, and changes nothing, where the plan says something else than `base` there by now.
    """
    plan = opened(plan)
    document = read(plan)
    saved = {name: document[name] for name in parts}
    if saved != base:
        raise EditedMeanwhile(saved)
    _refuse_to_drop_levels_in_use(plan, parts)
    store(plan, document | parts)


def _refuse_to_drop_levels_in_use(plan: Plan, parts: Document) -> None:
    levels = parts.get("levels")
    if levels is not None and plan.items.filter(level__depth__gt=len(levels)).exists():
        raise EditRefused(_("項目のある階層は、なくせません。"))


@transaction.atomic
def save_lists(
    plan: Plan, entries: dict[str, list[tuple[str, str]]], schedule_years: list[int], *, base: Document
) -> None:
    """Name the entries of the plan's lists anew: each is given as what it was called, "" where it is new, and its name.

    What leads to an entry stays with it when it is renamed, and goes where it is left out. Raises EditedMeanwhile as
    `save_parts` does.
    """
    plan = opened(plan)
    document = read(plan)
    saved = {name: document[name] for name in base}
    if saved != base:
        raise EditedMeanwhile(saved)
    for name, model in LISTS.items():
        _rename(plan, model, entries[name])
    store_schedule_years(plan, schedule_years)


def _rename(plan: Plan, model: type[Named], entries: list[tuple[str, str]]) -> None:
    new_name = {was: called for was, called in entries if was}
    model.objects.filter(plan=plan).exclude(name__in=new_name).delete()
    rows: list[Named] = list(model.objects.filter(plan=plan))
    finally_called = [new_name[row.name] for row in rows]
    # By way of names that nothing has, so that two may exchange theirs.
    for called in ([f"/{row.pk}" for row in rows], finally_called):
        for row, its_name in zip(rows, called, strict=True):
            row.name = its_name
        model.objects.bulk_update(rows, ["name"])
    store_names(plan, model, [called for _was, called in entries])


@transaction.atomic
def propose(plan: Plan, document: Document, filename: str, *, by: User) -> PlanImport:
    """Keep what a file says until somebody confirms it. Nothing of the plan changes."""
    PlanImport.objects.filter(plan=plan, read_by=by).delete()
    return PlanImport.objects.create(
        plan=plan, filename=filename, document=document, based_on=digest(read(plan)), read_by=by
    )


@transaction.atomic
def confirm(proposed: PlanImport) -> None:
    """Make the plan what the file says, all of it or nothing.

    Raises EditedMeanwhile where the plan was changed since its differences were shown; they are to be shown again.
    """
    plan = opened(proposed.plan)
    saved = read(plan)
    if digest(saved) != proposed.based_on:
        raise EditedMeanwhile(saved)
    store(plan, proposed.document)
    proposed.delete()


@transaction.atomic
def compare_again(proposed: PlanImport) -> None:
    """Hold a file against the plan as it stands now."""
    proposed.based_on = digest(read(proposed.plan))
    proposed.save(update_fields=["based_on"])


@transaction.atomic
def discard(proposed: PlanImport) -> None:
    """Forget a file that was read."""
    proposed.delete()
