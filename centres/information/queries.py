"""Reading what a centre tells everybody: each page's list in a fixed number of queries."""

from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Prefetch, Q, QuerySet

from centres.information.models import Case, Grant, News
from centres.models import Group
from centres.search import matching


def public_news(today: date) -> QuerySet[News]:
    """Return the notices of a day, the pinned ones first and then the newest."""
    still_shown = Q(shows_until=None) | Q(shows_until__gte=today)
    return News.objects.filter(still_shown, is_published=True, shows_from__lte=today)


def searched_news(today: date, q: str) -> QuerySet[News]:
    """Return the notices of a day that hold the words."""
    return matching(public_news(today), q)


# ---- grants ----


@dataclass(frozen=True)
class GrantSearch:
    """What somebody looks for among the grants. `is_over` asks for those whose last day is past, and for no others."""

    q: str = ""
    giver: str = ""
    is_over: bool = False


def grants(search: GrantSearch, today: date) -> QuerySet[Grant]:
    """Return the published grants that answer a search: those that close soonest first, past ones latest first."""
    found = matching(Grant.objects.filter(is_published=True), search.q)
    if search.giver:
        found = found.filter(giver=search.giver)
    if search.is_over:
        return found.filter(closes_on__lt=today).order_by("-closes_on", "-pk")
    return found.filter(Q(closes_on=None) | Q(closes_on__gte=today))


def closing_soon(today: date, count: int) -> QuerySet[Grant]:
    """Return the grants whose last day to apply comes next."""
    return Grant.objects.filter(is_published=True, closes_on__gte=today)[:count]


# ---- the case library ----


@dataclass(frozen=True)
class CaseSearch:
    """What somebody looks for among the cases; an empty value leaves that question open."""

    q: str = ""
    field: int | None = None
    fiscal_year: int | None = None


def public_cases() -> QuerySet[Case]:
    """Return the published cases with the groups that took part, the latest year first."""
    groups = Prefetch("groups", Group.objects.order_by("name_kana", "number"))
    return Case.objects.filter(is_published=True).prefetch_related(groups)


def searched_cases(search: CaseSearch) -> QuerySet[Case]:
    """Return the published cases that answer a search; a word may also be part of a group's name or words."""
    found = matching(public_cases(), search.q, Group.objects.filter(cases=OuterRef("pk")))
    if search.field:
        found = found.filter(field=search.field)
    if search.fiscal_year:
        found = found.filter(fiscal_year=search.fiscal_year)
    return found


def case_years() -> list[int]:
    """Return the fiscal years of the published cases, the latest first."""
    years = Case.objects.filter(is_published=True).order_by("-fiscal_year").values_list("fiscal_year", flat=True)
    return [year for year in years.distinct() if year is not None]


def cases_of_group(group: Group) -> QuerySet[Case]:
    """Return the published cases that a group took part in, or a group that was merged into it."""
    took_part = Q(in_groups__group=group) | Q(in_groups__group__merged_into=group)
    return Case.objects.filter(took_part, is_published=True).distinct()
