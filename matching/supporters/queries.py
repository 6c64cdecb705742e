"""Reading those who help, and the rule by which they are asked."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from civic.accounts.models import Membership
from matching.models import (
    Consent,
    ConsentPurpose,
    GuildRule,
    LetterKind,
    Supporter,
    SupporterContact,
    SupporterStatus,
)


def guild_rule() -> GuildRule:
    """Return the municipality's own rule, or the defaults where it has settled none."""
    return GuildRule.objects.first() or GuildRule()


def agreeing(purpose: ConsentPurpose) -> Q:
    """Return the condition that a supporter agrees to a purpose now."""
    return Q(Exists(Consent.objects.filter(supporter=OuterRef("pk"), purpose=purpose, withdrawn_at=None)))


def introducible() -> QuerySet[Supporter]:
    """Return those who may be introduced: active, and agreeing to it."""
    return Supporter.objects.filter(agreeing(ConsentPurpose.INTRODUCTION), status=SupporterStatus.ACTIVE)


def supporters_of(membership: Membership) -> QuerySet[Supporter]:
    """Return the places in the guild that are a member's own: one's own, and perhaps a business's."""
    own = Q(membership=membership) | Q(invitation__accepted_as=membership)
    return Supporter.objects.filter(own).exclude(status=SupporterStatus.LEFT).order_by("pk")


def contacts_to_purge(last_day: date) -> QuerySet[SupporterContact]:
    """Return the contacts of those who left on a day or before it."""
    return SupporterContact.objects.filter(supporter__left_on__lte=last_day).select_related("supporter")


def without_welcome() -> QuerySet[Supporter]:
    """Return those who wait for the letter by which they confirm their registration."""
    return Supporter.objects.filter(status=SupporterStatus.UNCONFIRMED).exclude(letters__kind=LetterKind.WELCOME)
