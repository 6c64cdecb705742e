"""Files that people sent, each for one purpose."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from civic.tenancy.models import TenantModel, TenantOneToOneField


class UploadedFile(TenantModel):
    """A file that was sent, apart from its content: a list of files never reads the bytes of any.

    The record that the file belongs to refers to it. `uploaded_by` is None for somebody without an account.
    """

    purpose = models.CharField(_("用途"), max_length=100)
    filename = models.CharField(_("ファイル名"), max_length=110)
    content_type = models.CharField(_("形式"), max_length=100)
    size = models.PositiveIntegerField(_("大きさ（バイト）"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("送った人")
    )
    uploaded_at = models.DateTimeField(_("送った日時"), default=timezone.now)

    class Meta:
        verbose_name = _("送られたファイル")
        verbose_name_plural = _("送られたファイル")

    def __str__(self) -> str:
        return self.filename


class UploadedContent(TenantModel):
    """What is in a file that was sent."""

    file = TenantOneToOneField(UploadedFile, on_delete=models.CASCADE, related_name="stored")
    content = models.BinaryField(_("内容"))

    class Meta:
        verbose_name = _("送られたファイルの内容")
        verbose_name_plural = _("送られたファイルの内容")

    def __str__(self) -> str:
        return str(self.file_id)
