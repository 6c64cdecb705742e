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
from civic.jobs import services as jobs
from civic.jobs.models import Job
from matching.afterwards.queries import confirmed_days
from matching.introductions import answering
from matching.introductions.moving import Actor, lock
from matching.models import Feedback, Match, MatchState, NotAgain, Participation, Side, Supporter

CERTIFICATE = "matching.activity_certificate"
State = MatchState
TOLD_IN = [State.INTRODUCED, State.ACTIVE, State.COMPLETED]
"""The states in which one tells of a day's activity: once introduced, and afterwards as well."""


@transaction.atomic
def tell(match: Match, day: date, hours: Decimal, note: str = "") -> Participation:
    """Take down a day's activity as the supporter tells it; the first makes an introduction an activity.

    Raises ValidationError for a day to come, one that was told already, and where nobody was introduced.
    """
    lock(match, with_supporter=True)
    if match.state not in TOLD_IN:
        raise ValidationError(_("紹介が決まってから、活動を記録できます。"))
    if day > timezone.localdate():
        raise ValidationError({"day": _("これからの日は記録できません。")})
    try:
        with transaction.atomic():
            told = Participation.objects.create(match=match, day=day, hours=hours, note=note, is_sample=match.is_sample)
    except IntegrityError as twice:
        raise ValidationError({"day": _("この日の活動は、もう記録してあります。")}) from twice
    if match.state == State.INTRODUCED:
        answering.begin(match, actor=Actor.VOLUNTEER)
    return told


@transaction.atomic
def take_back(participation: Participation) -> None:
    """Delete what a supporter told by mistake. Raises ValidationError where the group has confirmed it."""
    if not Participation.objects.filter(pk=participation.pk, confirmed_at=None).delete()[0]:
        raise ValidationError(_("団体が確認した記録は、取り消せません。センターにご連絡ください。"))


@transaction.atomic
def confirm(participation: Participation, *, by: User, hours: Decimal | None = None) -> None:
    """Confirm a day's activity for the group, with other hours where the group counted others."""
    participation = Participation.objects.select_for_update().get(pk=participation.pk)
    participation.confirmed_at, participation.confirmed_by = timezone.now(), by
    if hours is not None:
        participation.hours = hours
    participation.save(update_fields=["confirmed_at", "confirmed_by", "hours"])


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

    Raises ValidationError where it ended otherwise, or the day is to come.
    """
    if match.starts_at and match.starts_at > timezone.now():
        raise ValidationError(_("まだ始まっていない活動です。来られないと分かったときは、取りやめにしてください。"))
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
