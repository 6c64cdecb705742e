"""People, and what they may do where."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from civic.tenancy.models import Municipality, TenantForeignKey, TenantModel


class Role(models.TextChoices):
    """What a person is to one municipality."""

    MANAGER = "manager", _("館長")
    STAFF = "staff", _("センター職員")
    PLANNER = "planner", _("計画担当")
    OFFICER = "officer", _("担当課")
    COUNCIL = "council", _("審議会")
    GROUP = "group", _("団体")
    SUPPORTER = "supporter", _("ギルド登録者")


class UserManager(BaseUserManager["User"]):
    """Makes users known by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Create a user; without a password they cannot sign in until they set one."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who signs in. Global: one person may serve several municipalities."""

    email = models.EmailField(_("メールアドレス"), unique=True)
    name = models.CharField(_("氏名"), max_length=100, blank=True)
    is_active = models.BooleanField(_("有効"), default=True)
    is_operator = models.BooleanField(
        _("運用担当"), default=False, help_text=_("自治体と館長を登録する人。個人情報は見られません。")
    )
    is_sample = models.BooleanField(_("サンプル"), default=False)
    created_at = models.DateTimeField(_("登録日時"), default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        verbose_name = _("利用者")
        verbose_name_plural = _("利用者")

    def __str__(self) -> str:
        return self.name or self.email


class Membership(models.Model):
    """A role of a person in a municipality, from a day and until it is ended. Global: read at sign-in."""

    user = models.ForeignKey(User, verbose_name=_("利用者"), on_delete=models.CASCADE, related_name="memberships")
    municipality = models.ForeignKey(
        Municipality, verbose_name=_("自治体"), on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(_("役割"), max_length=10, choices=Role)
    started_at = models.DateTimeField(_("開始"), default=timezone.now)
    ended_at = models.DateTimeField(_("終了"), null=True, blank=True)

    class Meta:
        verbose_name = _("所属")
        verbose_name_plural = _("所属")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "municipality"],
                condition=models.Q(ended_at=None),
                name="accounts_one_role_each",
            ),
            # What composite keys of tenant tables refer to.
            models.UniqueConstraint(fields=["municipality", "id"], name="accounts_membership_tenant_key"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="accounts_membership_role"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()}"


class Department(TenantModel):
    """An office of the municipality (課) that answers for items of a plan."""

    name = models.CharField(_("担当課"), max_length=100)
    position = models.PositiveSmallIntegerField(_("並び順"), default=0)

    class Meta:
        verbose_name = _("担当課")
        verbose_name_plural = _("担当課")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["municipality", "name"], name="accounts_department_name")]

    def __str__(self) -> str:
        return self.name


class DepartmentMember(TenantModel):
    """A person who reports for a department."""

    membership = TenantForeignKey(
        Membership, verbose_name=_("所属"), on_delete=models.CASCADE, related_name="departments"
    )
    department = TenantForeignKey(
        Department, verbose_name=_("担当課"), on_delete=models.CASCADE, related_name="members"
    )

    class Meta:
        verbose_name = _("担当課の職員")
        verbose_name_plural = _("担当課の職員")
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "membership", "department"], name="accounts_department_member"
            )
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.membership}"


INVITATION_LASTS = timedelta(days=14)


def invitation_end() -> datetime:
    """Return when an invitation sent now lapses."""
    return timezone.now() + INVITATION_LASTS


class InvitationState(models.TextChoices):
    """Where an invitation stands; only an open one can be accepted."""

    OPEN = "open", _("返事待ち")
    EXPIRED = "expired", _("期限切れ")
    ACCEPTED = "accepted", _("参加済み")
    REVOKED = "revoked", _("取り消し")


class Invitation(TenantModel):
    """A role offered to whoever reads the mail of an address, until it lapses. The only way to an account."""

    email = models.EmailField(_("メールアドレス"))
    role = models.CharField(_("役割"), max_length=10, choices=Role)
    department = TenantForeignKey(
        Department,
        verbose_name=_("担当課"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    invited_by = models.ForeignKey(
        User, verbose_name=_("招待した人"), on_delete=models.SET_NULL, related_name="+", null=True
    )
    created_at = models.DateTimeField(_("招待した日時"), default=timezone.now)
    expires_at = models.DateTimeField(_("期限"), default=invitation_end)
    mailed_at = models.DateTimeField(_("メールを送った日時"), null=True)
    accepted_at = models.DateTimeField(_("参加した日時"), null=True)
    accepted_as = TenantForeignKey(
        Membership, verbose_name=_("参加して得た所属"), on_delete=models.SET_NULL, related_name="+", null=True
    )
    revoked_at = models.DateTimeField(_("取り消した日時"), null=True)

    class Meta:
        verbose_name = _("招待")
        verbose_name_plural = _("招待")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "email"],
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="accounts_one_invitation_each",
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="accounts_invitation_role"),
            models.CheckConstraint(
                condition=models.Q(role=Role.OFFICER, department__isnull=False)
                | (~models.Q(role=Role.OFFICER) & models.Q(department=None)),
                name="accounts_invitation_department",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at=None) | models.Q(revoked_at=None),
                name="accounts_invitation_ends_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} {self.get_role_display()}"

    @property
    def state(self) -> InvitationState:
        if self.accepted_at:
            return InvitationState.ACCEPTED
        if self.revoked_at:
            return InvitationState.REVOKED
        return InvitationState.OPEN if self.expires_at > timezone.now() else InvitationState.EXPIRED
