"""Reading the directory as those who keep it do: each page's list in a fixed number of queries."""

from dataclasses import dataclass
from typing import cast

from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from centres.models import District, Group
from centres.search import matching

CONTACTS = ("contact_name", "address", "phone", "fax", "email")
"""The ways to reach a group, each with a flag of its own that says whether it is public: `phone_is_public`."""


class Order(models.TextChoices):
    """By what the groups of a list follow each other."""

    KANA = "kana", _("団体名の順")
    NUMBER = "number", _("団体番号の順")
    CONFIRMED = "confirmed", _("最終確認日の古い順")
    REGISTERED = "registered", _("登録日の新しい順")


_ORDERS = {
    Order.KANA: ("name_kana", "number"),
    Order.NUMBER: ("number",),
    # Those that nobody ever confirmed come first.
    Order.CONFIRMED: (F("last_confirmed_on").asc(nulls_first=True), "number"),
    Order.REGISTERED: (F("registered_on").desc(nulls_last=True), "-number"),
}


@dataclass(frozen=True)
class KeptSearch:
    """What somebody looks for among all groups, published or not; an empty value leaves that question open."""

    q: str = ""
    kind: str = ""
    standing: str = ""
    district: District | None = None
    is_published: bool | None = None
    order: Order = Order.KANA


def kept_groups(search: KeptSearch) -> QuerySet[Group]:
    """Return the groups that answer a search, with all that a list shows of them."""
    found = matching(Group.objects.all(), search.q)
    if search.kind:
        found = found.filter(kind=search.kind)
    if search.standing:
        found = found.filter(standing=search.standing)
    if search.district:
        found = found.filter(Q(district=search.district) | Q(in_districts__district=search.district)).distinct()
    if search.is_published is not None:
        found = found.filter(is_published=search.is_published)
    shown = ("number", "name", "name_kana", "kind", "standing", "is_published", "is_sample", "last_confirmed_on")
    return found.order_by(*_ORDERS[search.order]).select_related("district").only(*shown, "district__name")


@dataclass(frozen=True)
class KeptContact:
    """A way to reach a group, and whether everybody may know it."""

    label: str
    words: str
    is_public: bool


def contacts_of(group: Group) -> list[KeptContact]:
    """Return all ways to reach a group."""
    ways = ((name, cast(models.Field, Group._meta.get_field(name))) for name in CONTACTS)
    return [
        KeptContact(str(field.verbose_name), getattr(group, name), getattr(group, f"{name}_is_public"))
        for name, field in ways
    ]


def kept_group(number: int) -> Group:
    """Return a group with all that is known of it. Raises Group.DoesNotExist."""
    groups = Group.objects.select_related("district", "council", "merged_into")
    return groups.prefetch_related("fields", "active_districts").get(number=number)
