"""Long-lived series of figures, and what plans commit to with them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from civic.accounts.models import User
from civic.tenancy.models import TenantForeignKey, TenantModel


class Sourced(models.Model):
    """A record whose words come from a published document.

    `source` holds the document's `file`, the `place` in it and perhaps a `note`. `restored` is True where the document
    is damaged and words were put back; `source_note` says which, and from where.
    """

    source = models.JSONField(_("出典"), default=dict, blank=True)
    restored = models.BooleanField(_("復元"), default=False)
    source_note = models.TextField(_("出典の注"), blank=True)

    class Meta:
        abstract = True


class Direction(models.TextChoices):
    """Which way a figure is meant to move."""

    INCREASE = "increase", _("増やす")
    DECREASE = "decrease", _("減らす")


class Formula(models.TextChoices):
    """How the achievement of a target is computed; printed wherever the figure is."""

    BASELINE = "baseline", _("（実績値－現状値）÷（目標値－現状値）×100")
    LEVEL = "level", _("実績値÷目標値×100")
    INVERSE_LEVEL = "inverse_level", _("目標値÷実績値×100")
    COMPLEMENT_LEVEL = "complement_level", _("（2－実績値÷目標値）×100")


class Indicator(TenantModel):
    """A series that outlives plans, such as the share of citizens who took part in civic activity.

    `answer` is the reply of the survey that the figure counts; `decimals` says how many places are shown. `measure`
    names what is counted from the portal's own records (civic.measures) from the fiscal year `measured_from` on;
    figures of earlier years, and of an indicator without a measure, are entered.
    """

    key = models.SlugField(_("記号"), max_length=60)
    name = models.CharField(_("指標名"), max_length=200)
    answer = models.CharField(_("数える回答"), max_length=200, blank=True)
    unit = models.CharField(_("単位"), max_length=20)
    decimals = models.PositiveSmallIntegerField(_("小数点以下のけた数"), default=0)
    direction = models.CharField(_("めざす向き"), max_length=8, choices=Direction, default=Direction.INCREASE)
    definition = models.TextField(_("定義"), blank=True)
    measure = models.CharField(_("記録からの集計"), max_length=60, blank=True)
    measured_from = models.PositiveSmallIntegerField(_("集計を始める年度"), null=True, blank=True)

    class Meta:
        verbose_name = _("指標")
        verbose_name_plural = _("指標")
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "key"], name="indicators_indicator_key"),
            models.CheckConstraint(
                condition=models.Q(direction__in=Direction.values), name="indicators_indicator_direction"
            ),
            models.CheckConstraint(
                condition=models.Q(measure="", measured_from=None)
                | (~models.Q(measure="") & models.Q(measured_from__isnull=False)),
                name="indicators_measured_from_a_year",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_measured_in(self, fiscal_year: int) -> bool:
        """Whether the figure of a year is counted from records."""
        return self.measured_from is not None and fiscal_year >= self.measured_from


class Actual(TenantModel):
    """The figure of one fiscal year, in the indicator's unit: entered, or counted when the year was closed.

    Of a survey, `answers` is how many people answered and `response_rate` their share of those asked, in per cent.
    """

    class Status(models.TextChoices):
        PROVISIONAL = "provisional", _("速報値")
        FINAL = "final", _("確定値")

    indicator = TenantForeignKey(Indicator, on_delete=models.CASCADE, related_name="actuals")
    fiscal_year = models.PositiveSmallIntegerField(_("年度"))
    value = models.DecimalField(_("実績値"), max_digits=16, decimal_places=4)
    status = models.CharField(_("確定の別"), max_length=11, choices=Status, default=Status.PROVISIONAL)
    answers = models.PositiveIntegerField(_("回答数（人）"), null=True, blank=True)
    response_rate = models.DecimalField(_("回収率（％）"), null=True, blank=True, max_digits=5, decimal_places=2)
    note = models.CharField(_("注"), max_length=300, blank=True)
    is_sample = models.BooleanField(_("サンプル"), default=False)
    source = models.JSONField(_("出典"), default=dict, blank=True)

    class Meta:
        verbose_name = _("実績値")
        verbose_name_plural = _("実績値")
        ordering = ["fiscal_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "indicator", "fiscal_year"], name="indicators_actual_one_a_year"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["provisional", "final"]), name="indicators_actual_status"
            ),
            models.CheckConstraint(
                condition=models.Q(response_rate=None) | models.Q(response_rate__range=(0, 100)),
                name="indicators_actual_response_rate",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fiscal_year}: {self.value}"


class Break(TenantModel):
    """From this fiscal year on the figure is measured in another way; nothing is computed across it."""

    indicator = TenantForeignKey(Indicator, on_delete=models.CASCADE, related_name="breaks")
    fiscal_year = models.PositiveSmallIntegerField(_("年度"))
    note = models.TextField(_("変更の内容"))

    class Meta:
        verbose_name = _("定義の変更")
        verbose_name_plural = _("定義の変更")
        ordering = ["fiscal_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "indicator", "fiscal_year"], name="indicators_break_one_a_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fiscal_year}: {self.note}"


class Closing(TenantModel):
    """A fiscal year's figure was frozen, with what it was counted from.

    `value` is None where the year had no figure. `rows` lists the records counted, each with its number, label, day
    and value, and `rows_sha256` is their digest (indicators/evidence.py); a figure that was entered has neither. A year
    that was opened again keeps its closing, with who opened it and why.
    """

    indicator = TenantForeignKey(Indicator, on_delete=models.PROTECT, related_name="closings")
    fiscal_year = models.PositiveSmallIntegerField(_("年度"))
    value = models.DecimalField(_("確定した値"), null=True, max_digits=16, decimal_places=4)
    measure = models.CharField(_("記録からの集計"), max_length=60, blank=True)
    row_count = models.PositiveIntegerField(_("数えた記録の件数"), null=True)
    rows = models.JSONField(_("数えた記録"), null=True)
    rows_sha256 = models.CharField(_("数えた記録のSHA-256"), max_length=64, blank=True)
    closed_at = models.DateTimeField(_("確定した日時"))
    closed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("確定した人")
    )
    reopened_at = models.DateTimeField(_("確定を取り消した日時"), null=True)
    reopened_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("確定を取り消した人")
    )
    reopen_reason = models.CharField(_("確定を取り消した理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("実績値の確定")
        verbose_name_plural = _("実績値の確定")
        ordering = ["fiscal_year", "closed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "indicator", "fiscal_year"],
                condition=models.Q(reopened_at=None),
                name="indicators_closing_one_a_year",
            ),
            models.CheckConstraint(
                condition=models.Q(measure="", rows__isnull=True, row_count=None, rows_sha256="")
                | (
                    ~models.Q(measure="")
                    & models.Q(rows__isnull=False, row_count__isnull=False, rows_sha256__regex="^[0-9a-f]{64}$")
                ),
                name="indicators_closing_evidence",
            ),
            models.CheckConstraint(
                condition=models.Q(reopened_at=None, reopen_reason="")
                | (models.Q(reopened_at__isnull=False) & ~models.Q(reopen_reason="")),
                name="indicators_closing_reopened_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fiscal_year}: {self.value}"


class Correction(TenantModel):
    """A frozen figure was put right (訂正). Reports that are published keep the old one."""

    closing = TenantForeignKey(Closing, on_delete=models.PROTECT, related_name="corrections")
    old_value = models.DecimalField(_("訂正前の値"), null=True, max_digits=16, decimal_places=4)
    new_value = models.DecimalField(_("訂正後の値"), max_digits=16, decimal_places=4)
    reason = models.CharField(_("訂正の理由"), max_length=300)
    made_at = models.DateTimeField(_("訂正した日時"))
    made_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("訂正した人")
    )

    class Meta:
        verbose_name = _("実績値の訂正")
        verbose_name_plural = _("実績値の訂正")
        ordering = ["made_at", "id"]

    def __str__(self) -> str:
        return f"{self.old_value} → {self.new_value}"


class Commitment(Sourced, TenantModel):
    """What one plan promises for an indicator: where it starts from and, in its targets, where it is to get.

    The labels and the printed figures are the plan's own words; `baseline_value` is None for an indicator that is new
    with the plan.
    """

    indicator = TenantForeignKey(Indicator, on_delete=models.PROTECT, related_name="commitments")
    name = models.CharField(_("計画での指標名"), max_length=200)
    answer = models.CharField(_("計画での回答"), max_length=200, blank=True)
    formula = models.CharField(_("達成率の計算方法"), max_length=16, choices=Formula)
    baseline_label = models.CharField(_("現状値の時点"), max_length=50, blank=True)
    baseline_fiscal_year = models.PositiveSmallIntegerField(_("現状値の年度"), null=True, blank=True)
    baseline_value = models.DecimalField(_("現状値"), null=True, blank=True, max_digits=16, decimal_places=4)
    baseline_printed = models.CharField(_("現状値の表記"), max_length=50, blank=True)
    note = models.TextField(_("注"), blank=True)

    class Meta:
        verbose_name = _("計画の指標")
        verbose_name_plural = _("計画の指標")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(formula__in=Formula.values), name="indicators_commitment_formula"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Target(TenantModel):
    """The value a commitment is to reach in one fiscal year."""

    commitment = TenantForeignKey(Commitment, on_delete=models.CASCADE, related_name="targets")
    fiscal_year = models.PositiveSmallIntegerField(_("年度"))
    label = models.CharField(_("目標値の時点"), max_length=50)
    value = models.DecimalField(_("目標値"), max_digits=16, decimal_places=4)
    printed = models.CharField(_("目標値の表記"), max_length=50)

    class Meta:
        verbose_name = _("目標値")
        verbose_name_plural = _("目標値")
        ordering = ["fiscal_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "commitment", "fiscal_year"], name="indicators_target_one_a_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fiscal_year}: {self.printed}"
