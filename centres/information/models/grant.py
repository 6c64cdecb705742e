"""Money that groups may apply for."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.information.models.entry import Entry
from centres.search import search_text


class GrantGiver(models.TextChoices):
    """Who gives a grant."""

    CITY = "city", _("市")
    PUBLIC = "public", _("国・県など")
    FOUNDATION = "foundation", _("財団・企業など")


class Grant(Entry):
    """A grant on offer (助成金・補助金). `amount` is in words, as those who give it put it.

    `closes_on`, the last day to apply, is None where there is none, or none is known.
    """

    giver = models.CharField(_("出すところの種類"), max_length=10, choices=GrantGiver)
    giver_name = models.CharField(_("出すところ"), max_length=100)
    audience = models.CharField(_("対象になる団体・活動"), max_length=300, blank=True)
    amount = models.CharField(_("金額"), max_length=200, blank=True)
    opens_on = models.DateField(_("受付の初日"), null=True, blank=True)
    closes_on = models.DateField(_("締切の日"), null=True, blank=True)
    link = models.URLField(_("くわしい案内のページ"), blank=True)
    body = models.TextField(_("くわしい説明"), blank=True)
    search_text = models.GeneratedField(
        expression=search_text("title", "giver_name", "audience", "body"),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta(Entry.Meta):
        verbose_name = _("助成金")
        verbose_name_plural = _("助成金")
        # What closes soonest is first; what never does comes after it.
        ordering = [models.F("closes_on").asc(nulls_last=True), "id"]
        constraints = [
            *Entry.Meta.constraints,
            models.CheckConstraint(condition=models.Q(giver__in=GrantGiver.values), name="information_grant_giver"),
            models.CheckConstraint(
                condition=models.Q(opens_on=None)
                | models.Q(closes_on=None)
                | models.Q(closes_on__gte=models.F("opens_on")),
                name="information_grant_days",
            ),
        ]

    @property
    def days_left(self) -> int | None:
        """How many days there are left to apply, 0 on the last; negative once it is past, None where none is known."""
        return None if self.closes_on is None else (self.closes_on - timezone.localdate()).days

    @property
    def state(self) -> str:
        if self.is_published and self.days_left is not None and self.days_left < 0:
            return str(_("締切ずみ"))
        return super().state
