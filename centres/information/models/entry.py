"""What notices, grants and cases have in common: written as a draft, published, and taken back."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from civic.tenancy.models import TenantModel


class Entry(TenantModel):
    """Something that the centre writes for everybody. Nobody outside the office sees it before it is published.

    `published_at` is the first time and stays when it is taken back; `changed_at` is the last time that words changed.
    """

    title = models.CharField(_("題名"), max_length=100)
    is_published = models.BooleanField(_("公開"), default=False)
    published_at = models.DateTimeField(_("最初に公開した日時"), null=True)
    changed_at = models.DateTimeField(_("最後に書きかえた日時"), default=timezone.now)
    is_sample = models.BooleanField(_("サンプル"), default=False)
    source = models.JSONField(_("出典"), default=dict, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_published=False) | models.Q(published_at__isnull=False),
                name="%(app_label)s_%(class)s_published",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def state(self) -> str:
        """Whether everybody sees it today, in words for the office."""
        return str(_("公開中")) if self.is_published else str(_("下書き"))
