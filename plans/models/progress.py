"""The plan's year: what departments report of their items, what becomes of it, and what the council says."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from civic.accounts.models import Membership
from civic.tenancy.models import TenantForeignKey, TenantModel, TenantOneToOneField
from plans.models.item import PlanItem
from plans.models.plan import Plan, PlanPart


class WorkStatus(models.TextChoices):
    """How far the work on an item has come."""

    NOT_STARTED = "not_started", _("未着手")
    UNDER_WAY = "under_way", _("進行中")
    DELAYED = "delayed", _("遅れている")
    COMPLETED = "completed", _("完了")
    STOPPED = "stopped", _("中止")


class Direction(models.TextChoices):
    """Where an item is to go from here (今後の方向性)."""

    EXPAND = "expand", _("拡充")
    CONTINUE = "continue", _("継続")
    REDUCE = "reduce", _("縮小")
    ABOLISH = "abolish", _("廃止")


class ReportState(models.TextChoices):
    """Where a department's report of an item stands between the department and the planner."""

    NOT_STARTED = "not_started", _("未入力")
    DRAFT = "draft", _("下書き")
    SUBMITTED = "submitted", _("提出済み")
    RETURNED = "returned", _("差し戻し")
    ACCEPTED = "accepted", _("承認済み")


# From each state to those that may follow it; `services.move` lets nothing else happen.
TRANSITIONS: dict[ReportState, frozenset[ReportState]] = {
    ReportState.NOT_STARTED: frozenset({ReportState.DRAFT}),
    ReportState.DRAFT: frozenset({ReportState.SUBMITTED}),
    ReportState.SUBMITTED: frozenset({ReportState.RETURNED, ReportState.ACCEPTED}),
    # What is typed into it is handed in again; it stays marked until then.
    ReportState.RETURNED: frozenset({ReportState.SUBMITTED}),
    # Something came to light after all.
    ReportState.ACCEPTED: frozenset({ReportState.RETURNED}),
}
WITH_DEPARTMENT = [ReportState.NOT_STARTED, ReportState.DRAFT, ReportState.RETURNED]
"""The states in which the department may write."""


class Rating(PlanPart):
    """A mark of the plan's own rating scheme, best first, and what it means."""

    plan = TenantForeignKey(Plan, on_delete=models.CASCADE, related_name="ratings")
    mark = models.CharField(_("評価"), max_length=10)
    meaning = models.CharField(_("意味"), max_length=200)

    class Meta:
        verbose_name = _("評価の区分")
        verbose_name_plural = _("評価の区分")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["municipality", "plan", "mark"], name="plans_rating_mark")]

    def __str__(self) -> str:
        return f"{self.mark}（{self.meaning}）"


class ReportingYear(TenantModel):
    """A fiscal year of which the departments report. A closed one takes no more changes until it is opened again."""

    plan = TenantForeignKey(Plan, on_delete=models.PROTECT, related_name="reporting_years")
    fiscal_year = models.PositiveSmallIntegerField(_("年度"))
    opened_at = models.DateTimeField(_("依頼した日時"), default=timezone.now)
    due_on = models.DateField(_("しめきり"))
    closed_at = models.DateTimeField(_("しめた日時"), null=True)
    is_sample = models.BooleanField(_("サンプル"), default=False)

    class Meta:
        verbose_name = _("進捗報告の年度")
        verbose_name_plural = _("進捗報告の年度")
        ordering = ["-fiscal_year"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "plan", "fiscal_year"], name="plans_reporting_year")
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.fiscal_year}"


