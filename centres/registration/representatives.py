"""Who speaks for a group: seated with its registration, and followed by the next."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from centres.models import Group
from centres.registration.models import Representative
from centres.registration.queries import groups_of, representative_of
from centres.registration.rules import KEEPS_OWN_GROUP
from civic.accounts import services as accounts
from civic.accounts.models import Invitation, Membership, Role, User
from civic.accounts.queries import members, unanswered_invitations
from civic.accounts.rules import may


@transaction.atomic
def seat(group: Group, name: str, email: str, *, by: User) -> Representative:
    """Make somebody the representative of a group. Whoever was it before loses the access with their next request.

    They get access as the member they are, else by an invitation to their address; without an address they get none.
    Raises ValidationError where the address belongs to somebody whose role here is another.
    """
    Group.objects.select_for_update().get(pk=group.pk)
    email = email.lower()
    before = representative_of(group)
    if before and (before.name, before.email) == (name, email):
        return before
    if before:
        unseat(before)
    membership = members().filter(user__email=email).first() if email else None
    if membership and not may(KEEPS_OWN_GROUP, membership):
        words = {"email": email, "role": membership.get_role_display()}
        raise ValidationError(
            _("%(email)sの方は、ここでは「%(role)s」です。代表者には、別のメールアドレスを使ってください。") % words
        )
    invitation = _invitation(email, by) if email and not membership else None
    return Representative.objects.create(
        group=group, name=name, email=email, membership=membership, invitation=invitation
    )


def _invitation(email: str, by: User) -> Invitation:
    """The invitation of an address: the one that waits for an answer, as for another group of theirs, or a new one."""
    waiting = unanswered_invitations().filter(email=email).first()
    if waiting is None:
        return accounts.invite(email, Role.GROUP, None, by)
    if waiting.role != Role.GROUP:
        raise ValidationError(_("この方は、別の役割で招待されています。先に、その招待を取り消してください。"))
    return waiting


def unseat(seat: Representative) -> None:
    """End a representative's time, and their place in the municipality where they held it for this group alone."""
    seat.ended_at = timezone.now()
    seat.save(update_fields=["ended_at"])
    membership = _membership_of(seat)
    if membership and membership.role == Role.GROUP and not groups_of(membership).exists():
        accounts.retire(membership)
    waiting = unanswered_invitations().filter(pk=seat.invitation.pk).first() if seat.invitation else None
    if waiting and not Representative.objects.filter(invitation=waiting, ended_at=None).exists():
        accounts.revoke_invitation(waiting)


def _membership_of(seat: Representative) -> Membership | None:
    """The running membership by which a representative has access, if there is one yet."""
    known = [seat.membership_id, seat.invitation.accepted_as_id if seat.invitation else None]
    return members().filter(pk__in=[pk for pk in known if pk]).first()
