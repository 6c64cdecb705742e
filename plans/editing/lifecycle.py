"""A plan from draft to its end: adoption, revisions, and the copy that the next plan begins with.

Whoever changes a plan first locks its row (`opened`), so that two who change it at once do so one after the other. A
refusal's message is for the person who asked.
"""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.accounts.models import User
from plans.editing.document import NO_ORIGIN, Document, read
from plans.editing.storing import store
from plans.models import ItemTrace, Plan, PlanRevision

Status = Plan.Status

TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.IN_FORCE}),
    Status.IN_FORCE: frozenset({Status.SUPERSEDED}),
    Status.SUPERSEDED: frozenset(),
}


class EditRefused(Exception):
    """A plan cannot be changed in this way, or not now."""


@transaction.atomic
def move_plan(plan: Plan, to: Status, *, decided_on: date, by: User) -> None:
    """Give a plan its next status. Adoption keeps the plan as it was adopted, as revision 0.

    Raises EditRefused where that status may not follow, for an empty plan, and while a revision is open.
    """
    plan = locked(plan)
    if to not in TRANSITIONS[Status(plan.status)]:
        raise EditRefused(
            _("「%(status)s」の計画は、そのように変えられません。") % {"status": plan.get_status_display()}
        )
    if open_revision(plan):
        raise EditRefused(_("改定を終えてからにしてください。"))
    if to is Status.IN_FORCE:
        if not plan.items.filter(retired_on=None).exists():
            raise EditRefused(_("項目が一つもない計画は、実施できません。"))
        _keep(plan, decided_on, _("策定"), by)
    plan.status = to
    plan.save(update_fields=["status"])


@transaction.atomic
def start_revision(plan: Plan, *, decided_on: date, reason: str, by: User) -> PlanRevision:
    """Open an adopted plan for changes. A plan that was adopted outside the portal is first kept as it stands.

    Raises EditRefused where the plan is not in force, or a revision is open already.
    """
    plan = locked(plan)
    if plan.status != Status.IN_FORCE:
        raise EditRefused(_("改定できるのは、実施中の計画だけです。"))
    if open_revision(plan):
        raise EditRefused(_("この計画は、すでに改定の途中です。"))
    if not plan.revisions.exists():
        _keep(plan, decided_on, _("改定の前の計画"), by)
    return PlanRevision.objects.create(
        plan=plan, number=_next_number(plan), decided_on=decided_on, reason=reason, started_by=by
    )


@transaction.atomic
def finish_revision(plan: Plan) -> None:
    """Close the open revision and keep the plan as it now stands. Raises EditRefused where none is open."""
    plan = locked(plan)
    revision = open_revision(plan)
    if revision is None:
        raise EditRefused(_("改定の途中ではありません。"))
    revision.document, revision.finished_at = read(plan), timezone.now()
    revision.save(update_fields=["document", "finished_at"])


def open_revision(plan: Plan) -> PlanRevision | None:
    """Return the revision within which an adopted plan is being changed."""
    return plan.revisions.filter(finished_at=None).first()


def may_be_edited(plan: Plan) -> bool:
    """Return whether the plan can be changed now: while a draft freely, once adopted within a revision."""
    return plan.status == Status.DRAFT or (plan.status == Status.IN_FORCE and open_revision(plan) is not None)


def _keep(plan: Plan, decided_on: date, reason: str, by: User) -> None:
    PlanRevision.objects.create(
        plan=plan,
        number=_next_number(plan),
        decided_on=decided_on,
        reason=reason,
        document=read(plan),
        started_by=by,
        finished_at=timezone.now(),
    )


def _next_number(plan: Plan) -> int:
    last = plan.revisions.aggregate(last=Max("number"))["last"]
    return 0 if last is None else last + 1


def locked(plan: Plan) -> Plan:
    return Plan.objects.select_for_update().get(pk=plan.pk)


def opened(plan: Plan) -> Plan:
    """The plan, locked, about to be changed: from now on it is the city's own and no file's.

    Raises EditRefused where it cannot be changed now.
    """
    plan = locked(plan)
    if plan.status == Status.SUPERSEDED:
        raise EditRefused(_("期間が終わった計画は、変えられません。"))
    if not may_be_edited(plan):
        raise EditRefused(_("実施中の計画は、改定をはじめてから変えてください。"))
    if plan.file_sha256:
        plan.file_sha256 = ""
        plan.save(update_fields=["file_sha256"])
    return plan


@transaction.atomic
def copy_plan(source: Plan, *, slug: str, title: str, first_fiscal_year: int, last_fiscal_year: int, by: User) -> Plan:
    """Begin a plan as a copy of an older one: what it says, without what is bound to its years.

    Every item keeps its key and is linked to the one it came from. Retired items, schedules, baselines and targets stay
    behind, and so do the sources, whose document is the older plan's.
    """
    plan = Plan.objects.create(
        slug=slug,
        title=title,
        first_fiscal_year=first_fiscal_year,
        last_fiscal_year=last_fiscal_year,
        predecessor=source,
    )
    store(plan, _as_a_beginning(read(source), plan))
    of_source = {item.key: item for item in source.items.all()}
    ItemTrace.objects.bulk_create(
        ItemTrace(from_item=of_source[item.key], to_item=item, kind=ItemTrace.Kind.COPIED, by=by)
        for item in plan.items.all()
    )
    return plan


def _as_a_beginning(document: Document, plan: Plan) -> Document:
    retired = {place["key"] for place in document["places"] if place.get("retired_on")}
    places = [
        {**place, **NO_ORIGIN}
        for place in document["places"]
        if not retired & {place["key"], place["parent"], place["relists"]}
    ]
    for place in places:
        if not place["relists"]:
            place["schedule"] = {}
            place["texts"] = _without_origin(place["texts"])
            place["roles"] = _without_origin(place["roles"])
    kept = {place["key"] for place in places} | {""}
    undated: dict[str, Any] = {"targets": [], "baseline_value": "", "baseline_fiscal_year": None, "baseline_label": ""}
    return {
        **document,
        "plan": {
            **document["plan"],
            **NO_ORIGIN,
            "title": plan.title,
            "published": "",
            "first_fiscal_year": plan.first_fiscal_year,
            "last_fiscal_year": plan.last_fiscal_year,
        },
        "schedule_years": [
            *range(plan.first_fiscal_year, plan.last_fiscal_year + 1 if document["schedule_years"] else 0)
        ],
        "texts": _without_origin(document["texts"]),
        "terms": _without_origin(document["terms"]),
        "places": places,
        "indicators": [
            {**kpi, **NO_ORIGIN, **undated, "baseline_printed": ""}
            for kpi in document["indicators"]
            if kpi["item"] in kept
        ],
    }


def _without_origin(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**record, **NO_ORIGIN} for record in records]
