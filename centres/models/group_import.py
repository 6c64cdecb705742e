"""A file of groups that somebody sent, until they have seen what it would change."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from civic.tenancy.models import TenantModel


class GroupImport(TenantModel):
    """A file of groups that waits: to be checked, and then for somebody to say whether it is written.

    `outcome` is what it would change, or what is wrong with it (`centres.directory.exchange.Outcome`); None until it is
    checked. `digest` is the SHA-256 of all that it would change.
    """

    filename = models.CharField(_("ファイル名"), max_length=200)
    content = models.BinaryField(_("内容"))
    read_at = models.DateTimeField(_("読んだ日時"), default=timezone.now)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("読んだ人")
    )
    outcome = models.JSONField(_("確かめた結果"), null=True)
    digest = models.CharField(_("変わるところのSHA-256"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("団体の読みこみ")
        verbose_name_plural = _("団体の読みこみ")
        constraints = [
            # A second file of the same person takes the place of the first.
            models.UniqueConstraint(fields=["municipality", "read_by"], name="centres_import_one_a_person")
        ]

    def __str__(self) -> str:
        return self.filename
