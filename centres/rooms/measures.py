"""What KPIs may count of the rooms' use."""

from decimal import Decimal

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Count, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.periods import during
from centres.rooms.models import BookedBand, Use
from centres.rooms.statistics import bands_open, bands_used
from civic.calendar import fiscal_year_days
from civic.measures.registry import Counted, Measure, MeasuredRow, Rows, register
from civic.tenancy.urls import tenant_reverse

# Fine enough that rounding does not show in a year's rate.
SHARE = Decimal("1e-10")


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


def _used_bands(fiscal_year: int) -> QuerySet[BookedBand]:
    return bands_used(*fiscal_year_days(fiscal_year)).select_related("room", "band", "booking").order_by("day", "pk")


def _share(fiscal_year: int) -> Decimal:
    """What one band used adds to the year's rate, in per cent. So the bands used add up to the rate."""
    opened = sum(bands_open(*fiscal_year_days(fiscal_year)).values())
    return (Decimal(100) / opened).quantize(SHARE) if opened else Decimal(0)


def _use_rate(fiscal_year: int) -> Counted:
    found = _used_bands(fiscal_year).aggregate(used=Count("*"), has_samples=BoolOr("booking__is_sample", default=False))
    return Counted(found["used"] * _share(fiscal_year), found["has_samples"])


def _used_bands_of(fiscal_year: int) -> Rows:
    share = _share(fiscal_year)

    def row(used: BookedBand) -> MeasuredRow:
        url = tenant_reverse("rooms:booking_detail", pk=used.booking_id)
        return MeasuredRow(used.pk, f"{used.room} {used.band}", used.day, url, used.booking.is_sample, share)

    return Rows(_used_bands(fiscal_year), row)


register(Measure("centres.room_use_rate", _("部屋の利用率（使われた区分の割合）"), _("％"), _use_rate, _used_bands_of))
