"""What needs a hand, handed out so that no two people work on the same thing.

Whoever takes an entry has it for a while (a lease, `GuildRule.lease_minutes`). An entry whose lease is over is free
again by itself: nothing has to notice that a browser died. All times are the database's, so one clock decides.
"""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.db.models.functions import Least, Now
from django.utils.translation import gettext as _

from civic.accounts.models import User
from matching.models import (
    GuildLetter,
    HelpRequest,
    Match,
    QueueEntry,
    QueueKind,
    RequestStatus,
    Supporter,
    SupporterStatus,
)
from matching.supporters.queries import guild_rule

# Locked rows are passed over, not waited for. Of two who ask in the same instant each gets an entry of their own.
TAKE_NEXT = """
UPDATE matching_queueentry SET taken_by_id = %(user)s, taken_until = statement_timestamp() + %(lease)s
WHERE id = coalesce(
    (SELECT id FROM matching_queueentry
     WHERE done_at IS NULL AND taken_by_id = %(user)s AND taken_until > statement_timestamp()
     ORDER BY taken_until DESC LIMIT 1 FOR UPDATE SKIP LOCKED),
    (SELECT id FROM matching_queueentry
     WHERE done_at IS NULL AND (taken_until IS NULL OR taken_until <= statement_timestamp())
     ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
)
RETURNING *
"""


class NotHeld(ValidationError):
    """The entry is somebody else's, or done; the words say so to whoever wanted it."""


def add(
    kind: QueueKind,
    due_at: datetime,
    *,
    request: HelpRequest | None = None,
    match: Match | None = None,
    supporter: Supporter | None = None,
    letter: GuildLetter | None = None,
) -> None:
    """Say that something needs a hand until `due_at`. Said again while it is open, the earlier time counts."""
    about = {"kind": kind, "request": request, "match": match, "supporter": supporter, "letter": letter}
    if not QueueEntry.objects.filter(done_at=None, **about).update(due_at=Least(F("due_at"), due_at)):
        # Who said the same in this instant has said it for both.
        QueueEntry.objects.bulk_create([QueueEntry(due_at=due_at, **about)], ignore_conflicts=True)


def take_next(user: User) -> QueueEntry | None:
    """Hand out the most urgent free entry, or the one the user took last and still has; None where none is left."""
    # Who presses twice in one instant waits for the first press, and then finds what it took.
    User.objects.select_for_update(no_key=True).values_list("pk").get(pk=user.pk)
    return next(iter(QueueEntry.objects.raw(TAKE_NEXT, {"user": user.pk, "lease": _lease()})), None)


def take(entry: QueueEntry, user: User) -> None:
    """Hand out this entry; one's own is had for longer. Raises NotHeld where somebody else has it, or it is done."""
    is_free = Q(taken_until=None) | Q(taken_until__lte=Now()) | Q(taken_by=user)
    free = QueueEntry.objects.filter(is_free, pk=entry.pk, done_at=None)
    if not free.update(taken_by=user, taken_until=Now() + _lease()):
        raise NotHeld(_("ほかの人が受け持っているか、もうすんでいます。"))


def finish(entry: QueueEntry, user: User, outcome: str) -> None:
    """Strike off an entry that the user took, with what came of it.

    A lease that ran out does not matter while nobody else took the entry. Raises NotHeld where somebody did.
    """
    _change_own(entry, user, done_at=Now(), done_by=user, outcome=outcome)


def give_back(entry: QueueEntry, user: User) -> None:
    """Let others have an entry that the user took. Raises NotHeld where it is not theirs."""
    _change_own(entry, user, taken_by=None, taken_until=None)


def settle(
    kind: QueueKind,
    outcome: str,
    *,
    by: User | None = None,
    request: HelpRequest | None = None,
    match: Match | None = None,
    supporter: Supporter | None = None,
    letter: GuildLetter | None = None,
) -> None:
    """Strike off what was done elsewhere, whoever has the entry; nothing happens where there is none."""
    about = {"kind": kind, "request": request, "match": match, "supporter": supporter, "letter": letter}
    QueueEntry.objects.filter(done_at=None, **about).update(done_at=Now(), done_by=by, outcome=outcome)


def strike_off_what_is_over() -> None:
    """Strike off what nobody has to do any more: for requests that look for nobody, or were not left to be checked, and
    for supporters who left."""
    open_entries = QueueEntry.objects.filter(done_at=None)
    running = [RequestStatus.OPEN, RequestStatus.FILLED]
    takes_nobody = ~Q(match__request__status__in=running)
    silent = Q(kind__in=[QueueKind.VOLUNTEER_SILENT, QueueKind.GROUP_SILENT])
    over = (
        Q(kind=QueueKind.FIND_PEOPLE) & ~Q(request__status=RequestStatus.OPEN)
        | Q(kind=QueueKind.CHECK_REQUEST) & ~Q(request__status=RequestStatus.SUBMITTED)
        | Q(kind=QueueKind.REREAD_REQUEST) & ~Q(request__status__in=running)
        | Q(kind=QueueKind.GREET_SUPPORTER, supporter__status=SupporterStatus.LEFT)
        | Q(kind=QueueKind.VOLUNTEER_SILENT) & (takes_nobody | Q(match__starts_at__lte=Now()))
        | silent & Q(match__supporter__status=SupporterStatus.LEFT)
    )
    open_entries.filter(over).update(done_at=Now(), outcome=_("することが、なくなった"))


def _change_own(entry: QueueEntry, user: User, **values: object) -> None:
    if not QueueEntry.objects.filter(pk=entry.pk, done_at=None, taken_by=user).update(**values):
        raise NotHeld(_("いまは、あなたの受け持ちではありません。時間がすぎて、ほかの人が受け持ったのかもしれません。"))


def _lease() -> timedelta:
    return timedelta(minutes=guild_rule().lease_minutes)
