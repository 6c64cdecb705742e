"""What becomes of an application: each function is one thing that happens, in one transaction. Run inside `acting_as`.

A ValidationError says, in words for the person who asked, why it cannot be done.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from centres.directory.resources import UNTIL
from centres.directory.services import next_number
from centres.models import Entitlement, Group, GroupStanding
from centres.registration import entries, representatives
from centres.registration.letters import send_letter
from centres.registration.models import (
    TRANSITIONS,
    Application,
    ApplicationKind,
    ApplicationState,
    ApplicationStep,
    Letter,
    Paper,
    Registration,
)
from centres.registration.queries import current_registration, registration_rule, representative_of
from centres.standing import change_standing, register_since_joining
from civic.accounts.models import Membership, User
from civic.jobs import services as jobs
from civic.uploads.checking import CheckedFile
from civic.uploads.services import discard, store

Papers = Mapping[int, CheckedFile]
"""Files that were sent, by the number of the paper (`RequiredPaper`) that each is."""
NO_PAPERS: Papers = {}
Kind = ApplicationKind
State = ApplicationState

CERTIFICATE = "registration.certificate"


# ---- the group's part


@transaction.atomic
def apply(answers: Mapping[str, Any], representative_name: str, email: str, papers: Papers = NO_PAPERS) -> Application:
    """Take down what a group wants registered; it reaches the centre once the mail's link is opened."""
    application = Application.objects.create(
        kind=Kind.NEW,
        state=State.UNCONFIRMED,
        representative_name=representative_name,
        email=email.lower(),
        answers=entries.within_rule(answers, entries.field_rules()),
    )
    _keep_papers(application, papers, None)
    _leave_step(application, None, letter=Letter.Kind.CONFIRM)
    return application


@transaction.atomic
def confirm(application: Application) -> None:
    """Receive the application of whoever reads the mail of its address. Opening the link again changes nothing."""
    if application.state == State.UNCONFIRMED:
        move(application, State.RECEIVED, by=None, letter=Letter.Kind.RECEIVED)


@transaction.atomic
def correct(
    application: Application,
    answers: Mapping[str, Any],
    representative_name: str,
    papers: Papers = NO_PAPERS,
    *,
    by: User | None,
) -> None:
    """Hand in again what was sent back, corrected; by nobody in particular where the group does it by its link."""
    move(application, State.RECEIVED, by=by)
    application.answers = application.answers | entries.within_rule(answers, entries.field_rules())
    application.representative_name = representative_name
    application.save(update_fields=["answers", "representative_name"])
    _keep_papers(application, papers, by)


@transaction.atomic
def withdraw(application: Application, *, by: User | None) -> None:
    """Ask for nothing any more."""
    move(application, State.WITHDRAWN, by=by)


@transaction.atomic
def apply_for_group(
    group: Group,
    answers: Mapping[str, Any],
    representative_name: str,
    email: str,
    papers: Papers = NO_PAPERS,
    *,
    by: User,
) -> Application:
    """Ask for another year of a group, as its representative or a member of staff at the counter.

    For a group that is in the directory without a registration it is the first. Raises ValidationError where an
    application of the group is still open.
    """
    _refuse_second(group)
    application = Application.objects.create(
        kind=Kind.RENEWAL,
        state=State.RECEIVED,
        group=group,
        representative_name=representative_name,
        email=email.lower(),
        answers=entries.within_rule(answers, entries.field_rules()),
        entered_by=by,
    )
    _keep_papers(application, papers, by)
    _leave_step(application, by)
    return application


@transaction.atomic
def apply_at_counter(
    answers: Mapping[str, Any], representative_name: str, email: str, papers: Papers = NO_PAPERS, *, by: User
) -> Application:
    """Take down at the counter what a group wants registered; whoever has no address of mail leaves it empty."""
    application = Application.objects.create(
        kind=Kind.NEW,
        state=State.RECEIVED,
        representative_name=representative_name,
        email=email.lower(),
        answers=entries.within_rule(answers, entries.field_rules()),
        entered_by=by,
    )
    _keep_papers(application, papers, by)
    _leave_step(application, by, letter=Letter.Kind.RECEIVED)
    return application


@transaction.atomic
def keep_entry(group: Group, answers: Mapping[str, Any], *, by: User) -> Application | None:
    """Change a group's entry as its representative wants it, and return what waits for the staff's approval, if any.

    Raises ValidationError where something is to wait while an earlier application is open.
    """
    group = Group.objects.select_for_update().get(pk=group.pk)
    rules = entries.field_rules()
    wanted = entries.within_rule(answers, rules)
    changed = set(entries.parts_changed(entries.entry_of(group), wanted))
    waiting = {name for name in changed if rules[name].needs_approval}
    entries.take_over(group, _only(wanted, changed - waiting))
    if not waiting:
        return None
    _refuse_second(group)
    seat = representative_of(group)
    application = Application.objects.create(
        kind=Kind.CHANGE,
        state=State.RECEIVED,
        group=group,
        representative_name=seat.name if seat else by.name,
        email=seat.email if seat else by.email,
        answers=_only(wanted, waiting),
    )
    _leave_step(application, by)
    return application


