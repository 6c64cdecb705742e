"""The case library: what people have done together (活動事例)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from centres.information.models.entry import Entry
from centres.models import ActivityField, Group
from centres.search import search_text
from civic.tenancy.models import TenantForeignKey, TenantModel, TenantOneToOneField
from civic.uploads.models import UploadedFile


class Case(Entry):
    """Something that groups did with others. `fiscal_year` is the Gregorian year in which it begins.

    `partners` names those who are not groups of the directory: departments, schools, companies.
    """

    fiscal_year = models.PositiveSmallIntegerField(_("年度"), null=True, blank=True)
    field = models.PositiveSmallIntegerField(_("活動分野"), choices=ActivityField, null=True, blank=True)
    groups = models.ManyToManyField(Group, through="CaseGroup", related_name="cases", verbose_name=_("関わった団体"))
    partners = models.CharField(_("そのほかの関わった人たち"), max_length=300, blank=True)
    done = models.TextField(_("したこと"))
    outcome = models.TextField(_("その結果"), blank=True)
    search_text = models.GeneratedField(
        expression=search_text("title", "partners", "done", "outcome"),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta(Entry.Meta):
        verbose_name = _("活動事例")
        verbose_name_plural = _("活動事例")
        ordering = [models.F("fiscal_year").desc(nulls_last=True), "-id"]
        constraints = [
            *Entry.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(field=None) | models.Q(field__in=ActivityField.values), name="information_case_field"
            ),
        ]


class CaseGroup(TenantModel):
    """A group of the directory that took part in a case."""

    case = TenantForeignKey(Case, on_delete=models.CASCADE, related_name="in_groups")
    group = TenantForeignKey(Group, on_delete=models.PROTECT, related_name="in_cases")

    class Meta:
        verbose_name = _("活動事例と団体")
        verbose_name_plural = _("活動事例と団体")
        constraints = [models.UniqueConstraint(fields=["municipality", "case", "group"], name="information_case_group")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.group_id}"


class Permission(models.TextChoices):
    """Whether those who are seen in a photo let it be shown."""

    NOBODY = "nobody", _("だれの顔も写っていない")
    GIVEN = "given", _("写っている人全員から、のせてよいと聞いた")


class CasePhoto(TenantModel):
    """A photo of a case. No photo is kept of which it is not recorded that it may be shown."""

    case = TenantForeignKey(Case, on_delete=models.CASCADE, related_name="photos")
    file = TenantOneToOneField(UploadedFile, on_delete=models.PROTECT, related_name="+", verbose_name=_("写真"))
    alt = models.CharField(_("写真に写っているもの"), max_length=200)
    permission = models.CharField(_("写っている人の許可"), max_length=10, choices=Permission)
    permission_note = models.CharField(_("いつ、だれに、どう聞いたか"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("活動事例の写真")
        verbose_name_plural = _("活動事例の写真")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(permission=Permission.NOBODY)
                | (models.Q(permission=Permission.GIVEN) & ~models.Q(permission_note="")),
                name="information_photo_permission",
            ),
            models.CheckConstraint(condition=~models.Q(alt=""), name="information_photo_alt"),
        ]

    def __str__(self) -> str:
        return self.alt
