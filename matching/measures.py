"""What KPIs and reports may count of the guild's records."""

from decimal import Decimal

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import DecimalField, Exists, ExpressionWrapper, F, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.periods import during
from civic.calendar import fiscal_year_days
from civic.measures.registry import Counted, Measure, MeasuredRow, Rows, mean, number_of, register
from civic.tenancy.urls import tenant_reverse
from matching.models import PUBLIC_STATUSES, HelpRequest, MatchState, MatchStep, Participation, Supporter


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


def _steps(fiscal_year: int, state: MatchState) -> QuerySet[MatchStep]:
    """The matches that came to a state in the year, by the step that says so."""
    reached = MatchStep.objects.filter(during("at", *fiscal_year_days(fiscal_year)), state=state)
    return reached.annotate(is_sample=F("match__is_sample")).select_related("match__request").order_by("at", "pk")


def _completed(fiscal_year: int) -> QuerySet[MatchStep]:
    """Those that are completed, by the last time that it was said: what was said by mistake is taken back."""
    said_again = MatchStep.objects.filter(match=OuterRef("match"), state=MatchState.COMPLETED, pk__gt=OuterRef("pk"))
    completed = _steps(fiscal_year, MatchState.COMPLETED).filter(match__state=MatchState.COMPLETED)
    return completed.filter(~Exists(said_again), match__supporter__isnull=False)


def _partners(fiscal_year: int) -> QuerySet[MatchStep]:
    """Groups that were introduced to one another in the year, but for those where nothing came of it."""
    met = _steps(fiscal_year, MatchState.INTRODUCED).filter(match__partner__isnull=False)
    return met.exclude(match__state__in=[MatchState.CANCELLED, MatchState.NO_SHOW])


def _step_row(step: MatchStep) -> MeasuredRow:
    return MeasuredRow(
        step.match_id,
        step.match.request.title,
        timezone.localdate(step.at),
        tenant_reverse("matching:match", pk=step.match_id),
        step.is_sample,  # type: ignore[attr-defined]
    )


def _active(fiscal_year: int) -> QuerySet[Supporter]:
    """Those who were active in the year, as a group confirmed, by their first day of it."""
    confirmed = {
        "matches__participations__confirmed_at__isnull": False,
        "matches__participations__day__range": fiscal_year_days(fiscal_year),
    }
    return (
        Supporter.objects.filter(**confirmed)
        .annotate(first_day=Min("matches__participations__day", filter=Q(**confirmed)))
        .order_by("first_day", "pk")
    )


def _supporter_row(supporter: Supporter) -> MeasuredRow:
    return MeasuredRow(
        supporter.pk,
        supporter.nickname,
        supporter.first_day,  # type: ignore[attr-defined]
        tenant_reverse("matching:supporter_detail", pk=supporter.pk),
        supporter.is_sample,
    )


def _days(fiscal_year: int) -> QuerySet[Participation]:
    """Confirmed days of activity, each with the hours of all who came (`total`)."""
    total = ExpressionWrapper(
        F("hours") * F("match__people"), output_field=DecimalField(max_digits=8, decimal_places=2)
    )
    return (
        Participation.objects.filter(
            match__supporter__isnull=False, confirmed_at__isnull=False, day__range=fiscal_year_days(fiscal_year)
        )
        .annotate(total=total)
        .select_related("match__request")
        .order_by("day", "pk")
    )


def _hours(fiscal_year: int) -> Counted:
    found = _days(fiscal_year).aggregate(
        value=Coalesce(Sum("total"), Decimal(0)), has_samples=BoolOr("is_sample", default=False)
    )
    return Counted(found["value"], found["has_samples"])


def _day_row(day: Participation) -> MeasuredRow:
    return MeasuredRow(
        day.pk,
        day.match.request.title,
        day.day,
        tenant_reverse("matching:match", pk=day.match_id),
        day.is_sample,
        day.total,  # type: ignore[attr-defined]
    )


def _introduced(fiscal_year: int) -> QuerySet[MatchStep]:
    """The introductions of the year, each with the days from the request's first day in the open (`waited`)."""
    introduced = _steps(fiscal_year, MatchState.INTRODUCED)
    return introduced.annotate(waited=TruncDate("at") - F("match__request__posted_on"))


def _waited(step: MatchStep) -> int:
    days: int = step.waited.days  # type: ignore[attr-defined]
    return max(days, 0)


def _days_to_introduction(fiscal_year: int) -> Counted:
    steps = list(_introduced(fiscal_year))
    value = mean(Decimal(sum(map(_waited, steps))), len(steps)) if steps else Decimal(0)
    return Counted(value, any(step.is_sample for step in steps), len(steps))  # type: ignore[attr-defined]


def _introduced_row(step: MatchStep) -> MeasuredRow:
    row = _step_row(step)
    return MeasuredRow(row.key, row.label, row.day, row.url, row.is_sample, Decimal(_waited(step)))


register(number_of(_requests, _request_row, name="matching.help_requests", title=_("ボランティアの募集"), unit=_("件")))
register(
    number_of(
        _completed,
        _step_row,
        name="matching.completed_matches",
        title=_("ボランティアのマッチング（活動が完了したもの）"),
        unit=_("件"),
    )
)
register(
    number_of(_partners, _step_row, name="matching.partner_matches", title=_("団体どうしのマッチング"), unit=_("件"))
)
register(
    number_of(
        _active,
        _supporter_row,
        name="matching.active_supporters",
        title=_("その年度に活動したボランティアの登録者"),
        unit=_("人"),
    )
)
register(
    Measure(
        "matching.hours",
        _("ボランティアの活動時間"),
        _("時間"),
        _hours,
        lambda fiscal_year: Rows(_days(fiscal_year), _day_row),
    )
)
register(
    Measure(
        "matching.days_to_introduction",
        _("募集から紹介までの日数（平均）"),
        _("日"),
        _days_to_introduction,
        lambda fiscal_year: Rows(_introduced(fiscal_year), _introduced_row),
        is_share=True,
    )
)
