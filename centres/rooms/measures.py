"""What KPIs may count of the rooms' use."""

from decimal import Decimal

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.periods import during
from centres.rooms.models import Use
from civic.calendar import fiscal_year_days
from civic.measures.registry import Counted, Measure, MeasuredRow, Rows, register
from civic.tenancy.urls import tenant_reverse


def _uses(fiscal_year: int) -> QuerySet[Use]:
    return Use.objects.filter(during("used_at", *fiscal_year_days(fiscal_year))).select_related("room")


def _users(fiscal_year: int) -> Counted:
    found = _uses(fiscal_year).aggregate(
        people=Sum("people", default=0), has_samples=BoolOr("is_sample", default=False)
    )
    return Counted(Decimal(found["people"]), found["has_samples"])


def _use_row(use: Use) -> MeasuredRow:
    return MeasuredRow(
        use.pk,
        use.room.name,
        timezone.localdate(use.used_at),
        tenant_reverse("rooms:use_correct", pk=use.pk),
        use.is_sample,
        Decimal(use.people),
    )


register(
    Measure(
        "centres.users",
        _("センターの利用者"),
        _("人"),
        _users,
        lambda fiscal_year: Rows(_uses(fiscal_year), _use_row),
    )
)
