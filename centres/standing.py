"""How a group's standing changes: the only way in which it does."""

from collections.abc import Collection
from datetime import date
from typing import cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from centres.models import Entitlement, Group, GroupStanding, StandingChange
from centres.models.standing import ENTITLEMENTS, TRANSITIONS
from civic.accounts.models import User


@transaction.atomic
def change_standing(
    group: Group, to: GroupStanding, *, by: User | None, reason: str = "", on: date | None = None
) -> StandingChange:
    """Give a group another standing from a day on (today where none is named), and keep the trace of it.

    What leaves the directory with it comes back with the next standing that is listed. `by` is None where the portal
    itself does it, as at the end of a year. Raises ValidationError where the standing may not follow the group's own.
    """
    group.standing, group.is_published = (
        Group.objects.select_for_update().values_list("standing", "is_published").get(pk=group.pk)
    )
    before = GroupStanding(group.standing)
    if to not in TRANSITIONS[before]:
        words = {"name": group.name, "before": before.label, "to": to.label}
        raise ValidationError(_("「%(name)s」はいま「%(before)s」なので、「%(to)s」にはできません。") % words)
    was_published = group.is_published if _is_listed(before) else _published_before(group)
    change = StandingChange.objects.create(
        group=group, standing=to, was_published=was_published, on=on or timezone.localdate(), by=by, reason=reason
    )
    group.standing, group.is_published = to, was_published and _is_listed(to)
    group.save(update_fields=["standing", "is_published", "merged_into"])
    return change


@transaction.atomic
def register_since_joining(groups: Collection[Group], *, by: User | None) -> None:
    """Let groups that never were registered be so, each since the day on which it joined (`registered_on` of all).

    In two statements for any number of groups, for a centre that brings its register along.
    """
    StandingChange.objects.bulk_create(
        StandingChange(
            group=group,
            standing=GroupStanding.REGISTERED,
            was_published=group.is_published,
            on=cast(date, group.registered_on),
            by=by,
        )
        for group in groups
    )
    never = Group.objects.filter(pk__in=[group.pk for group in groups], standing=GroupStanding.LISTED)
    never.update(standing=GroupStanding.REGISTERED)


def _is_listed(standing: GroupStanding) -> bool:
    return Entitlement.LISTING in ENTITLEMENTS[standing]


def _published_before(group: Group) -> bool:
    """Whether the group was in the directory before it came to the unlisted standing that it has."""
    last = StandingChange.objects.filter(group=group).order_by("pk").last()
    return last is not None and last.was_published
