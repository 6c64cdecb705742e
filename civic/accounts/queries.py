"""Reading people and their roles.

Memberships are global, so row security does not choose them: `_memberships_here` does, and nothing else.
"""

from typing import cast

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.db.models import Exists, OuterRef, Q, QuerySet

from civic.accounts.models import Department, Invitation, Membership, Role, User
from civic.tenancy.context import current_municipality
from civic.tenancy.models import Municipality
from civic.tenancy.requests import PortalRequest

SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def membership_of(request: PortalRequest) -> Membership | None:
    """Return the running membership of the request's user in the address's municipality.

    Asked once per request and never kept beyond it, so that an ended membership ends with the next request.
    """
    if not hasattr(request, "_membership"):
        request._membership = (  # type: ignore[attr-defined]
            Membership.objects.filter(user_id=request.user.pk, municipality=request.municipality, ended_at=None).first()
            if request.user.is_authenticated and request.municipality is not None
            else None
        )
    membership: Membership | None = request._membership  # type: ignore[attr-defined]
    return membership


def member_of(request: PortalRequest) -> Membership:
    """Return who asks, in a view whose rule lets only members of the municipality pass."""
    return cast(Membership, membership_of(request))


def memberships_of(user: User) -> QuerySet[Membership]:
    """Return the user's running memberships, whatever the municipality."""
    return user.memberships.filter(ended_at=None).select_related("municipality").order_by("municipality__code")


def has_second_factor(user: User) -> bool:
    """Tell whether the user signs in with more than a password. Recovery codes alone do not count."""
    return bool(is_mfa_enabled(user, SECOND_FACTORS))


def _memberships_here() -> QuerySet[Membership]:
    return Membership.objects.filter(municipality=current_municipality())


def members() -> QuerySet[Membership]:
    """Return the running memberships of the municipality acted as."""
    return _memberships_here().filter(ended_at=None)


def member_list() -> QuerySet[Membership]:
    """Return the running memberships with what their list shows, by role and in order of arrival."""
    factors = Authenticator.objects.filter(user=OuterRef("user"), type__in=SECOND_FACTORS)
    return (
        members()
        .select_related("user")
        .prefetch_related("departments__department")
        .annotate(has_second_factor=Exists(factors))
        .order_by("role", "started_at", "pk")
    )


def people_ever() -> QuerySet[User]:
    """Return everyone who is or was a member of the municipality acted as."""
    return User.objects.filter(pk__in=_memberships_here().values("user")).order_by("name", "email")


def unanswered_invitations() -> QuerySet[Invitation]:
    """Return the invitations that wait for an answer, lapsed ones included."""
    return Invitation.objects.filter(accepted_at=None, revoked_at=None).select_related("department", "invited_by")


def departments() -> QuerySet[Department]:
    """Return the departments of the municipality acted as."""
    return Department.objects.all()


def municipalities_with_managers(wanted: str) -> QuerySet[Municipality]:
    """Return the municipalities whose name or code holds `wanted`, and whether each has a manager."""
    managers = Membership.objects.filter(municipality=OuterRef("pk"), role=Role.MANAGER, ended_at=None)
    return Municipality.objects.filter(
        Q(name__contains=wanted) | Q(name_kana__contains=wanted) | Q(code__startswith=wanted)
    ).annotate(has_manager=Exists(managers))