class YearReopening(TenantModel):
    """A closed year was opened again: who did it, why, and when it had been closed. Only ever added."""

    year = TenantForeignKey(ReportingYear, on_delete=models.PROTECT, related_name="reopenings")
    closed_at = models.DateTimeField(_("しめていた日時"))
    reason = models.CharField(_("しめたことを取り消す理由"), max_length=300)
    at = models.DateTimeField(_("取り消した日時"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("取り消した人"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("進捗報告の年度の再開")
        verbose_name_plural = _("進捗報告の年度の再開")
        ordering = ["at", "id"]
        constraints = [models.CheckConstraint(condition=~models.Q(reason=""), name="plans_reopening_has_reason")]

    def __str__(self) -> str:
        return f"{self.year_id}: {self.reason}"


class ProgressReport(TenantModel):
    """What a department says of one item in one year. An item that is listed twice has one.

    `version` counts the saves: who saves names the version that they read, so nobody writes over what they have not
    seen.
    """

    year = TenantForeignKey(ReportingYear, on_delete=models.PROTECT, related_name="reports")
    item = TenantForeignKey(PlanItem, on_delete=models.PROTECT, related_name="progress_reports")
    state = models.CharField(_("状態"), max_length=11, choices=ReportState, default=ReportState.NOT_STARTED)
    work_status = models.CharField(_("進みぐあい"), max_length=11, choices=WorkStatus, blank=True)
    done = models.TextField(_("この年度にしたこと"), max_length=4000, blank=True)
    figures = models.TextField(_("数字でわかる成果"), max_length=2000, blank=True)
    problems = models.TextField(_("課題"), max_length=4000, blank=True)
    next_year = models.TextField(_("来年度の予定"), max_length=4000, blank=True)
    direction = models.CharField(_("今後の方向性"), max_length=8, choices=Direction, blank=True)
    rating = TenantForeignKey(
        Rating, verbose_name=_("自己評価"), on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    version = models.PositiveIntegerField(_("版"), default=0)
    saved_at = models.DateTimeField(_("保存した日時"), null=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("保存した人"), on_delete=models.SET_NULL, related_name="+", null=True
    )

    class Meta:
        verbose_name = _("進捗報告")
        verbose_name_plural = _("進捗報告")
        constraints = [
            models.UniqueConstraint(fields=["municipality", "year", "item"], name="plans_progress_one_an_item"),
            models.CheckConstraint(condition=models.Q(state__in=ReportState.values), name="plans_progress_state"),
            models.CheckConstraint(
                condition=models.Q(work_status__in=["", *WorkStatus.values]), name="plans_progress_work_status"
            ),
            models.CheckConstraint(
                condition=models.Q(direction__in=["", *Direction.values]), name="plans_progress_direction"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["submitted", "accepted"])
                | (~models.Q(work_status="") & ~models.Q(done="")),
                name="plans_progress_handed_in_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year_id} {self.item_id}"

    @property
    def is_with_department(self) -> bool:
        """Whether the department may write in it."""
        return self.state in WITH_DEPARTMENT

    def text(self) -> dict[str, Any]:
        """Return what it says, in plain words, as the history keeps it."""
        return {
            "work_status": self.get_work_status_display(),
            "done": self.done,
            "figures": self.figures,
            "problems": self.problems,
            "next_year": self.next_year,
            "direction": self.get_direction_display(),
            "rating": str(self.rating) if self.rating else "",
        }


class ProgressRound(TenantModel):
    """One step of a report's way: who moved it, from where to where, and what it said then. Only ever added.

    `from_state` and `to_state` are the same where somebody wrote over another's version: `text` is what stood before.
    """

    report = TenantForeignKey(ProgressReport, on_delete=models.PROTECT, related_name="rounds")
    at = models.DateTimeField(_("日時"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("した人"), on_delete=models.PROTECT, related_name="+", null=True
    )
    from_state = models.CharField(_("まえの状態"), max_length=11, choices=ReportState)
    to_state = models.CharField(_("あとの状態"), max_length=11, choices=ReportState)
    comment = models.TextField(_("コメント"), max_length=2000, blank=True)
    text = models.JSONField(_("そのときの内容"))

    class Meta:
        verbose_name = _("進捗報告の履歴")
        verbose_name_plural = _("進捗報告の履歴")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(to_state="returned") | models.Q(from_state="returned") | ~models.Q(comment=""),
                name="plans_round_says_why_returned",
            )
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.from_state}→{self.to_state}"


class ProgressNotice(TenantModel):
    """A letter to one officer: that the year is open, that the day comes or is past, or that a report came back.

    The row is there before the letter: `mailed_at` says that it went out, and each goes out once.
    """

    class Kind(models.TextChoices):
        OPENED = "opened", _("入力のお願い")
        BEFORE_DUE = "before_due", _("しめきり前のお知らせ")
        OVERDUE = "overdue", _("しめきり後のお知らせ")
        RETURNED = "returned", _("差し戻しのお知らせ")

    year = TenantForeignKey(ReportingYear, on_delete=models.CASCADE, related_name="notices")
    membership = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("種類"), max_length=10, choices=Kind)
    round = TenantForeignKey(ProgressRound, on_delete=models.PROTECT, related_name="notices", null=True)
    mailed_at = models.DateTimeField(_("メールを送った日時"), null=True)

    class Meta:
        verbose_name = _("進捗報告のお知らせ")
        verbose_name_plural = _("進捗報告のお知らせ")
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "year", "membership", "kind"],
                condition=models.Q(round=None),
                name="plans_notice_once_a_year",
            ),
            models.UniqueConstraint(fields=["municipality", "round", "membership"], name="plans_notice_once_a_round"),
            models.CheckConstraint(
                condition=models.Q(kind="returned", round__isnull=False)
                | (models.Q(kind__in=["opened", "before_due", "overdue"]) & models.Q(round=None)),
                name="plans_notice_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.kind}"


class Evaluation(TenantModel):
    """What the council says in a meeting of an item at any level, or of the whole plan where `item` is None."""

    class Kind(models.TextChoices):
        SELF = "self", _("自己評価")
        MUTUAL = "mutual", _("相互評価")
        THIRD_PARTY = "third_party", _("第三者評価")

    year = TenantForeignKey(ReportingYear, on_delete=models.PROTECT, related_name="evaluations")
    item = TenantForeignKey(PlanItem, on_delete=models.PROTECT, related_name="evaluations", null=True, blank=True)
    kind = models.CharField(_("評価の種類"), max_length=11, choices=Kind)
    text = models.TextField(_("評価の内容"), max_length=4000)
    rating = TenantForeignKey(
        Rating, verbose_name=_("評価"), on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    met_on = models.DateField(_("会議の日"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("記録した人"), on_delete=models.PROTECT, related_name="+", null=True
    )
    recorded_at = models.DateTimeField(_("記録した日時"), default=timezone.now)

    class Meta:
        verbose_name = _("審議会の評価")
        verbose_name_plural = _("審議会の評価")
        ordering = ["met_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["self", "mutual", "third_party"]), name="plans_evaluation_kind"
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="plans_evaluation_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.year_id} {self.kind}"


class ItemWeight(TenantModel):
    """How much an item counts among those beside it; 1 where nothing is said. Only the proportion matters."""

    item = TenantOneToOneField(PlanItem, on_delete=models.CASCADE, related_name="weighting")
    weight = models.DecimalField(_("重み"), max_digits=7, decimal_places=2)

    class Meta:
        verbose_name = _("項目の重み")
        verbose_name_plural = _("項目の重み")
        constraints = [models.CheckConstraint(condition=models.Q(weight__gt=0), name="plans_weight_counts")]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.weight}"


class ManualStatus(TenantModel):
    """A status that the planner gives an item in place of the computed one, and why. Both are shown."""

    year = TenantForeignKey(ReportingYear, on_delete=models.PROTECT, related_name="manual_statuses")
    item = TenantForeignKey(PlanItem, on_delete=models.PROTECT, related_name="manual_statuses")
    status = models.CharField(_("進みぐあい"), max_length=11, choices=WorkStatus)
    reason = models.TextField(_("理由"), max_length=1000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("決めた人"), on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        verbose_name = _("手で決めた進みぐあい")
        verbose_name_plural = _("手で決めた進みぐあい")
        constraints = [
            models.UniqueConstraint(fields=["municipality", "year", "item"], name="plans_manual_status_one"),
            models.CheckConstraint(condition=models.Q(status__in=WorkStatus.values), name="plans_manual_status_known"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="plans_manual_status_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.status}"
