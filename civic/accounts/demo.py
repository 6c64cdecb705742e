"""The accounts with which the portal is tried out."""

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction

from civic.accounts import queries
from civic.accounts.models import DepartmentMember, Membership, Role, User
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality

OPERATOR = "operator@example.jp"


@transaction.atomic
def create_demo_accounts(password: str) -> list[str]:
    """Make `{role}@{slug}.example.jp` for every role and municipality, and `operator@example.jp`.

    Returns their addresses. Run again, it changes nothing but a password that is another one. The officer answers for
    the municipality's first department, if it has one.
    """
    hashed = _hash(password)
    operator = _account(OPERATOR, "サンプル 運用担当", hashed, is_operator=True)
    addresses = [operator.email]
    for municipality in Municipality.objects.all():
        for role in Role:
            user = _account(f"{role}@{municipality.slug}.example.jp", f"サンプル {role.label}", hashed)
            addresses.append(user.email)
            membership, _created = Membership.objects.get_or_create(
                user=user, municipality=municipality, ended_at=None, defaults={"role": role}
            )
            if role == Role.OFFICER:
                with acting_as(municipality):
                    department = queries.departments().first()
                    if department:
                        DepartmentMember.objects.get_or_create(membership=membership, department=department)
    return addresses


def _hash(password: str) -> str:
    """The hash of the password. One that fits is kept: a new one would sign everybody out."""
    operator = User.objects.filter(email=OPERATOR).first()
    return operator.password if operator and operator.check_password(password) else make_password(password)


def _account(email: str, name: str, hashed_password: str, *, is_operator: bool = False) -> User:
    # One hash for all of them: hashing is slow on purpose.
    user, _created = User.objects.update_or_create(
        email=email,
        defaults={"name": name, "password": hashed_password, "is_sample": True, "is_operator": is_operator},
    )
    EmailAddress.objects.get_or_create(user=user, email=email, defaults={"primary": True, "verified": True})
    return user
