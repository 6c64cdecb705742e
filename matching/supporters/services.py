"""What happens to those who help: each function is one thing, in one transaction. Run inside `acting_as`.

What follows for introductions that run is not known here: `matching.introductions.withdrawing` calls these.
A ValidationError says, in words for the person who asked, why it cannot be done.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from centres.registration.queries import groups_of
from civic.accounts import services as accounts
from civic.accounts.models import Invitation, InvitationState, Role, User
from civic.accounts.queries import members, unanswered_invitations
from civic.accounts.rules import may
from matching.models import (
    Away,
    Consent,
    ConsentPurpose,
    Feedback,
    Participation,
    Skill,
    SkillLevel,
    Supporter,
    SupporterContact,
    SupporterDistrict,
    SupporterField,
    SupporterSkill,
    SupporterStatus,
    SupporterTime,
)
from matching.rules import KEEPS_OWN_HELP
from matching.supporters.queries import contacts_to_purge, guild_rule, supporters_of
from matching.supporters.tasks import send_welcome

Status = SupporterStatus
UNCONFIRMED_DAYS = 14
"""For how long a registration waits for its letter's link to be opened."""
LEFT_NICKNAME = "退会した方"

Times = Collection[tuple[int, time, time]]
"""Weekday, from, until."""


@dataclass(frozen=True)
class Profile:
    """What somebody says of the help they offer, beside what stands on their own row."""

    skills: Mapping[Skill, SkillLevel] = field(default_factory=dict)
    fields: Collection[int] = ()
    districts: Collection[int] = ()  # their ids


# ---- joining


@transaction.atomic
def join(
    supporter: Supporter,
    contact: SupporterContact,
    profile: Profile,
    times: Times,
    purposes: Collection[ConsentPurpose],
    *,
    by: User | None,
) -> Supporter:
    """Register somebody who offers help; on the web (`by` nobody) it counts once the link of a letter is opened.

    At the counter it counts at once, and what was agreed to stands on the paper that staff keep.
    """
    supporter.status = Status.ACTIVE if by else Status.UNCONFIRMED
    supporter.save()
    contact.supporter = supporter
    contact.email = contact.email.lower()
    contact.save()
    keep_profile(supporter, profile)
    SupporterTime.objects.bulk_create(
        SupporterTime(supporter=supporter, weekday=weekday, starts=starts, ends=ends) for weekday, starts, ends in times
    )
    Consent.objects.bulk_create(
        Consent(supporter=supporter, purpose=purpose, is_on_paper=by is not None) for purpose in purposes
    )
    if by is None:
        send_welcome.enqueue(supporter.pk)
    elif contact.email:
        _open_own_pages(supporter, contact.email, by)
    return supporter


@transaction.atomic
def confirm(supporter: Supporter) -> None:
    """Count the registration of whoever reads the mail of its address. Opening the link again changes nothing.

    Raises ValidationError where the same person registered with the same address before.
    """
    stands = Supporter.objects.select_for_update().get(pk=supporter.pk)
    if stands.status != Status.UNCONFIRMED:
        return
    contact = SupporterContact.objects.get(supporter=stands)
    here = Supporter.objects.filter(status__in=[Status.ACTIVE, Status.PAUSED], kind=stands.kind)
    if here.filter(contact__email=contact.email, contact__name=contact.name).exists():
        raise ValidationError(_("同じお名前とメールアドレスの登録が、もうあります。"))
    stands.status, stands.registered_on = Status.ACTIVE, timezone.localdate()
    stands.save(update_fields=["status", "registered_on"])
    _open_own_pages(stands, contact.email, None)


def _open_own_pages(supporter: Supporter, email: str, by: User | None) -> None:
    """Give somebody their own pages: as the member they are, else by an invitation to their address.

    Whoever is here in another role, as staff are, gets none; they change their record at the counter.
    """
    membership = members().filter(user__email=email).first()
    if membership:
        supporter.membership = membership if may(KEEPS_OWN_HELP, membership) else None
    else:
        supporter.invitation = _invitation(email, by)
    supporter.save(update_fields=["membership", "invitation"])