def _only(answers: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    """The answers to some parts of an entry, with their flags of publicity."""
    wanted = names | {entries.public_flag(name) for name in names}
    return {name: value for name, value in answers.items() if name in wanted}


def _refuse_second(group: Group) -> None:
    if group.applications.filter(state__in=[State.RECEIVED, State.UNDER_REVIEW, State.SENT_BACK]).exists():
        raise ValidationError(_("この団体の申込みを、センターがまだ確かめています。すんでから、もう一度お願いします。"))


def confirm_entry(group: Group, day: date) -> None:
    """Note that somebody who knows has confirmed the entry on a day (最終確認日)."""
    group.last_confirmed_on = day
    group.save(update_fields=["last_confirmed_on"])


# ---- the staff's part


@transaction.atomic
def begin_review(application: Application, *, by: User) -> None:
    """Take an application up."""
    move(application, State.UNDER_REVIEW, by=by)


@transaction.atomic
def send_back(application: Application, reason: str, *, by: User) -> None:
    """Ask the group to correct something."""
    move(application, State.SENT_BACK, by=by, comment=reason, letter=Letter.Kind.SENT_BACK)


@transaction.atomic
def refuse(application: Application, reason: str, *, by: User) -> None:
    """Say no, and why."""
    move(application, State.REFUSED, by=by, comment=reason, letter=Letter.Kind.REFUSED)


@transaction.atomic
def approve(application: Application, *, by: Membership) -> Group:
    """Grant an application: write the entry, and for a registration give it its number, its year, its representative
    and, by a job, its certificate.

    Raises ValidationError where the representative's address belongs to somebody with another role here.
    """
    group = application.group or _new_group(application)
    move(application, State.APPROVED, by=by.user, letter=Letter.Kind.APPROVED, group=group)
    entries.take_over(group, application.answers)
    if application.kind == Kind.CHANGE:
        return group
    today = timezone.localdate()
    confirm_entry(group, today)
    registration = _register(group, application, today, by.user)
    representatives.seat(group, application.representative_name, application.email, by=by.user)
    jobs.start(CERTIFICATE, {"registration_id": registration.pk}, requested_by=by)
    return group


def _new_group(application: Application) -> Group:
    """A group with the next number, not in the directory yet."""
    return Group.objects.create(
        number=next_number(),
        name=application.answers["name"],
        kind=application.answers["kind"],
        is_sample=application.is_sample,
    )


def _register(group: Group, application: Application, today: date, by: User) -> Registration:
    """Register a group: from the day after its registration ends, or from today where that has ended or never was."""
    before = current_registration(group)
    valid_from = max(today, before.valid_until + timedelta(days=1)) if before else today
    registration = Registration.objects.create(
        group=group,
        application=application,
        valid_from=valid_from,
        valid_until=registration_rule().end_after(valid_from),
        is_sample=application.is_sample,
    )
    if group.registered_on is None:
        group.registered_on = today
        group.save(update_fields=["registered_on"])
    if group.standing not in (GroupStanding.REGISTERED, GroupStanding.SUSPENDED):
        change_standing(group, GroupStanding.REGISTERED, by=by)
    return registration


@transaction.atomic
def bring_register(groups: Sequence[Group], by: User) -> None:
    """Register groups as the centre's own book has them: since their `registered_on`, until their `registered_until`.

    There is no application, so there is no certificate, and nobody speaks for them until a representative is seated.
    """
    register_since_joining(groups, by=by)
    Registration.objects.bulk_create(
        Registration(group=group, valid_from=cast(date, group.registered_on), valid_until=getattr(group, UNTIL))
        for group in groups
    )


@transaction.atomic
def publish(application: Application, *, by: User) -> None:
    """Put the group of a granted application into the directory.

    Raises ValidationError where the group's standing does not let it be there.
    """
    move(application, State.PUBLISHED, by=by)
    # A granted application has its group: the database holds it.
    list_group(cast(Group, application.group))


def list_group(group: Group) -> None:
    """Show a group in the directory. Raises ValidationError where its standing does not let it be there."""
    if not group.may(Entitlement.LISTING):
        words = {"standing": group.get_standing_display()}
        raise ValidationError(_("この団体は「%(standing)s」なので、公開できません。") % words)
    group.is_published = True
    group.save(update_fields=["is_published"])


# ---- how it is done


def move(
    application: Application,
    to: State,
    *,
    by: User | None,
    comment: str = "",
    letter: Letter.Kind | None = None,
    **values: Any,
) -> None:
    """Bring an application to a state and leave the step, with the letter that goes with it; the only way to it.

    Raises ValidationError where the application is meanwhile in a state which that may not follow.
    """
    sources = [state for state, targets in TRANSITIONS.items() if to in targets]
    if not Application.objects.filter(pk=application.pk, state__in=sources).update(state=to, **values):
        application.refresh_from_db()
        words = {"state": application.get_state_display(), "to": to.label}
        raise ValidationError(_("この申込みはいま「%(state)s」なので、「%(to)s」にはできません。") % words)
    application.refresh_from_db()
    _leave_step(application, by, comment=comment, letter=letter)


def _keep_papers(application: Application, papers: Papers, by: User | None) -> None:
    """Keep the papers that came with an application, each in the place of an earlier one."""
    for required, checked in papers.items():
        earlier = application.papers.filter(required_paper=required).select_related("file").first()
        if earlier:
            earlier.delete()
            discard(earlier.file)
        Paper.objects.create(application=application, required_paper_id=required, file=store(checked, uploaded_by=by))


def _leave_step(
    application: Application, by: User | None, *, comment: str = "", letter: Letter.Kind | None = None
) -> None:
    step = ApplicationStep.objects.create(application=application, state=application.state, by=by, comment=comment)
    if letter and application.email:
        send_letter.enqueue(Letter.objects.create(kind=letter, email=application.email, step=step).pk)
