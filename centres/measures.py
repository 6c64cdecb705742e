"""What KPIs may count of a centre's records."""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum, Window
from django.db.models.functions import Coalesce, RowNumber
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.models import Consultation, District, Group, GroupKind
from centres.periods import during
from centres.queries import active_groups
from civic.calendar import fiscal_year_days
from civic.measures.registry import Counted, Measure, MeasuredRow, Rows, number_of, register
from civic.tenancy.context import current_municipality
from civic.tenancy.urls import tenant_reverse


def _active_groups(fiscal_year: int) -> QuerySet[Group]:
    """The groups that were active on the last day of the year, or are, while it runs."""
    _first, last = fiscal_year_days(fiscal_year)
    return active_groups(last)


def _group_row(group: Group) -> MeasuredRow:
    return MeasuredRow(
        group.number,
        group.name,
        group.registered_on,
        tenant_reverse("centres:group_detail", number=group.number) if group.is_published else "",
        group.is_sample,
    )


def _districts(fiscal_year: int) -> QuerySet[Any]:
    """The districts, and whether a council of residents (まちづくり協議会) was active there on the year's last day."""
    councils = _active_groups(fiscal_year).filter(kind=GroupKind.COUNCIL, district=OuterRef("pk"))
    return District.objects.annotate(is_covered=Exists(councils), is_sample=Exists(councils.filter(is_sample=True)))


def _council_coverage(fiscal_year: int) -> Counted:
    """The share of the districts that have a council, in per cent; 0 where no district is known."""
    found = _districts(fiscal_year).aggregate(
        all=Count("*"),
        covered=Count("pk", filter=Q(is_covered=True)),
        has_samples=BoolOr("is_sample", default=False),
    )
    return Counted(_per_cent(found["covered"], found["all"]), found["has_samples"])


def _covered_districts(fiscal_year: int) -> Rows:
    total = District.objects.count()
    covered = _districts(fiscal_year).filter(is_covered=True)

    def row_of(district: Any) -> MeasuredRow:
        # Each adds what the share grows by with it, so that the rounded parts add up to the rounded whole.
        value = _per_cent(district.place, total) - _per_cent(district.place - 1, total)
        url = f"{tenant_reverse('centres:group_list')}?district={district.pk}&kind={GroupKind.COUNCIL}"
        return MeasuredRow(district.pk, district.name, None, url, district.is_sample, value)

    in_order = covered.annotate(place=Window(RowNumber(), order_by=["position", "pk"])).order_by("position", "pk")
    return Rows(in_order, row_of)


def _councils(fiscal_year: int) -> QuerySet[Group]:
    return _active_groups(fiscal_year).filter(kind=GroupKind.COUNCIL)


def _council_population(fiscal_year: int) -> Counted:
    """The share of the municipality's people who live in the area of a council, in per cent.

    No figure where the municipality's population is not known, or that of one of the councils' areas.
    """
    found = _councils(fiscal_year).aggregate(
        people=Sum("council__population", default=0),
        unknown=Count("pk", filter=Q(council=None)),
        has_samples=BoolOr("is_sample", default=False),
    )
    everybody = current_municipality().population
    is_known = everybody and not found["unknown"]
    return Counted(_per_cent(found["people"], everybody or 1), found["has_samples"], None if is_known else 0)


def _councils_with_people(fiscal_year: int) -> Rows:
    everybody = current_municipality().population or 1
    up_to = Window(Sum(Coalesce("council__population", 0)), order_by=["number"])

    def row_of(council: Any) -> MeasuredRow:
        before = council.up_to - (council.council.population if hasattr(council, "council") else 0)
        value = _per_cent(council.up_to, everybody) - _per_cent(before, everybody)
        return replace(_group_row(council), value=value)

    return Rows(_councils(fiscal_year).select_related("council").annotate(up_to=up_to).order_by("number"), row_of)


def _per_cent(part: int, whole: int) -> Decimal:
    return (Decimal(part) * 100 / (whole or 1)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _consultations(fiscal_year: int) -> QuerySet[Consultation]:
    """The consultations of the year, each counted once."""
    return Consultation.objects.filter(during("received_at", *fiscal_year_days(fiscal_year)))


def _consultation_row(consultation: Consultation) -> MeasuredRow:
    return MeasuredRow(
        consultation.pk,
        f"相談（{consultation.get_method_display()}）",
        timezone.localdate(consultation.received_at),
        tenant_reverse("centres:consultation_detail", pk=consultation.pk),
        consultation.is_sample,
    )


register(
    number_of(
        _active_groups,
        _group_row,
        name="centres.active_groups",
        title=_("活動している登録団体"),
        unit=_("団体"),
    )
)
register(
    Measure(
        "centres.council_coverage",
        _("まちづくり協議会のある地区の割合"),
        _("％"),
        _council_coverage,
        _covered_districts,
    )
)
register(
    Measure(
        "centres.council_population",
        _("まちづくり協議会の地域に住む人の割合"),
        _("％"),
        _council_population,
        _councils_with_people,
    )
)
register(
    number_of(
        _consultations,
        _consultation_row,
        name="centres.consultations",
        title=_("センターで受けた相談"),
        unit=_("件"),
    )
)
