"""Reading the records of a centre: each page's list in a fixed number of queries."""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, Min, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from centres.models import (
    Centre,
    Consultation,
    ConsultationCategory,
    ConsultationContact,
    ConsultationDraft,
    ConsultationEntry,
    District,
    Group,
    GroupDistrict,
    GroupField,
    GroupStanding,
    Guidebook,
    PublishedFigure,
    Referral,
    RetentionRule,
    Seeking,
    StandingChange,
)
from centres.search import matching, resembling
from civic.accounts.models import User
from civic.calendar import fiscal_year_of, months_before

ACTIVE = (GroupStanding.REGISTERED, GroupStanding.IN_GRACE)
"""In which standings a group counts as active."""
SIMILAR = 5
"""How many earlier consultations are offered while one is typed."""
DRAFT_DAYS = 30
"""For how long what somebody left half written is kept."""


def centre_of_municipality() -> Centre | None:
    """Return the municipality's centre with its functions, or None where it has none."""
    return Centre.objects.prefetch_related("functions").order_by("pk").first()


def has_samples() -> bool:
    """Return whether records made up for the demonstration are among the municipality's."""
    return Group.objects.filter(is_sample=True).exists()


# ---- the directory ----


@dataclass(frozen=True)
class DirectorySearch:
    """What somebody looks for in the directory; an empty value leaves that question open."""

    q: str = ""
    field: int | None = None
    district: int | None = None
    kind: str = ""
    seeking: str = ""

    @property
    def is_narrowed(self) -> bool:
        return self != DirectorySearch()


class _Entry(NamedTuple):
    """As much of a group as searching and counting need."""

    pk: int
    kind: str
    district: int | None
    fields: list[int]
    active_districts: list[int]
    seeks_members: bool
    seeks_volunteers: bool
    seeks_partners: bool

    @property
    def districts(self) -> set[int | None]:
        """Where the group is at home, and where it works."""
        return {self.district, *self.active_districts}

    @property
    def seeking(self) -> list[str]:
        return [seeking for seeking in Seeking if getattr(self, f"seeks_{seeking}")]

    def answers(self, search: DirectorySearch) -> bool:
        return (
            (not search.kind or self.kind == search.kind)
            and (search.district is None or search.district in self.districts)
            and (search.field is None or search.field in self.fields)
            and (not search.seeking or search.seeking in self.seeking)
        )


class Directory:
    """The published groups that answer a search, and how many each filter would leave.

    Reads every group that holds the words once, in one light query, and counts in memory: a municipality has some
    hundreds of groups.
    """

    def __init__(self, search: DirectorySearch) -> None:
        fields = GroupField.objects.filter(group=OuterRef("pk")).order_by("field").values("field")
        districts = GroupDistrict.objects.filter(group=OuterRef("pk")).values("district")
        rows = (
            matching(Group.objects.filter(is_published=True), search.q)
            .order_by("name_kana", "number")
            .values_list(
                "pk",
                "kind",
                "district_id",
                ArraySubquery(fields),
                ArraySubquery(districts),
                *(f"seeks_{seeking}" for seeking in Seeking),
            )
        )
        self.search = search
        self._entries = [_Entry(*row) for row in rows]
        self._found = [entry for entry in self._entries if entry.answers(search)]

    def __len__(self) -> int:
        return len(self._found)

    def count_by_kind(self) -> Counter[str]:
        """Return how many groups each kind would leave, the other filters kept."""
        others = replace(self.search, kind="")
        return Counter(entry.kind for entry in self._entries if entry.answers(others))

    def count_by_district(self) -> Counter[int | None]:
        """Return how many groups each district would leave, the other filters kept; a group counts in each of its."""
        others = replace(self.search, district=None)
        return Counter(district for entry in self._entries if entry.answers(others) for district in entry.districts)

    def count_by_field(self) -> Counter[int]:
        """Return how many groups each field would leave, the other filters kept; a group counts in each of its own."""
        others = replace(self.search, field=None)
        return Counter(field for entry in self._entries if entry.answers(others) for field in entry.fields)

    def count_by_seeking(self) -> Counter[str]:
        """Return how many groups look for whom, the other filters kept; a group counts for each whom it looks for."""
        others = replace(self.search, seeking="")
        return Counter(seeking for entry in self._entries if entry.answers(others) for seeking in entry.seeking)

    def whole(self) -> QuerySet[Group]:
        """Return all groups found with all that is public of them, by number."""
        return public_groups().filter(pk__in=[entry.pk for entry in self._found])

    def __getitem__(self, part: slice) -> list[Group]:
        """Return a part of the groups found, in order, with district and fields."""
        found = self._found[part]
        groups = _listed(Group.objects.all()).in_bulk([entry.pk for entry in found])
        # Between the two queries a group may have gone.
        return [groups[entry.pk] for entry in found if entry.pk in groups]