def _invitation(email: str, by: User | None) -> Invitation:
    """The invitation of an address: the one that waits for an answer, as for a group of theirs, or a new one."""
    waiting = unanswered_invitations().filter(email=email).first()
    if waiting is None:
        return accounts.invite(email, Role.SUPPORTER, None, by)
    if waiting.state is InvitationState.EXPIRED:
        accounts.resend_invitation(waiting)
    return waiting


@transaction.atomic
def forget_unconfirmed(today: date) -> int:
    """Delete the registrations whose link nobody opened, with all that was written in them; return how many."""
    last = today - timedelta(days=UNCONFIRMED_DAYS)
    abandoned = Supporter.objects.filter(status=Status.UNCONFIRMED, registered_on__lt=last)
    count = abandoned.count()
    abandoned.delete()
    return count


# ---- what one keeps of oneself


@transaction.atomic
def keep_profile(supporter: Supporter, profile: Profile) -> None:
    """Write down what somebody offers, in the place of what they offered before."""
    supporter.save()
    supporter.skills.all().delete()
    supporter.fields.all().delete()
    supporter.districts.all().delete()
    SupporterSkill.objects.bulk_create(
        SupporterSkill(supporter=supporter, skill=skill, level=level) for skill, level in profile.skills.items()
    )
    SupporterField.objects.bulk_create(SupporterField(supporter=supporter, field=number) for number in profile.fields)
    SupporterDistrict.objects.bulk_create(
        SupporterDistrict(supporter=supporter, district_id=district) for district in profile.districts
    )


def keep_contact(contact: SupporterContact) -> None:
    """Put right who somebody is, or how to reach them."""
    contact.save()


@transaction.atomic
def add_time(supporter: Supporter, weekday: int, starts: time, ends: time) -> None:
    """Add a time of the week; those of the same day that it meets become one with it."""
    Supporter.objects.select_for_update().get(pk=supporter.pk)
    met = supporter.times.filter(weekday=weekday, starts__lte=ends, ends__gte=starts)
    spans = [(other.starts, other.ends) for other in met]
    met.delete()
    SupporterTime.objects.create(
        supporter=supporter,
        weekday=weekday,
        starts=min([starts, *(begins for begins, _ends in spans)]),
        ends=max([ends, *(until for _begins, until in spans)]),
    )


def add_away(supporter: Supporter, first_day: date, last_day: date) -> None:
    """Note days, the last included, on which somebody cannot help."""
    Away.objects.create(supporter=supporter, first_day=first_day, last_day=last_day)


def remove_time(time_of_week: SupporterTime) -> None:
    """Take a time of the week away."""
    time_of_week.delete()


def remove_away(away: Away) -> None:
    """Take days away on which somebody could not help."""
    away.delete()


# ---- pausing and leaving


@transaction.atomic
def pause(supporter: Supporter, until: date | None) -> None:
    """Ask somebody nothing until the day after `until`; without one, until they come back by themselves."""
    _move(supporter, [Status.ACTIVE, Status.PAUSED], Status.PAUSED, paused_until=until)


@transaction.atomic
def come_back(supporter: Supporter) -> None:
    """End a pause."""
    _move(supporter, [Status.PAUSED], Status.ACTIVE, paused_until=None)


@transaction.atomic
def end_pauses(today: date) -> int:
    """End the pauses that lasted until yesterday; return how many."""
    over = list(Supporter.objects.filter(status=Status.PAUSED, paused_until__lt=today))
    for supporter in over:
        come_back(supporter)
    return len(over)


