"""What those who came thought of it. Answers are anonymous: nothing leads from an answer to a booking."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.events.models.event import Event
from civic.tenancy.models import TenantForeignKey, TenantModel


class Satisfaction(models.IntegerChoices):
    """How satisfied somebody is, in five steps; the numbers are the keys with which paper answers are typed."""

    VERY_SATISFIED = 1, _("とても満足")
    SATISFIED = 2, _("満足")
    NEITHER = 3, _("どちらともいえない")
    DISSATISFIED = 4, _("不満")
    VERY_DISSATISFIED = 5, _("とても不満")


class HeardFrom(models.TextChoices):
    """How somebody learnt of the event."""

    CITY_PAPER = "city_paper", _("市の広報")
    LEAFLET = "leaflet", _("ちらし・ポスター")
    WEB = "web", _("ウェブサイト・SNS")
    FRIENDS = "friends", _("知り合いから")
    CENTRE = "centre", _("センターで")
    OTHER = "other", _("そのほか")


class AnswerWay(models.TextChoices):
    """How an answer reached the centre."""

    WEB = "web", _("スマートフォンなど")
    PAPER = "paper", _("紙")


class SurveyAnswer(TenantModel):
    """One person's answer."""

    event = TenantForeignKey(Event, on_delete=models.PROTECT, related_name="answers")
    satisfaction = models.PositiveSmallIntegerField(_("満足度"), choices=Satisfaction)
    heard_from = models.CharField(_("何で知りましたか"), max_length=10, choices=HeardFrom, blank=True)
    comment = models.TextField(_("よかったこと、気づいたこと"), max_length=1000, blank=True)
    wish = models.TextField(_("これから取りあげてほしいこと"), max_length=1000, blank=True)
    way = models.CharField(_("答えた方法"), max_length=5, choices=AnswerWay)
    answered_at = models.DateTimeField(_("答えた日時"), default=timezone.now)

    class Meta:
        verbose_name = _("アンケートの回答")
        verbose_name_plural = _("アンケートの回答")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(satisfaction__in=Satisfaction.values), name="events_satisfaction"),
            models.CheckConstraint(condition=Q(heard_from__in=["", *HeardFrom.values]), name="events_heard_from"),
            models.CheckConstraint(condition=Q(way__in=AnswerWay.values), name="events_answer_way"),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