def _listed(groups: QuerySet[Group]) -> QuerySet[Group]:
    """The groups with what a list shows of them, and no more."""
    seeking = (f"seeks_{seeking}" for seeking in Seeking)
    shown = ("number", "name", "kind", "purpose", "tags", *seeking, "is_sample", "district__name")
    return groups.select_related("district").only(*shown).prefetch_related("fields")


def published_group(number: int) -> Group:
    """Return a group of the directory with all that its page shows.

    Raises Group.DoesNotExist where there is none of this number, or it is not published.
    """
    groups = Group.objects.select_related("district", "council").prefetch_related("fields", "active_districts")
    return groups.get(number=number, is_published=True)


def group_it_became(number: int) -> Group | None:
    """Return the published group into which that of a number was merged, or None."""
    return Group.objects.filter(merged__number=number, is_published=True).first()


@dataclass(frozen=True)
class Contact:
    """A way to reach a group: what it is, its words, and an address that a browser or telephone opens."""

    label: str
    words: str
    url: str = ""


def public_contacts(group: Group) -> list[Contact]:
    """Return the ways to reach a group that it lets everybody know."""
    ways = [
        (Contact(_("ウェブサイト"), group.website, group.website), True),
        (Contact(_("担当者"), group.contact_name), group.contact_name_is_public),
        (Contact(_("住所"), group.address), group.address_is_public),
        (Contact(_("電話"), group.phone, f"tel:{group.phone}"), group.phone_is_public),
        (Contact(_("ファクス"), group.fax), group.fax_is_public),
        (Contact(_("メール"), group.email, f"mailto:{group.email}"), group.email_is_public),
    ]
    return [contact for contact, is_public in ways if is_public and contact.words]


@dataclass(frozen=True)
class DistrictEntry:
    """A district with the published groups that are at home in it or work in it; None: those of no district."""

    district: District | None
    groups: list[Group]


def groups_by_district() -> list[DistrictEntry]:
    """Return the published groups district by district; a group stands in each of its own."""
    groups = Group.objects.filter(is_published=True).order_by("name_kana", "number")
    shown = ("number", "name", "kind", "is_sample", "district_id")
    placed: defaultdict[int | None, list[Group]] = defaultdict(list)
    for group in groups.only(*shown).prefetch_related("in_districts"):
        places = {group.district_id, *(row.district_id for row in group.in_districts.all())}
        for place in places - {None} or {None}:
            placed[place].append(group)
    districts: list[District | None] = [*District.objects.all(), None]
    return [DistrictEntry(district, placed[district.pk if district else None]) for district in districts]


# What it tells of two groups that they share a field of activity, a tag, a district.
_LIKENESS = (3, 2, 1)


def similar_groups(group: Group, count: int = 5) -> list[Group]:
    """Return the published groups nearest in kind to one: those with a field or tag of its own, nearby ones first."""
    fields = GroupField.objects.filter(group=OuterRef("pk")).values("field")
    districts = GroupDistrict.objects.filter(group=OuterRef("pk")).values("district")
    rows = (
        Group.objects.filter(is_published=True)
        .order_by("name_kana", "number")
        .values_list("pk", ArraySubquery(fields), "tags", ArraySubquery(districts), "district_id")
    )
    traits = {pk: (set(own), set(tags), {*places, home} - {None}) for pk, own, tags, places, home in rows}
    ours = traits.pop(group.pk)
    shared = {pk: [len(mine & theirs) for mine, theirs in zip(ours, its, strict=True)] for pk, its in traits.items()}
    nearness = {
        pk: sum(weight * number for weight, number in zip(_LIKENESS, numbers, strict=True))
        for pk, numbers in shared.items()
        if numbers[0] or numbers[1]
    }
    nearest = sorted(nearness, key=lambda pk: -nearness[pk])[:count]
    found = _listed(Group.objects.all()).in_bulk(nearest)
    return [found[pk] for pk in nearest if pk in found]


def active_groups(on: date) -> QuerySet[Group]:
    """Return the groups that were registered on a day, or waited for renewal.

    Of a group that has never registered nothing but the directory tells: it counts from the day on which it joined, or
    always where that day is not known.
    """
    history = StandingChange.objects.filter(group=OuterRef("pk"))
    by_then = history.filter(on__lte=on).order_by("-on", "-pk").values("standing")[:1]
    groups = Group.objects.annotate(standing_then=Subquery(by_then))
    joined = Q(registered_on=None) | Q(registered_on__lte=on)
    was_active = Q(standing_then__in=ACTIVE) | (Q(is_published=True) & joined & ~Exists(history))
    return groups.filter(was_active).order_by("name_kana", "number")


