"""What came of introductions, told and confirmed: each function is one thing, in one transaction. Run in `acting_as`.

A ValidationError says, in words for the person who asked, why it cannot be done.
"""

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.accounts.models import Membership, User
from civic.calendar import era_date
from civic.jobs import services as jobs
from civic.jobs.models import Job
from matching.afterwards.queries import confirmed_days
from matching.introductions import answering
from matching.introductions.moving import Actor, lock
from matching.models import Feedback, Match, MatchState, NotAgain, Participation, Side, Supporter

CERTIFICATE = "matching.activity_certificate"
State = MatchState


@transaction.atomic
def tell(match: Match, day: date, hours: Decimal, note: str = "") -> Participation:
    """Take down a day's activity as the supporter tells it; the first makes an introduction an activity.

    Raises ValidationError where nobody is introduced, and for a day to come, before the activity, or told already.
    """
    lock(match, with_supporter=True)
    if not match.is_disclosed:
        raise ValidationError(_("紹介が決まってから、活動を記録できます。"))
    told = Participation(match=match, day=day, hours=hours, note=note, is_sample=match.is_sample)
    _keep(told)
    if match.state == State.INTRODUCED:
        answering.begin(match, actor=Actor.VOLUNTEER)
    return told


@transaction.atomic
def correct(participation: Participation, day: date, hours: Decimal, note: str = "") -> None:
    """Put a day right, for staff, whom both sides tell of a mistake. What was confirmed stays so.

    Raises ValidationError for a day to come, before the activity, or told already.
    """
    told = Participation.objects.select_for_update(of=["self"]).select_related("match").get(pk=participation.pk)
    told.day, told.hours, told.note = day, hours, note
    _keep(told)


def _keep(told: Participation) -> None:
    """Save what is told of a day. A day after the one that was agreed on is fine: it may have rained."""
    first = timezone.localdate(told.match.starts_at or told.match.made_at)
    if told.day > timezone.localdate():
        raise ValidationError({"day": _("これからの日は記録できません。")})
    if told.day < first:
        raise ValidationError({"day": _("この活動は、%(first)sからです。") % {"first": era_date(first)}})
    try:
        with transaction.atomic():
            told.save()
    except IntegrityError as twice:
        raise ValidationError({"day": _("この日の活動は、もう記録してあります。")}) from twice


@transaction.atomic
def take_back(participation: Participation) -> None:
    """Delete what a supporter told by mistake. Raises ValidationError where the group has confirmed it."""
    if not Participation.objects.filter(pk=participation.pk, confirmed_at=None).delete()[0]:
        raise ValidationError(_("団体が確認した記録は、取り消せません。センターにご連絡ください。"))


@transaction.atomic
def remove(participation: Participation) -> None:
    """Delete, for staff, a day on which nobody was there after all, confirmed or not."""
    participation.delete()


@transaction.atomic
def confirm(participation: Participation, *, by: User) -> None:
    """Confirm a day's activity for the group. Raises ValidationError where it is confirmed, or taken back, by now."""
    waiting = Participation.objects.filter(pk=participation.pk, confirmed_at=None)
    if not waiting.update(confirmed_at=timezone.now(), confirmed_by=by):
        raise ValidationError(_("この日の活動は、もう確認されたか、取り消されています。"))


@transaction.atomic
def complete(match: Match, *, by: User) -> None:
    """Say for the group that what was asked for is done, and confirm the days of it that were told.

    Raises NotPossible where nobody was introduced, or it ended otherwise.
    """
    answering.complete(match, actor=Actor.GROUP, by=by)
    match.participations.filter(confirmed_at=None).update(confirmed_at=timezone.now(), confirmed_by=by)


@transaction.atomic
def miss(match: Match, *, by: User) -> None:
    """Say for the group that somebody did not come on the day.

    Raises NotPossible where it ended otherwise, or the day is to come.
    """
    answering.miss(match, actor=Actor.GROUP, by=by)


@transaction.atomic
def give_feedback(match: Match, side: Side, satisfaction: int, words: str, *, not_again: bool) -> None:
    """Take down what one side says of an introduction, in the place of what it said before; only staff read it.

    Whoever wishes so is not brought together with the other any more. Raises ValidationError before there is anything
    to say.
    """
    if match.state not in [State.ACTIVE, State.COMPLETED, State.NO_SHOW]:
        raise ValidationError(_("感想は、活動のあとに書けます。"))
    Feedback.objects.update_or_create(
        match=match,
        side=side,
        defaults={"satisfaction": satisfaction, "words": words, "given_at": timezone.now()},
    )
    if not_again and match.supporter_id and match.request.group_id:
        wished_by = NotAgain.Side.SUPPORTER if side == Side.VOLUNTEER else NotAgain.Side.GROUP
        NotAgain.objects.get_or_create(
            supporter_id=match.supporter_id, group_id=match.request.group_id, defaults={"wished_by": wished_by}
        )


def certify(supporter: Supporter, fiscal_year: int, *, by: Membership) -> Job:
    """Have the certificate of a supporter's year made. Raises ValidationError where no day of it was confirmed."""
    if not confirmed_days(Supporter.objects.filter(pk=supporter.pk), fiscal_year).exists():
        raise ValidationError(_("この年度に、団体が確認した活動はまだありません。"))
    return jobs.start(CERTIFICATE, {"supporter_id": supporter.pk, "fiscal_year": fiscal_year}, requested_by=by)
