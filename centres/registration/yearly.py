"""The year of a registration: reminded, ended, waited for, and what else the staff does with a group's standing.

Run inside `acting_as`. A ValidationError says, in words for the person who asked, why it cannot be done.
"""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from centres.models import Group, GroupStanding, StandingChange
from centres.registration.letters import send_letter
from centres.registration.models import Application, ApplicationState, Letter, Paper, Registration, Representative
from centres.registration.queries import (
    applications_to_forget,
    current_registration,
    last_registrations,
    registration_rule,
)
from centres.standing import change_standing
from civic.accounts.models import User
from civic.uploads.models import UploadedFile
from civic.uploads.services import discard

S = GroupStanding
UNCONFIRMED_DAYS = 14
"""For how long an application waits for its mail's link to be opened; then it is forgotten, with the address."""


@transaction.atomic
def turn_day(today: date) -> None:
    """Do what a day brings: end registrations, remind, forget applications, send what did not go out.

    Done again on the same day it changes nothing, and a day that was missed is made up for.
    """
    _end_registrations(today)
    _remind(today)
    _forget(_unconfirmed(today))
    _forget(applications_to_forget(today))
    for letter in Letter.objects.filter(mailed_at=None):
        send_letter.enqueue(letter.pk)


def _unconfirmed(today: date) -> QuerySet[Application]:
    """The applications whose mail nobody opened in time."""
    last_kept = today - timedelta(days=UNCONFIRMED_DAYS)
    return Application.objects.filter(state=ApplicationState.UNCONFIRMED, created_at__date__lt=last_kept)


def _forget(applications: QuerySet[Application]) -> None:
    """Delete applications with their steps and letters, and the papers that came with them."""
    papers = list(UploadedFile.objects.filter(pk__in=Paper.objects.filter(application__in=applications).values("file")))
    applications.delete()
    for paper in papers:
        discard(paper)


def _end_registrations(today: date) -> None:
    """After its last day a group waits for renewal for as long as the rule says; then its registration has expired."""
    rule = registration_rule()
    ended = last_registrations().filter(valid_until__lt=today, group__standing__in=[S.REGISTERED, S.IN_GRACE])
    for registration in ended:
        group, end = registration.group, registration.valid_until
        end_of_grace = rule.last_day_of_grace(end)
        if group.standing == S.REGISTERED and rule.grace_days:
            change_standing(group, S.IN_GRACE, by=None, on=end + timedelta(days=1))
            if today <= end_of_grace and not _applied().filter(group=group).exists():
                _write(registration, Letter.Kind.IN_GRACE)
        if end_of_grace < today:
            change_standing(group, S.EXPIRED, by=None, on=end_of_grace + timedelta(days=1))
            _write(registration, Letter.Kind.ENDED)


def _remind(today: date) -> None:
    """Remind the representatives of groups that can renew and have not applied; of several reminders due, the last."""
    days = sorted(registration_rule().reminder_days)
    if not days:
        return
    soon = last_registrations().filter(
        valid_until__range=(today, today + timedelta(days=days[-1])), group__standing=S.REGISTERED
    )
    for registration in soon.exclude(group__in=_applied().values("group")):
        left = (registration.valid_until - today).days
        _write(registration, Letter.Kind.REMINDER, days_before=next(day for day in days if left <= day))


def _applied() -> QuerySet[Application]:
    """The applications that wait for the staff: whose group that is, need not be asked to renew."""
    return Application.objects.filter(state__in=[ApplicationState.RECEIVED, ApplicationState.UNDER_REVIEW])


def _write(registration: Registration, kind: Letter.Kind, *, days_before: int = 0) -> None:
    """Write to a group's representative, once about each thing; to nobody without an address, and about no sample."""
    seat = _seat_with_address(registration.group)
    if seat is None or registration.is_sample:
        return
    Letter.objects.get_or_create(
        registration=registration, kind=kind, days_before=days_before, defaults={"email": seat.email}
    )


def _seat_with_address(group: Group) -> Representative | None:
    return Representative.objects.filter(group=group, ended_at=None).exclude(email="").first()


# ---- what the staff does


@transaction.atomic
def suspend(group: Group, reason: str, *, by: User) -> None:
    """Take from a group what its registration gives it, for a reason, until it is resumed."""
    _tell(change_standing(group, S.SUSPENDED, by=by, reason=reason))


@transaction.atomic
def resume(group: Group, reason: str, *, by: User) -> None:
    """Take a suspension back, or a dissolution that was a mistake: registered as long as its registration lasts."""
    registration = current_registration(group)
    lasts = registration is not None and registration.valid_until >= timezone.localdate()
    _tell(change_standing(group, S.REGISTERED if lasts else S.EXPIRED, by=by, reason=reason))


@transaction.atomic
def dissolve(group: Group, reason: str, *, by: User) -> None:
    """Note that a group is no more."""
    _tell(change_standing(group, S.DISSOLVED, by=by, reason=reason))


def _tell(change: StandingChange) -> None:
    """Write to the group's representative what staff did with its registration, and why; about no sample."""
    seat = _seat_with_address(change.group)
    if seat and not change.group.is_sample:
        letter = Letter.objects.create(change=change, kind=Letter.Kind.STANDING, email=seat.email)
        send_letter.enqueue(letter.pk)