def public_groups() -> QuerySet[Group]:
    """Return every group of the directory with all that is public of it, by number."""
    groups = Group.objects.filter(is_published=True).select_related("district")
    return groups.prefetch_related("fields", "active_districts").order_by("number")


def newest_groups(count: int) -> QuerySet[Group]:
    """Return the groups that joined the directory last."""
    dated = Group.objects.filter(is_published=True, registered_on__isnull=False)
    return _listed(dated).order_by("-registered_on", "-number")[:count]


def latest_guide() -> Guidebook | None:
    """Return the printed guide without its content, or None where none was made."""
    return Guidebook.objects.defer("content").select_related("made_by").first()


def published_figures() -> QuerySet[PublishedFigure]:
    """Return what the city has published in numbers, table by table, as they follow each other in its documents."""
    return PublishedFigure.objects.order_by("pk")


# ---- consultations ----


@dataclass(frozen=True)
class ConsultationSearch:
    """What somebody looks for among the consultations; an empty value leaves that question open."""

    q: str = ""
    category: ConsultationCategory | None = None
    method: str = ""
    asker_kind: str = ""
    since: date | None = None
    until: date | None = None


def consultations(search: ConsultationSearch) -> QuerySet[Consultation]:
    """Return the consultations that answer a search, newest first, with all that a list shows of them."""
    of_the_case = {"consultation": OuterRef("pk")}
    found = matching(
        Consultation.objects.all(),
        search.q,
        ConsultationEntry.objects.filter(**of_the_case),
        Referral.objects.filter(**of_the_case),
        Group.objects.filter(Q(pk=OuterRef("group")) | Q(referrals__consultation=OuterRef("pk"))),
    )
    if search.category:
        found = found.filter(in_categories__category=search.category)
    if search.method:
        found = found.filter(method=search.method)
    if search.asker_kind:
        found = found.filter(asker_kind=search.asker_kind)
    if search.since:
        found = found.filter(received_at__date__gte=search.since)
    if search.until:
        found = found.filter(received_at__date__lte=search.until)
    return found.select_related("group").prefetch_related("categories")


def case(pk: int) -> Consultation:
    """Return a consultation with all that its own page shows. Raises Consultation.DoesNotExist."""
    entries = ConsultationEntry.objects.select_related("staff")
    referrals = Referral.objects.select_related("group", "staff")
    return (
        Consultation.objects.select_related("staff", "group")
        .prefetch_related("categories", Prefetch("entries", entries), Prefetch("referrals", referrals))
        .get(pk=pk)
    )


def referrals_to(group: Group) -> QuerySet[Referral]:
    """Return the referrals to a group, the latest first, each with its consultation and who made it."""
    return group.referrals.select_related("consultation", "staff").order_by("-referred_on", "-pk")


def fiscal_years() -> range:
    """Return the fiscal years from this one back to that of the earliest consultation."""
    this_year = fiscal_year_of(timezone.localdate())
    earliest = Consultation.objects.aggregate(at=Min("received_at"))["at"]
    first = fiscal_year_of(timezone.localdate(earliest)) if earliest else this_year
    return range(this_year, first - 1, -1)


def similar_consultations(words: str) -> QuerySet[Consultation]:
    """Return the earlier consultations that have most in common with what is being typed."""
    return resembling(Consultation.objects.prefetch_related("categories"), words)[:SIMILAR]


def last_logged(staff: User, day: date) -> Consultation | None:
    """Return what somebody logged last on a day: the next entry often resembles it."""
    return Consultation.objects.filter(staff=staff, received_at__date=day).first()


def follow_ups_due(day: date) -> QuerySet[Consultation]:
    """Return the consultations whose asker is to be contacted on a day or was to be before it, longest due first."""
    return Consultation.objects.filter(follow_up_on__lte=day).order_by("follow_up_on", "pk")


def retention_rule() -> RetentionRule:
    """Return for how long the municipality keeps contacts: its own rule, or the usual one where it has set none."""
    return RetentionRule.objects.first() or RetentionRule()


def contacts_to_purge(today: date) -> QuerySet[ConsultationContact]:
    """Return the contacts that are past the municipality's period, which runs from the last talk about the case.

    The same day so many months ago is the last kept.
    """
    last_kept = months_before(today, retention_rule().months)
    return ConsultationContact.objects.filter(consultation__received_at__date__lt=last_kept).exclude(
        consultation__entries__made_at__date__gte=last_kept
    )


def drafts_to_purge(today: date) -> QuerySet[ConsultationDraft]:
    """Return the drafts that nobody has gone on with for DRAFT_DAYS."""
    return ConsultationDraft.objects.filter(saved_at__date__lt=today - timedelta(days=DRAFT_DAYS))
