"""What happens to people's places in a municipality: one function, one transaction.

All but `create_account` and `invite_manager` run inside `acting_as`. A ValidationError says, in words for the person
who asked, why it cannot be done.
"""

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.accounts import queries
from civic.accounts.models import (
    Department,
    DepartmentMember,
    Invitation,
    InvitationState,
    Membership,
    Role,
    User,
    invitation_end,
)
from civic.accounts.tasks import send_invitation
from civic.tenancy.context import acting_as, current_municipality
from civic.tenancy.models import Municipality


@transaction.atomic
def create_account(email: str, password: str, name: str, *, is_operator: bool = False) -> User:
    """Make the account of someone who is known to read the mail of `email`."""
    user = User.objects.create_user(email, password, name=name, is_operator=is_operator)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


@transaction.atomic
def invite(email: str, role: Role, department: Department | None, invited_by: User | None) -> Invitation:
    """Offer a role to whoever reads the mail of an address, and send it the link; by nobody where they asked for it.

    Raises ValidationError where the address belongs to a member already, or has an unanswered invitation.
    """
    email = email.lower()
    if queries.members().filter(user__email=email).exists():
        raise ValidationError(_("この方は、すでにこの自治体の利用者です。役割は一覧から変えられます。"))
    if queries.unanswered_invitations().filter(email=email).exists():
        raise ValidationError(_("この方には、すでに招待を送っています。一覧の「もう一度送る」をお使いください。"))
    invitation = Invitation.objects.create(email=email, role=role, department=department, invited_by=invited_by)
    send_invitation.enqueue(invitation.pk)
    return invitation


def invite_manager(municipality: Municipality, email: str, invited_by: User) -> Invitation:
    """Invite someone to manage a municipality, as its operator does; once more where they have not answered.

    Raises ValidationError as `invite` does.
    """
    with acting_as(municipality, actor_id=invited_by.pk):
        unanswered = queries.unanswered_invitations().filter(email=email.lower(), role=Role.MANAGER).first()
        if unanswered is None:
            return invite(email, Role.MANAGER, None, invited_by)
        resend_invitation(unanswered)
        return unanswered


@transaction.atomic
def resend_invitation(invitation: Invitation) -> None:
    """Send the link again; it holds for the full time from now.

    Raises ValidationError where the invitation was accepted or revoked.
    """
    invitation = _unanswered(invitation)
    invitation.expires_at = invitation_end()
    invitation.mailed_at = None
    invitation.save(update_fields=["expires_at", "mailed_at"])
    send_invitation.enqueue(invitation.pk)


@transaction.atomic
def revoke_invitation(invitation: Invitation) -> None:
    """Take an invitation back: its link ends.

    Raises ValidationError where the invitation was accepted or revoked.
    """
    invitation = _unanswered(invitation)
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])


def _unanswered(invitation: Invitation) -> Invitation:
    locked = queries.unanswered_invitations().select_for_update(of=("self",)).filter(pk=invitation.pk).first()
    if locked is None:
        raise ValidationError(_("この招待は、すでに使われたか、取り消されています。"))
    return locked


@transaction.atomic
def accept_invitation(invitation: Invitation, user: User) -> Membership:
    """Give the invited person their place; the link ends.

    Raises ValidationError where the invitation is no longer open, or the person has a place here already.
    """
    invitation = _unanswered(invitation)
    if invitation.state is not InvitationState.OPEN:
        raise ValidationError(_("この招待は期限が切れています。"))
    if queries.members().filter(user=user).exists():
        raise ValidationError(_("あなたは、すでにこの自治体の利用者です。"))
    membership = Membership.objects.create(user=user, municipality=current_municipality(), role=invitation.role)
    invitation.accepted_at, invitation.accepted_as = timezone.now(), membership
    invitation.save(update_fields=["accepted_at", "accepted_as"])
    if invitation.department:
        DepartmentMember.objects.create(membership=membership, department=invitation.department)
    return membership


@transaction.atomic
def register_invited(invitation: Invitation, name: str, password: str) -> User:
    """Make the account of an invited person, whose address the link has proved, and give them their place.

    Raises ValidationError where the invitation is no longer open.
    """
    # Locked first: a form sent twice makes one account.
    invitation = _unanswered(invitation)
    user = create_account(invitation.email, password, name)
    accept_invitation(invitation, user)
    return user


@transaction.atomic
def end_membership(membership: Membership, by: User) -> None:
    """End a person's place in the municipality, from their next request on.

    Raises ValidationError for one's own place and for the last manager's.
    """
    _refuse_to_leave_unmanaged(membership, by)
    membership.ended_at = timezone.now()
    membership.save(update_fields=["ended_at"])


def retire(membership: Membership) -> None:
    """End the place of someone who no longer has what they held it for, as a group's representative after the next one
    took over. Never a manager's, who leaves by `end_membership`."""
    membership.ended_at = timezone.now()
    membership.save(update_fields=["ended_at"])


@transaction.atomic
def change_role(membership: Membership, role: Role, department: Department | None, by: User) -> None:
    """Give a member another role; an officer answers for `department`, nobody else for any.

    Raises ValidationError for one's own role and for the last manager's.
    """
    _refuse_to_leave_unmanaged(membership, by)
    membership.role = role
    membership.save(update_fields=["role"])
    membership.departments.all().delete()
    if department:
        DepartmentMember.objects.create(membership=membership, department=department)


def _refuse_to_leave_unmanaged(membership: Membership, by: User) -> None:
    if membership.user_id == by.pk:
        raise ValidationError(_("ご自分の役割は変えられません。ほかの館長に頼んでください。"))
    # Locked, so that two managers who end each other's places do not both succeed.
    managers = list(queries.members().filter(role=Role.MANAGER).order_by("pk").select_for_update())
    if managers == [membership]:
        raise ValidationError(_("館長が一人もいなくなるので、できません。先に、ほかの方を館長にしてください。"))
