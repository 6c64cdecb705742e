"""Keeping the directory: each function is one thing that happens, in one transaction."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Max

from centres.models import District, Group, GroupDistrict, GroupField
from civic.tenancy.context import current_municipality
from civic.tenancy.models import Municipality


def next_number() -> int:
    """Return the number of the next new group. Called in the transaction that makes it.

    Two that are made at once would reckon with the same last number: the later waits for the earlier.
    """
    Municipality.objects.select_for_update(no_key=True).get(pk=current_municipality().pk)
    return (Group.objects.aggregate(last=Max("number"))["last"] or 0) + 1


@transaction.atomic
def keep_group(group: Group, *, fields: Collection[int], active_districts: Collection[District]) -> Group:
    """Write what a member of staff entered of a group; one without a number is new and gets the next."""
    if group.number is None:
        group.number = next_number()
    group.save()
    group.fields.exclude(field__in=fields).delete()
    GroupField.objects.bulk_create([GroupField(group=group, field=field) for field in fields], ignore_conflicts=True)
    group.in_districts.exclude(district__in=active_districts).delete()
    GroupDistrict.objects.bulk_create(
        [GroupDistrict(group=group, district=district) for district in active_districts], ignore_conflicts=True
    )
    return group
