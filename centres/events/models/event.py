"""What is on, when and where."""

from datetime import datetime, time, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.models import ActivityField, Group
from centres.search import search_text
from civic.tenancy.models import TenantForeignKey, TenantModel


class EventKind(models.TextChoices):
    """What sort of occasion it is."""

    COURSE = "course", _("講座・研修")
    EVENT = "event", _("催し")
    EXCHANGE = "exchange", _("交流会")
    ONLINE_EXCHANGE = "online_exchange", _("オンライン交流会")
    ROUND_TABLE = "round_table", _("協働ラウンドテーブル")


INTRODUCING = frozenset({EventKind.EXCHANGE, EventKind.ONLINE_EXCHANGE, EventKind.ROUND_TABLE})
"""The kinds at which groups are introduced to each other."""


class EventStatus(models.TextChoices):
    """Whether everybody may see it, and whether it takes place."""

    DRAFT = "draft", _("下書き")
    PUBLISHED = "published", _("公開中")
    CANCELLED = "cancelled", _("中止")


TRANSITIONS: dict[EventStatus, frozenset[EventStatus]] = {
    EventStatus.DRAFT: frozenset({EventStatus.PUBLISHED}),
    EventStatus.PUBLISHED: frozenset({EventStatus.DRAFT, EventStatus.CANCELLED}),
    EventStatus.CANCELLED: frozenset(),
}


class Event(TenantModel):
    """An event or a course, of one session or several.

    `group` is who holds it; the centre where there is none. `capacity` is in people, None where everybody may come;
    the database refuses a booking beyond it (centres/events/seats.py). `fee` is in yen.
    """

    title = models.CharField(_("名称"), max_length=100)
    title_kana = models.CharField(_("名称（かな）"), max_length=200)
    kind = models.CharField(_("種類"), max_length=15, choices=EventKind, default=EventKind.COURSE)
    status = models.CharField(_("状態"), max_length=10, choices=EventStatus, default=EventStatus.DRAFT)
    published_at = models.DateTimeField(_("公開した日時"), null=True, blank=True)
    cancelled_because = models.CharField(_("中止の理由"), max_length=200, blank=True)
    group = TenantForeignKey(
        Group, on_delete=models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("主催する団体")
    )
    field = models.PositiveSmallIntegerField(_("活動分野"), choices=ActivityField, null=True, blank=True)
    summary = models.CharField(_("ひとことで"), max_length=150)
    description = models.TextField(_("くわしい内容"), blank=True)
    audience = models.CharField(_("対象"), max_length=100, blank=True)
    fee = models.PositiveIntegerField(_("参加費（円）"), default=0)
    fee_note = models.CharField(_("参加費の説明"), max_length=100, blank=True)
    place_name = models.CharField(_("場所"), max_length=100)
    place_address = models.CharField(_("場所の住所"), max_length=200, blank=True)
    place_note = models.CharField(_("部屋・階など"), max_length=100, blank=True)
    takes_bookings = models.BooleanField(_("申し込みを受け付ける"), default=True)
    capacity = models.PositiveSmallIntegerField(_("定員（人）"), null=True, blank=True)
    booking_closes_on = models.DateField(_("申し込みの締め切り"), null=True, blank=True)
    note_to_participants = models.TextField(_("参加する人にだけ知らせること"), blank=True)
    is_sample = models.BooleanField(_("サンプル"), default=False)
    search_text = models.GeneratedField(
        expression=search_text("title", "title_kana", "summary", "description", "audience", "place_name"),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("催し")
        verbose_name_plural = _("催し")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EventKind.values), name="events_event_kind"),
            models.CheckConstraint(condition=Q(status__in=EventStatus.values), name="events_event_status"),
            models.CheckConstraint(
                condition=Q(field=None) | Q(field__in=ActivityField.values), name="events_event_field"
            ),
            models.CheckConstraint(
                condition=Q(status=EventStatus.CANCELLED) | Q(cancelled_because=""), name="events_event_cancelled"
            ),
            models.CheckConstraint(
                condition=Q(status=EventStatus.DRAFT) | Q(published_at__isnull=False), name="events_event_published"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def introduces(self) -> bool:
        """Whether groups are introduced to each other here."""
        return self.kind in INTRODUCING

    @property
    def is_cancelled(self) -> bool:
        return self.status == EventStatus.CANCELLED

    @property
    def booking_ends_at(self) -> datetime | None:
        """The moment until which one can book: the end of the last day for it, at the latest the first session's
        beginning. None before there is a session."""
        first = min((session.starts_at for session in self.sessions.all()), default=None)
        if first is None or self.booking_closes_on is None:
            return first
        after = timezone.make_aware(datetime.combine(self.booking_closes_on + timedelta(days=1), time.min))
        return min(first, after)

    def can_be_booked(self, now: datetime) -> bool:
        """Return whether a place, or one in the waiting list, can be had at a moment."""
        ends = self.booking_ends_at
        return self.status == EventStatus.PUBLISHED and self.takes_bookings and ends is not None and now < ends


class EventSession(TenantModel):
    """One meeting of an event. `walk_ins` counts the people who came without booking."""

    event = TenantForeignKey(Event, on_delete=models.CASCADE, related_name="sessions")
    starts_at = models.DateTimeField(_("始まり"))
    ends_at = models.DateTimeField(_("終わり"))
    walk_ins = models.PositiveSmallIntegerField(_("申し込まずに来た人（人）"), default=0)

    class Meta:
        verbose_name = _("催しの日程")
        verbose_name_plural = _("催しの日程")
        ordering = ["starts_at", "id"]
        indexes = [models.Index(fields=["municipality", "starts_at"], name="events_session_starts")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="events_session_ends"),
            models.UniqueConstraint(fields=["municipality", "event", "starts_at"], name="events_session_once"),
        ]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.starts_at):%Y-%m-%d %H:%M}"
