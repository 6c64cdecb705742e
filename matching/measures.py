"""What KPIs and reports may count of the guild's records."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from civic.calendar import fiscal_year_days
from civic.measures.registry import MeasuredRow, number_of, register
from civic.tenancy.urls import tenant_reverse
from matching.models import PUBLIC_STATUSES, HelpRequest


def _requests(fiscal_year: int) -> QuerySet[HelpRequest]:
    """What was asked of the guild in the year, in the open."""
    posted = HelpRequest.objects.filter(posted_on__range=fiscal_year_days(fiscal_year), status__in=PUBLIC_STATUSES)
    return posted.order_by("posted_on", "pk")


def _request_row(asked: HelpRequest) -> MeasuredRow:
    return MeasuredRow(
        asked.pk,
        asked.title,
        asked.posted_on,
        tenant_reverse("matching:request_detail", number=asked.pk),
        asked.is_sample,
    )


register(
    number_of(
        _requests,
        _request_row,
        name="matching.help_requests",
        title=_("ボランティアの募集"),
        unit=_("件"),
    )
)
