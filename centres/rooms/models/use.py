"""What is used: how many people came, and what is lent."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.models import Group
from centres.rooms.models.booking import Booking
from centres.rooms.models.room import Room
from civic.accounts.models import User
from civic.tenancy.models import TenantForeignKey, TenantModel, TenantOneToOneField


class Use(TenantModel):
    """People who used a room or space at a moment, counted at the counter; 利用者数 is the sum of `people`.

    With a booking it tells how many of it came, once.
    """

    room = TenantForeignKey(Room, on_delete=models.PROTECT, related_name="uses", verbose_name=_("場所"))
    booking = TenantOneToOneField(
        Booking, on_delete=models.PROTECT, null=True, related_name="use", verbose_name=_("予約")
    )
    used_at = models.DateTimeField(_("使った日時"), default=timezone.now)
    people = models.PositiveSmallIntegerField(_("人数（人）"), validators=[MinValueValidator(1)])
    recorded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("記録した職員")
    )
    is_sample = models.BooleanField(_("サンプル"), default=False)

    class Meta:
        verbose_name = _("利用の記録")
        verbose_name_plural = _("利用の記録")
        ordering = ["-used_at", "-id"]
        indexes = [models.Index(fields=["municipality", "-used_at"], name="rooms_use_used_at")]
        constraints = [models.CheckConstraint(condition=models.Q(people__gte=1), name="rooms_use_people")]

    def __str__(self) -> str:
        return f"{self.room} {self.people}"


class Equipment(TenantModel):
    """Things of one kind that a centre lends (備品). The database lets no more be lent than there are."""

    name = models.CharField(_("備品の名前"), max_length=50)
    quantity = models.PositiveSmallIntegerField(_("あわせた数（個）"), validators=[MinValueValidator(1)])
    lent = models.PositiveSmallIntegerField(_("貸している数（個）"), default=0, editable=False)
    position = models.PositiveSmallIntegerField(_("並び順"), default=0)
    is_sample = models.BooleanField(_("サンプル"), default=False)

    class Meta:
        verbose_name = _("備品")
        verbose_name_plural = _("備品")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "name"], name="rooms_equipment_name"),
            models.CheckConstraint(condition=models.Q(lent__lte=models.F("quantity")), name="rooms_equipment_enough"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def left(self) -> int:
        """How many are there to lend."""
        return self.quantity - self.lent


class Loan(TenantModel):
    """Equipment that somebody has taken, until it is back."""

    equipment = TenantForeignKey(Equipment, on_delete=models.PROTECT, related_name="loans", verbose_name=_("備品"))
    quantity = models.PositiveSmallIntegerField(_("数（個）"), default=1, validators=[MinValueValidator(1)])
    group = TenantForeignKey(
        Group, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("団体")
    )
    lent_at = models.DateTimeField(_("貸した日時"), default=timezone.now)
    lent_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("貸した職員")
    )
    due_on = models.DateField(_("返す日"))
    returned_at = models.DateTimeField(_("返った日時"), null=True)
    is_sample = models.BooleanField(_("サンプル"), default=False)

    class Meta:
        verbose_name = _("備品の貸出し")
        verbose_name_plural = _("備品の貸出し")
        ordering = ["due_on", "id"]
        constraints = [models.CheckConstraint(condition=models.Q(quantity__gte=1), name="rooms_loan_quantity")]

    def __str__(self) -> str:
        return f"{self.equipment} {self.quantity}"
