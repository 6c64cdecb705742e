"""What KPIs may count of a centre's records."""

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.models import Consultation, Group, GroupStanding, StandingChange
from centres.periods import during
from civic.calendar import fiscal_year_days
from civic.measures.registry import MeasuredRow, number_of, register
from civic.tenancy.urls import tenant_reverse

ACTIVE = (GroupStanding.REGISTERED, GroupStanding.IN_GRACE)


def _active_groups(fiscal_year: int) -> QuerySet[Group]:
    """The groups that were registered, or waited for renewal, on the last day of the year (or are, while it runs).

    Of a group that has never registered nothing but the directory tells: it counts from the day on which it joined, or
    in every year where that day is not known.
    """
    _first, last = fiscal_year_days(fiscal_year)
    history = StandingChange.objects.filter(group=OuterRef("pk"))
    by_then = history.filter(on__lte=last).order_by("-on", "-pk").values("standing")[:1]
    groups = Group.objects.annotate(standing_then=Subquery(by_then))
    joined = Q(registered_on=None) | Q(registered_on__lte=last)
    was_active = Q(standing_then__in=ACTIVE) | (Q(is_published=True) & joined & ~Exists(history))
    return groups.filter(was_active).order_by("name_kana", "number")


def _group_row(group: Group) -> MeasuredRow:
    return MeasuredRow(
        group.number,
        group.name,
        group.registered_on,
        tenant_reverse("centres:group_detail", number=group.number) if group.is_published else "",
        group.is_sample,
    )


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
    number_of(
        _consultations,
        _consultation_row,
        name="centres.consultations",
        title=_("センターで受けた相談"),
        unit=_("件"),
    )
)
