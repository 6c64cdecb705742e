"""The guide to the groups, as it was printed last."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from civic.tenancy.models import TenantModel


class Guidebook(TenantModel):
    """A printed guide (市民活動ガイドブック): the PDF, and what it was made of. A new one takes the last's place."""

    content = models.BinaryField(_("PDF"))
    size = models.PositiveIntegerField(_("大きさ（バイト）"))
    pages = models.PositiveSmallIntegerField(_("ページ数"))
    groups = models.PositiveIntegerField(_("載っている団体"))
    made_at = models.DateTimeField(_("作成日時"), default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("作成した人")
    )

    class Meta:
        verbose_name = _("市民活動ガイドブック")
        verbose_name_plural = _("市民活動ガイドブック")
        constraints = [models.UniqueConstraint(fields=["municipality"], name="centres_one_guidebook")]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.made_at:%Y-%m-%d}"
