"""What KPIs may count of a centre's records."""

from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.models import Consultation, Group
from civic.calendar import fiscal_year_days
from civic.measures.registry import Measure, MeasuredRow, register
from civic.tenancy.urls import tenant_reverse


def _active_groups(fiscal_year: int) -> QuerySet[Group]:
    """The groups of the directory that had joined it by the end of the year, or whose day of joining is not known."""
    _first, last = fiscal_year_days(fiscal_year)
    return Group.objects.filter(Q(registered_on=None) | Q(registered_on__lte=last), is_published=True)


def _group_rows(fiscal_year: int) -> list[MeasuredRow]:
    return [
        MeasuredRow(group.name, group.registered_on, tenant_reverse("centres:group_detail", number=group.number))
        for group in _active_groups(fiscal_year).order_by("name_kana", "number")
    ]


def _consultations(fiscal_year: int) -> QuerySet[Consultation]:
    """The consultations of the year, each counted once."""
    first, last = fiscal_year_days(fiscal_year)
    return Consultation.objects.filter(received_at__date__range=(first, last))


def _consultation_rows(fiscal_year: int) -> list[MeasuredRow]:
    return [
        MeasuredRow(
            f"相談（{consultation.get_method_display()}）",
            timezone.localdate(consultation.received_at),
            tenant_reverse("centres:consultation_detail", pk=consultation.pk),
        )
        for consultation in _consultations(fiscal_year)
    ]


register(
    Measure(
        "centres.active_groups",
        _("活動している登録団体"),
        _("団体"),
        lambda fiscal_year: Decimal(_active_groups(fiscal_year).count()),
        _group_rows,
    )
)
register(
    Measure(
        "centres.consultations",
        _("センターで受けた相談"),
        _("件"),
        lambda fiscal_year: Decimal(_consultations(fiscal_year).count()),
        _consultation_rows,
    )
)
