"""Letters on their way: which have not gone out, and how far each came. Run inside `acting_as`.

The kept words have `LINK` where the letter has its secret link, so that whoever reads them here cannot answer by it.
"""

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from civic.tenancy.context import current_municipality
from civic.tenancy.urls import tenant_reverse
from matching.introductions import queue
from matching.introductions.addresses import address_of, address_of_group
from matching.introductions.tokens import token_of
from matching.models import (
    GuildLetter,
    LetterKind,
    MatchState,
    QueueKind,
    Side,
)

Kind = LetterKind
LINK = "（返事のためのリンク）"
# What these ask was answered, or is asked no more, where the match stands elsewhere.
_ASKS = {
    MatchState.VOLUNTEER_ASKED: [Kind.ASK_VOLUNTEER, Kind.REMIND_VOLUNTEER],
    MatchState.GROUP_ASKED: [Kind.ASK_GROUP, Kind.REMIND_GROUP],
}


def unsent() -> QuerySet[GuildLetter]:
    """Return the letters that have not gone out and tell what is still so."""
    found = GuildLetter.objects.filter(mailed_at=None, told_at=None)
    for state, kinds in _ASKS.items():
        is_past = ~Q(match__state=state) | Q(link__expires_at__lte=timezone.now())
        found = found.exclude(Q(kind__in=kinds) & is_past)
    return found


@transaction.atomic
def begin(letter_id: int) -> EmailMessage | None:
    """Mark that a letter is being sent, and return it as it goes out; None where it is not to be sent (any more).

    Of two workers one gets it. Where there is no address it becomes the staff's to tell what it says.
    """
    if GuildLetter.objects.select_for_update().filter(pk=letter_id, sending_at=None).first() is None:
        return None
    about = ("match__request__group", "match__partner", "supporter", "request__group", "link")
    letter = unsent().select_related(*about).filter(pk=letter_id).first()
    if letter is None:
        return None
    if letter.request:
        address = address_of_group(letter.request.group)
    else:
        address = address_of(letter.match, letter.supporter, Side(letter.side))
    if not address:
        if not letter.queue_entries.exists():
            leave_to_staff(letter)
        return None
    GuildLetter.objects.filter(pk=letter_id).update(sending_at=timezone.now())
    body = letter.body
    if letter.link:
        url = settings.PORTAL_URL + tenant_reverse("matching:answer", token=token_of(letter.link))
        body = body.replace(LINK, url)
    return EmailMessage(letter.subject, body, None, [address], headers={"Message-ID": message_id(letter)})


def message_id(letter: GuildLetter) -> str:
    """Return the same Message-ID each time a letter is sent: a mail system that got it before can tell."""
    host = settings.PORTAL_URL.split("://")[-1].split(":")[0]
    return f"<guild-letter-{current_municipality().slug}-{letter.pk}@{host}>"


def note_sent(letter_id: int) -> None:
    """Note that the mail server took a letter."""
    GuildLetter.objects.filter(pk=letter_id).update(mailed_at=timezone.now())


def note_not_sent(letter_id: int) -> None:
    """Note that the mail server certainly has not taken a letter, so that it may be sent again."""
    GuildLetter.objects.filter(pk=letter_id).update(sending_at=None)


def leave_to_staff(letter: GuildLetter) -> None:
    """Ask staff to see to a letter of which no machine can know whether it arrived."""
    queue.add(QueueKind.LETTER_UNCERTAIN, timezone.now(), letter=letter)
