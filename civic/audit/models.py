"""The trail: who changed what, written by database triggers only, and who opened whose record."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from civic.tenancy.models import TenantModel


class Action(models.TextChoices):
    """What was done to a row."""

    INSERT = "insert", _("追加")
    UPDATE = "update", _("変更")
    DELETE = "delete", _("削除")


class Change(TenantModel):
    """One row that was added, changed or deleted.

    `actor_id` is no foreign key: the trail outlives the account. `before` and `after` hold the whole row for an
    addition or a deletion, and the changed columns for a change.
    """

    table_name = models.CharField(_("表"), max_length=63)
    row_id = models.BigIntegerField(_("番号"))
    action = models.CharField(_("操作"), max_length=6, choices=Action)
    at = models.DateTimeField(_("日時"))
    actor_id = models.BigIntegerField(_("操作した人"), null=True)
    before = models.JSONField(_("変更前"), null=True)
    after = models.JSONField(_("変更後"), null=True)

    class Meta:
        verbose_name = _("変更の記録")
        verbose_name_plural = _("変更の記録")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["municipality", "-at"], name="audit_change_at"),
            models.Index(fields=["municipality", "table_name", "row_id", "-at"], name="audit_change_row"),
        ]

    def __str__(self) -> str:
        return f"{self.table_name} {self.row_id} {self.get_action_display()}"


class PersonalRecordView(TenantModel):
    """Someone opened a record about a person. `viewer_id` is no foreign key: the trail outlives the account."""

    viewer_id = models.BigIntegerField(_("見た人"))
    table_name = models.CharField(_("表"), max_length=63)
    row_id = models.BigIntegerField(_("番号"))
    purpose = models.CharField(_("目的"), max_length=100)
    at = models.DateTimeField(_("日時"), db_default=Now())

    class Meta:
        verbose_name = _("閲覧の記録")
        verbose_name_plural = _("閲覧の記録")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["municipality", "-at"], name="audit_view_at"),
            models.Index(fields=["municipality", "table_name", "row_id", "-at"], name="audit_view_row"),
        ]

    def __str__(self) -> str:
        return f"{self.table_name} {self.row_id} {self.purpose}"
