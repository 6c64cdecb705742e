"""Notices (お知らせ)."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.information.models.entry import Entry
from centres.search import search_text


class News(Entry):
    """A notice, shown from one day to another (both included), or for good; a pinned one stands above the others."""

    body = models.TextField(_("本文"))
    shows_from = models.DateField(_("のせはじめる日"), default=timezone.localdate)
    shows_until = models.DateField(_("のせおわる日"), null=True, blank=True)
    is_pinned = models.BooleanField(_("いちばん上にのせる"), default=False)
    search_text = models.GeneratedField(
        expression=search_text("title", "body"), output_field=models.TextField(), db_persist=True
    )

    class Meta(Entry.Meta):
        verbose_name = _("お知らせ")
        verbose_name_plural = _("お知らせ")
        ordering = ["-is_pinned", "-shows_from", "-id"]
        constraints = [
            *Entry.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(shows_until=None) | models.Q(shows_until__gte=models.F("shows_from")),
                name="information_news_days",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "-shows_from"], name="information_news_days")]

    @property
    def state(self) -> str:
        today = timezone.localdate()
        if self.is_published and self.shows_from > today:
            return str(_("公開予定"))
        if self.is_published and self.shows_until and self.shows_until < today:
            return str(_("掲載終了"))
        return super().state
