"""Those who registered with the guild to help."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.models import ActivityField
from civic.accounts.models import Membership
from civic.tenancy.models import TenantForeignKey, TenantModel


class Supporter(TenantModel):
    """A person who offers help, known to groups by a nickname.

    Consent is per purpose: to be introduced to a group, to be telephoned at short notice, to be shown publicly.
    """

    nickname = models.CharField(_("呼び名"), max_length=50)
    membership = TenantForeignKey(
        Membership,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="supporters",
        verbose_name=_("所属"),
        help_text=_("サインインして自分の記録を見る人だけにあります。"),
    )
    can_do = models.TextField(_("できること"), blank=True)
    districts = models.CharField(_("活動できる地区"), max_length=200, blank=True)
    agrees_to_introduction = models.BooleanField(_("団体への紹介に同意"), default=False)
    agrees_to_urgent_calls = models.BooleanField(_("急な連絡の電話に同意"), default=False)
    agrees_to_publication = models.BooleanField(_("公開に同意"), default=False)
    registered_on = models.DateField(_("登録日"), default=timezone.localdate)
    is_sample = models.BooleanField(_("サンプル"), default=False)

    class Meta:
        verbose_name = _("ギルド登録者")
        verbose_name_plural = _("ギルド登録者")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.nickname


class SupporterField(TenantModel):
    """A field in which a supporter wants to help; a supporter may have several."""

    supporter = TenantForeignKey(Supporter, on_delete=models.CASCADE, related_name="fields")
    field = models.PositiveSmallIntegerField(_("活動分野"), choices=ActivityField)

    class Meta:
        verbose_name = _("登録者の活動分野")
        verbose_name_plural = _("登録者の活動分野")
        ordering = ["field"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "supporter", "field"], name="matching_supporter_field"),
            models.CheckConstraint(
                condition=models.Q(field__in=ActivityField.values), name="matching_field_of_the_act"
            ),
        ]

    def __str__(self) -> str:
        return self.get_field_display()
