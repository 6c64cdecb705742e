"""What KPIs may count of events. What is still to end counts for nothing yet."""

from decimal import Decimal

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Count, F, Min, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.events.models import (
    Event,
    EventKind,
    EventSession,
    EventStatus,
    Introduction,
    Satisfaction,
    SurveyAnswer,
)
from centres.events.queries import SATISFIED, held_between, with_people
from centres.periods import during
from civic.calendar import fiscal_year_days
from civic.measures.registry import Counted, Measure, MeasuredRow, Rows, mean, number_of, register
from civic.tenancy.urls import tenant_reverse


def _sessions(fiscal_year: int) -> QuerySet[EventSession]:
    return EventSession.objects.filter(
        during("starts_at", *fiscal_year_days(fiscal_year)),
        ends_at__lte=timezone.now(),
        event__status=EventStatus.PUBLISHED,
    )


def _held(fiscal_year: int) -> QuerySet[Event]:
    """The events whose first session was in the year."""
    return held_between(*fiscal_year_days(fiscal_year)).order_by("first_at", "pk")  # type: ignore[misc]


def _event_row(event: Event) -> MeasuredRow:
    return MeasuredRow(
        event.pk,
        event.title,
        timezone.localdate(event.first_at),  # type: ignore[attr-defined]
        tenant_reverse("events:event_detail", number=event.pk),
        event.is_sample,
    )


def _came(fiscal_year: int) -> QuerySet[EventSession]:
    """The sessions that somebody came to."""
    return with_people(_sessions(fiscal_year)).filter(people__gt=0)  # type: ignore[misc]


def _people(fiscal_year: int) -> Counted:
    found = _came(fiscal_year).aggregate(
        value=Coalesce(Sum("people"), 0), has_samples=BoolOr("event__is_sample", default=False)
    )
    return Counted(Decimal(found["value"]), found["has_samples"])


def _session_row(session: EventSession) -> MeasuredRow:
    return MeasuredRow(
        session.pk,
        session.event.title,
        timezone.localdate(session.starts_at),
        tenant_reverse("events:event_detail", number=session.event_id),
        session.event.is_sample,
        Decimal(session.people),  # type: ignore[attr-defined]
    )


def _introductions(fiscal_year: int) -> QuerySet[Introduction]:
    """The introductions at events whose first session was in the year."""
    met = Introduction.objects.filter(event__in=_held(fiscal_year).order_by().values("pk"))
    return met.annotate(is_sample=F("event__is_sample"), first_at=Min("event__sessions__starts_at")).order_by("pk")


def _introduction_row(introduction: Introduction) -> MeasuredRow:
    return MeasuredRow(
        introduction.pk,
        str(introduction),
        timezone.localdate(introduction.first_at),  # type: ignore[attr-defined]
        tenant_reverse("events:event_detail", number=introduction.event_id),
        introduction.is_sample,  # type: ignore[attr-defined]
    )


def _answers(fiscal_year: int) -> QuerySet[SurveyAnswer]:
    """The answers to the surveys of courses whose first session was in the year."""
    courses = _held(fiscal_year).filter(kind=EventKind.COURSE).order_by()
    return SurveyAnswer.objects.filter(event__in=courses.values("pk")).order_by("pk")


def _satisfaction(fiscal_year: int) -> Counted:
    found = _answers(fiscal_year).aggregate(
        answers=Count("*"),
        satisfied=Count("pk", filter=SATISFIED),
        has_samples=BoolOr("event__is_sample", default=False),
    )
    answers = found["answers"]
    value = mean(Decimal(100) * found["satisfied"], answers) if answers else Decimal(0)
    return Counted(value, found["has_samples"], answers)


def _answer_row(answer: SurveyAnswer) -> MeasuredRow:
    return MeasuredRow(
        answer.pk,
        f"{answer.event.title}（{answer.get_satisfaction_display()}）",
        timezone.localdate(answer.answered_at),
        tenant_reverse("events:survey_results", pk=answer.event_id),
        answer.event.is_sample,
        Decimal(100 if answer.satisfaction <= Satisfaction.SATISFIED else 0),
    )


register(number_of(_held, _event_row, name="centres.events_held", title=_("開いた催し・講座"), unit=_("回")))
register(
    Measure(
        "centres.event_participants",
        _("催し・講座に来た人"),
        _("人"),
        _people,
        lambda fiscal_year: Rows(_came(fiscal_year).select_related("event").order_by("starts_at", "pk"), _session_row),
    )
)
register(
    number_of(
        _introductions,
        _introduction_row,
        name="centres.introductions",
        title=_("交流会などで引き合わせた団体の組"),
        unit=_("組"),
    )
)
register(
    Measure(
        "centres.course_satisfaction",
        _("講座の満足度（とても満足・満足と答えた人の割合）"),
        _("％"),
        _satisfaction,
        lambda fiscal_year: Rows(_answers(fiscal_year).select_related("event"), _answer_row),
        is_share=True,
    )
)