@transaction.atomic
def give_consent(supporter: Supporter, purpose: ConsentPurpose, *, on_paper: bool = False) -> None:
    """Note that somebody agrees to a purpose from now on. Nothing changes where they do already."""
    # Without the key: whoever writes to them meanwhile, having locked a request, does not wait.
    Supporter.objects.select_for_update(no_key=True).get(pk=supporter.pk)
    Consent.objects.get_or_create(
        supporter=supporter, purpose=purpose, withdrawn_at=None, defaults={"is_on_paper": on_paper}
    )


@transaction.atomic
def withdraw_consent(supporter: Supporter, purpose: ConsentPurpose) -> None:
    """Note that somebody agrees to a purpose no more, from this moment."""
    supporter.consents.filter(purpose=purpose, withdrawn_at=None).update(withdrawn_at=timezone.now())


@transaction.atomic
def end(supporter: Supporter) -> None:
    """Let somebody leave: nothing is agreed to any more, their name here is nobody's, and their own pages end.

    What was done stays with the record, so that it is counted. How to reach them goes by `purge`.
    """
    stands = Supporter.objects.select_related("membership", "invitation__accepted_as").get(pk=supporter.pk)
    running = [Status.UNCONFIRMED, Status.ACTIVE, Status.PAUSED]
    nobody = {"nickname": LEFT_NICKNAME, "paused_until": None, "membership": None, "invitation": None}
    _move(supporter, running, Status.LEFT, left_on=timezone.localdate(), **nobody)
    supporter.consents.filter(withdrawn_at=None).update(withdrawn_at=timezone.now())
    _close_own_pages(stands)


def _close_own_pages(before: Supporter) -> None:
    """End a place in the municipality that was held for the guild alone, or the invitation to it."""
    invitation = before.invitation
    membership = before.membership or (invitation.accepted_as if invitation else None)
    if membership:
        is_needed = supporters_of(membership).exists() or groups_of(membership).exists()
        if membership.role == Role.SUPPORTER and membership.ended_at is None and not is_needed:
            accounts.retire(membership)
    elif invitation and invitation.revoked_at is None and invitation.role == Role.SUPPORTER:
        is_shared = Supporter.objects.filter(invitation=invitation).exists()
        if not is_shared:
            accounts.revoke_invitation(invitation)


@transaction.atomic
def purge(today: date) -> int:
    """Forget who left longer ago than the municipality's days, and what they offered; return how many.

    The row stays with its kind and district, and so does all that is counted.
    """
    contacts = list(contacts_to_purge(today - timedelta(days=guild_rule().contact_days)))
    for contact in contacts:
        supporter = contact.supporter
        supporter.can_do = supporter.languages = ""
        supporter.insured_from = None
        # Before what hangs on it: whoever has a match of theirs in hand at this moment locked them first.
        supporter.save()
        supporter.skills.all().delete()
        supporter.fields.all().delete()
        supporter.districts.all().delete()
        supporter.times.all().delete()
        supporter.absences.all().delete()
        supporter.letters.filter(match=None).delete()
        # Of a match both sides' letters name them. That there were some, to whom and when, stays with the match.
        supporter.letters.update(body=_("（退会した方についての手紙なので、本文は消しました。）"))
        supporter.matches.update(reasons=[])
        # What they wrote of their days, and both sides of one another. That it was so long, and so good, stays.
        Participation.objects.filter(match__supporter=supporter).update(note="")
        Feedback.objects.filter(match__supporter=supporter).update(words="")
        contact.delete()
    return len(contacts)


def _move(supporter: Supporter, sources: Collection[Status], to: Status, **values: object) -> None:
    """Bring somebody to a status, in one guarded update. Raises ValidationError where they stand elsewhere by now."""
    if not Supporter.objects.filter(pk=supporter.pk, status__in=sources).update(status=to, **values):
        supporter.refresh_from_db()
        words = {"now": supporter.get_status_display(), "to": to.label}
        raise ValidationError(_("いまは「%(now)s」なので、「%(to)s」にはできません。") % words)
    supporter.refresh_from_db()
