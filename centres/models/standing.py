"""Where a group stands with the centre, and what it may therefore do. Everything that asks reads this table."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class GroupStanding(models.TextChoices):
    """Whether a group is registered, and if not, why not."""

    LISTED = "listed", _("掲載のみ（登録なし）")
    REGISTERED = "registered", _("登録中")
    IN_GRACE = "in_grace", _("更新待ち")
    EXPIRED = "expired", _("期限切れ")
    SUSPENDED = "suspended", _("登録停止中")
    DISSOLVED = "dissolved", _("解散")
    MERGED = "merged", _("ほかの団体番号に統合")


class Entitlement(models.TextChoices):
    """What a group may have of the centre, and of the guild."""

    LISTING = "listing", _("「団体をさがす」に載る")
    REQUESTS = "requests", _("手伝いの募集を出し、載せておく")
    BOOKINGS = "bookings", _("前にとった部屋の予約を使う")
    NEW_BOOKINGS = "new_bookings", _("部屋の予約を新しくとる")


# The one rule (docs/architecture/registration.md): in grace nothing is lost but nothing new is booked; after it,
# nothing is left. A group that never registered is listed and may ask for help, as councils of a city's document are.
ENTITLEMENTS: dict[GroupStanding, frozenset[Entitlement]] = {
    GroupStanding.LISTED: frozenset({Entitlement.LISTING, Entitlement.REQUESTS}),
    GroupStanding.REGISTERED: frozenset(Entitlement),
    GroupStanding.IN_GRACE: frozenset({Entitlement.LISTING, Entitlement.REQUESTS, Entitlement.BOOKINGS}),
    GroupStanding.EXPIRED: frozenset(),
    GroupStanding.SUSPENDED: frozenset(),
    GroupStanding.DISSOLVED: frozenset(),
    GroupStanding.MERGED: frozenset(),
}

# From each standing to those that may follow it; `centres.standing.change_standing` lets nothing else happen.
TRANSITIONS: dict[GroupStanding, frozenset[GroupStanding]] = {
    GroupStanding.LISTED: frozenset({GroupStanding.REGISTERED, GroupStanding.DISSOLVED, GroupStanding.MERGED}),
    GroupStanding.REGISTERED: frozenset(GroupStanding) - {GroupStanding.LISTED, GroupStanding.REGISTERED},
    GroupStanding.IN_GRACE: frozenset(GroupStanding) - {GroupStanding.LISTED, GroupStanding.IN_GRACE},
    GroupStanding.EXPIRED: frozenset({GroupStanding.REGISTERED, GroupStanding.DISSOLVED, GroupStanding.MERGED}),
    GroupStanding.SUSPENDED: frozenset(
        {GroupStanding.REGISTERED, GroupStanding.EXPIRED, GroupStanding.DISSOLVED, GroupStanding.MERGED}
    ),
    # Revived by a new registration; what was a mistake goes back to where registering anew is the way on.
    GroupStanding.DISSOLVED: frozenset({GroupStanding.REGISTERED, GroupStanding.EXPIRED}),
    GroupStanding.MERGED: frozenset(),
}


def standings_with(entitlement: Entitlement) -> list[GroupStanding]:
    """Return the standings in which a group has something: `Group.objects.filter(standing__in=standings_with(…))`."""
    return [standing for standing, entitled in ENTITLEMENTS.items() if entitlement in entitled]
