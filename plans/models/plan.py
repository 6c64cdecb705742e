"""A plan as a whole: its words, the names of its levels, and the columns of its tables."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from civic.tenancy.models import TenantForeignKey, TenantModel
from indicators.models import Sourced


class Plan(Sourced, TenantModel):
    """A basic plan that a municipality adopted, for the fiscal years from `first_fiscal_year` to `last_fiscal_year`.

    `file_sha256` is the digest of the file it was loaded from; empty for a plan made, or once edited, on the portal.
    `predecessor` is the plan of which this one began as a copy.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("案")
        IN_FORCE = "in_force", _("実施中")
        SUPERSEDED = "superseded", _("期間終了")

    slug = models.SlugField(_("アドレス"), max_length=30)
    title = models.CharField(_("計画名"), max_length=200)
    subtitle = models.CharField(_("副題"), max_length=200, blank=True)
    slogan = models.CharField(_("スローガン"), max_length=200, blank=True)
    publisher = models.CharField(_("発行"), max_length=200, blank=True)
    published = models.CharField(_("発行年月"), max_length=50, blank=True)
    status = models.CharField(_("状態"), max_length=10, choices=Status, default=Status.DRAFT)
    first_fiscal_year = models.PositiveSmallIntegerField(_("最初の年度"))
    last_fiscal_year = models.PositiveSmallIntegerField(_("最後の年度"))
    predecessor = TenantForeignKey(
        "self", on_delete=models.PROTECT, related_name="successors", null=True, blank=True, verbose_name=_("前の計画")
    )
    file_sha256 = models.CharField(_("読みこんだファイルのSHA-256"), max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("計画")
        verbose_name_plural = _("計画")
        ordering = ["-first_fiscal_year", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "slug"], name="plans_plan_slug"),
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "in_force", "superseded"]), name="plans_plan_status"
            ),
            models.CheckConstraint(
                condition=models.Q(last_fiscal_year__gte=models.F("first_fiscal_year")), name="plans_plan_period"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PlanPart(TenantModel):
    """A row of one of the plan's ordered lists."""

    position = models.PositiveSmallIntegerField(_("並び順"))

    class Meta:
        abstract = True


class Passage(Sourced, PlanPart):
    """A heading and what stands beneath it; a line feed stands between two paragraphs.

    `kind` says what the passage is (aim, direction, background, table, …); in a table a tab stands between two cells.
    """

    kind = models.CharField(_("種類"), max_length=30)
    heading = models.CharField(_("見出し"), max_length=300, blank=True)
    body = models.TextField(_("本文"), blank=True)

    class Meta:
        abstract = True


class PlanText(Passage):
    """A passage of the plan as a whole, in the order of print."""

    plan = TenantForeignKey(Plan, on_delete=models.CASCADE, related_name="texts")

    class Meta:
        verbose_name = _("計画の本文")
        verbose_name_plural = _("計画の本文")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["municipality", "plan", "position"], name="plans_text_position")]

    def __str__(self) -> str:
        return self.heading or self.kind


class PlanLevel(TenantModel):
    """A level of the plan's tree; depth 1 is the outermost. Its name and its numbering are the plan's own.

    `numbering`: see plans/numbering.py. `continues`: the count does not begin again under each parent.
    """

    plan = TenantForeignKey(Plan, on_delete=models.CASCADE, related_name="levels")
    depth = models.PositiveSmallIntegerField(_("深さ"))
    name = models.CharField(_("階層名"), max_length=50)
    numbering = models.CharField(_("番号の書き方"), max_length=50, blank=True)
    continues = models.BooleanField(_("通し番号"), default=False)

    class Meta:
        verbose_name = _("階層")
        verbose_name_plural = _("階層")
        ordering = ["depth"]
        constraints = [models.UniqueConstraint(fields=["municipality", "plan", "depth"], name="plans_level_depth")]

    def __str__(self) -> str:
        return self.name


class NamedPart(PlanPart):
    """A name in one of the plan's ordered lists."""

    name = models.CharField(_("名称"), max_length=100)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Pillar(NamedPart):
    """One of the pillars (柱) that run across the tree."""

    plan = TenantForeignKey(Plan, on_delete=models.CASCADE, related_name="pillars")

    class Meta:
        verbose_name = _("柱")
        verbose_name_plural = _("柱")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["municipality", "plan", "name"], name="plans_pillar_name")]


class Audience(NamedPart):
    """One of those whom an item may address (推進項目の対象), shown as ■ or □."""

    plan = TenantForeignKey(Plan, on_delete=models.CASCADE, related_name="audiences")

    class Meta:
        verbose_name = _("対象")
        verbose_name_plural = _("対象")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["municipality", "plan", "name"], name="plans_audience_name")]


class Actor(NamedPart):
    """A column of the who-does-what table (役割区分)."""

    plan = TenantForeignKey(Plan, on_delete=models.CASCADE, related_name="actors")

    class Meta:
        verbose_name = _("主体")
        verbose_name_plural = _("主体")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["municipality", "plan", "name"], name="plans_actor_name")]


class ScheduleYear(TenantModel):
    """A column of the schedule (年次計画)."""

    plan = TenantForeignKey(Plan, on_delete=models.CASCADE, related_name="schedule_years")
    fiscal_year = models.PositiveSmallIntegerField(_("年度"))

    class Meta:
        verbose_name = _("年次計画の年度")
        verbose_name_plural = _("年次計画の年度")
        ordering = ["fiscal_year"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "plan", "fiscal_year"], name="plans_schedule_year")
        ]

    def __str__(self) -> str:
        return str(self.fiscal_year)


class Term(Sourced, PlanPart):
    """A word that the plan explains in a note."""

    plan = TenantForeignKey(Plan, on_delete=models.CASCADE, related_name="terms")
    mark = models.CharField(_("印"), max_length=20, blank=True)
    term = models.CharField(_("用語"), max_length=100)
    body = models.TextField(_("説明"))

    class Meta:
        verbose_name = _("用語")
        verbose_name_plural = _("用語")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["municipality", "plan", "position"], name="plans_term_position")]

    def __str__(self) -> str:
        return self.term
