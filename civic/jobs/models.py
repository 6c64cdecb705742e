"""Long work: what was asked for, how far it is, and the file it made."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from civic.tenancy.models import TenantModel, TenantOneToOneField


class Status(models.TextChoices):
    """Where a job stands."""

    QUEUED = "queued", _("順番待ち")
    RUNNING = "running", _("処理中")
    DONE = "done", _("完了")
    FAILED = "failed", _("失敗")


# From each status to those that may follow it; `services.move` lets nothing else happen.
TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.QUEUED: frozenset({Status.RUNNING}),
    # Back in the queue when its worker was lost.
    Status.RUNNING: frozenset({Status.DONE, Status.FAILED, Status.QUEUED}),
    Status.DONE: frozenset(),
    Status.FAILED: frozenset({Status.QUEUED}),
}
UNFINISHED = [Status.QUEUED, Status.RUNNING]
FINISHED = [Status.DONE, Status.FAILED]
ATTEMPTS = 3
"""How many workers may be lost over a job before it is given up."""


class Job(TenantModel):
    """Work that takes longer than a second, from being asked for to its end.

    `attempt` counts the workers that took the job and only grows. What a worker writes counts only while the number it
    took is still the job's, so one that was believed lost and comes back changes nothing.
    """

    kind = models.CharField(_("種類"), max_length=100)
    title = models.CharField(_("内容"), max_length=200)
    parameters = models.JSONField(_("条件"), default=dict, blank=True)
    status = models.CharField(_("状態"), max_length=7, choices=Status, default=Status.QUEUED)
    percent = models.PositiveSmallIntegerField(_("進みぐあい（%）"), default=0)
    words = models.CharField(_("いましていること"), max_length=200, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("依頼した人")
    )
    attempt = models.PositiveSmallIntegerField(_("試みた回数"), default=0)
    attempts_allowed = models.PositiveSmallIntegerField(_("試みる上限"), default=ATTEMPTS)
    enqueued_at = models.DateTimeField(_("順番に入れた日時"), null=True)
    heartbeat_at = models.DateTimeField(_("最後に動きを確かめた日時"), null=True)
    started_at = models.DateTimeField(_("開始"), null=True)
    finished_at = models.DateTimeField(_("終了"), null=True)
    error = models.CharField(_("失敗した理由"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("依頼日時"), default=timezone.now)

    class Meta:
        verbose_name = _("処理")
        verbose_name_plural = _("処理")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=Status.values), name="jobs_job_status"),
            models.CheckConstraint(
                condition=models.Q(status=Status.QUEUED) | models.Q(attempt__gte=1, heartbeat_at__isnull=False),
                name="jobs_job_taken",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=FINISHED, finished_at__isnull=False)
                | models.Q(status__in=UNFINISHED, finished_at=None),
                name="jobs_job_finished",
            ),
            models.CheckConstraint(
                condition=(models.Q(status=Status.FAILED) & ~models.Q(error=""))
                | (~models.Q(status=Status.FAILED) & models.Q(error="")),
                name="jobs_job_error",
            ),
            models.CheckConstraint(condition=models.Q(percent__lte=100), name="jobs_job_percent"),
            models.CheckConstraint(
                condition=models.Q(attempt__lte=models.F("attempts_allowed")), name="jobs_job_attempts"
            ),
        ]
        indexes = [
            models.Index(
                fields=["municipality"],
                condition=models.Q(status__in=UNFINISHED),
                name="jobs_job_unfinished",
            ),
            models.Index(fields=["finished_at"], name="jobs_job_finished_at"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_finished(self) -> bool:
        """Whether nothing more happens by itself."""
        return self.status in FINISHED


class JobFile(TenantModel):
    """The file a job made. Kept in the database: under row security, and reached from every web process.

    Once expired it loses its content and stays as the note that there was one.
    """

    job = TenantOneToOneField(Job, on_delete=models.CASCADE, related_name="file", verbose_name=_("処理"))
    filename = models.CharField(_("ファイル名"), max_length=200)
    content_type = models.CharField(_("形式"), max_length=100)
    content = models.BinaryField(_("内容"), null=True)
    size = models.PositiveBigIntegerField(_("大きさ（バイト）"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    expires_at = models.DateTimeField(_("保存期限"))

    class Meta:
        verbose_name = _("処理のファイル")
        verbose_name_plural = _("処理のファイル")
        indexes = [
            models.Index(
                fields=["municipality", "expires_at"],
                condition=models.Q(content__isnull=False),
                name="jobs_jobfile_to_expire",
            )
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def is_expired(self) -> bool:
        """Whether it may no longer be downloaded."""
        return self.expires_at <= timezone.now()
