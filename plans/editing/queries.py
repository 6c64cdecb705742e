"""Reading a plan for those who change it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from civic.accounts.models import User
from civic.audit.models import Change
from plans.models import ItemTrace, Plan, PlanItem, PlanRevision
from plans.queries import read_tree
from plans.tree import Node, Relisted, Tree


@dataclass(frozen=True)
class Line:
    """A place in the editor: an item or a second place of one, and whether it can go up and down."""

    place: Node | Relisted
    depth: int
    is_first: bool
    is_last: bool
    may_have_below: bool


def lines(tree: Tree) -> list[Line]:
    """Return every place of a plan in the order of print."""
    found: list[Line] = []

    def add(places: list[Node | Relisted], depth: int) -> None:
        for index, place in enumerate(places):
            is_item = isinstance(place, Node)
            found.append(Line(place, depth, index == 0, index == len(places) - 1, is_item and depth < len(tree.levels)))
            if isinstance(place, Node):
                add(place.children, depth + 1)

    add([*tree.nodes], 1)
    return found


def outline(plan: Plan) -> list[Line]:
    """Return every place of a plan in the order of print, in a fixed number of queries."""
    return lines(read_tree(plan))


def retired_items(plan: Plan) -> QuerySet[PlanItem]:
    """Return what was taken out of a plan, latest first, without what went along with the item above it."""
    return (
        plan.items.exclude(retired_on=None)
        .exclude(parent__retired_on__isnull=False)
        .select_related("level")
        .order_by("-retired_on", "-pk")
    )


def traces_of(item: PlanItem) -> QuerySet[ItemTrace]:
    """Return where an item came from and where it went."""
    return ItemTrace.objects.filter(Q(from_item=item) | Q(to_item=item)).select_related(
        "from_item__plan", "to_item__plan", "by"
    )


def revisions(plan: Plan) -> QuerySet[PlanRevision]:
    """Return a plan's revisions, first to last, without what they hold."""
    return plan.revisions.defer("document").select_related("started_by")


@dataclass(frozen=True)
class LastChange:
    """Who changed an item last, and when; `by` is empty for the portal itself."""

    by: str
    at: datetime


def last_change(item: PlanItem) -> LastChange | None:
    """Return the last change of an item, from the audit trail."""
    change = Change.objects.filter(table_name=PlanItem._meta.db_table, row_id=item.pk).first()
    if change is None:
        return None
    user = User.objects.filter(pk__in=[change.actor_id]).first()
    return LastChange(str(user) if user else "", change.at)
