"""Reading those who help, and the rule by which they are asked."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from centres.models import District
from civic.accounts.models import Membership
from civic.accounts.rules import may
from matching.models import (
    Consent,
    ConsentPurpose,
    GuildRule,
    LetterKind,
    Reach,
    Skill,
    Supporter,
    SupporterContact,
    SupporterSkill,
    SupporterStatus,
    SupporterTime,
)
from matching.rules import KEEPS_GUILD


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
    return (
        SupporterContact.objects.filter(supporter__left_on__lte=last_day)
        .select_related("supporter")
        .order_by("supporter_id")
    )


def without_welcome() -> QuerySet[Supporter]:
    """Return those who wait for the letter by which they confirm their registration."""
    return Supporter.objects.filter(status=SupporterStatus.UNCONFIRMED).exclude(letters__kind=LetterKind.WELCOME)


def supporters_for(membership: Membership) -> QuerySet[Supporter]:
    """Return those whose records a member may change: for staff everybody's who is there, for others their own."""
    there = Supporter.objects.exclude(status__in=[SupporterStatus.LEFT, SupporterStatus.UNCONFIRMED])
    return there if may(KEEPS_GUILD, membership) else supporters_of(membership)


def with_all(supporters: QuerySet[Supporter]) -> QuerySet[Supporter]:
    """Return supporters with all that their page and the list show; not who they are."""
    agreed = Consent.objects.filter(withdrawn_at=None)
    return supporters.select_related("home_district").prefetch_related(
        "skills__skill", "fields", "districts__district", "times", "absences", Prefetch("consents", agreed, "agreed")
    )


@dataclass(frozen=True)
class SupporterSearch:
    """What staff look for among those who help; an empty answer leaves all."""

    q: str = ""
    skill: Skill | None = None
    field: int | None = None
    district: District | None = None
    weekday: int | None = None
    status: str = ""
    consent: str = ""


def found(search: SupporterSearch) -> QuerySet[Supporter]:
    """Return those who are looked for, newest first; who never confirmed their registration only where asked for."""
    supporters = with_all(Supporter.objects.order_by("-registered_on", "-pk"))
    if search.status:
        supporters = supporters.filter(status=search.status)
    else:
        supporters = supporters.exclude(status__in=[SupporterStatus.UNCONFIRMED, SupporterStatus.LEFT])
    for word in search.q.split():
        said = Q(nickname__icontains=word) | Q(can_do__icontains=word) | Q(languages__icontains=word)
        supporters = supporters.filter(said)
    if search.consent:
        supporters = supporters.filter(agreeing(ConsentPurpose(search.consent)))
    if search.skill:
        supporters = supporters.filter(skills__skill=search.skill)
    if search.field is not None:
        supporters = supporters.filter(fields__field=search.field)
    if search.district:
        supporters = supporters.filter(Q(reach=Reach.ANYWHERE) | Q(districts__district=search.district)).distinct()
    if search.weekday is not None:
        times = SupporterTime.objects.filter(supporter=OuterRef("pk"))
        supporters = supporters.filter(Exists(times.filter(weekday=search.weekday)) | ~Exists(times))
    return supporters


def skills_with_use() -> QuerySet[Skill]:
    """Return all skills in their order, those not offered any more last, each with how many `can` do it now."""
    there = [SupporterStatus.ACTIVE, SupporterStatus.PAUSED]
    users = SupporterSkill.objects.filter(skill=OuterRef("pk"), supporter__status__in=there).order_by()
    count = users.values("skill").annotate(number=Count("pk")).values("number")
    return Skill.objects.annotate(can=Coalesce(Subquery(count), 0)).order_by("is_retired", "position", "pk")
