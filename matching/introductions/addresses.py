"""To whom the guild writes: each side of a match has one address of mail, or none. Run inside `acting_as`."""

from centres.models import Group
from centres.registration.queries import representative_of
from matching.models import Match, Side, Supporter, SupporterContact


def group_of(match: Match, side: Side) -> Group | None:
    """Return the group that is one side of a match; none for a supporter, and for the centre's own requests."""
    return match.partner if side == Side.VOLUNTEER else match.request.group


def address_of(match: Match | None, supporter: Supporter | None, side: Side) -> str:
    """Return the mail address of a side, of its representative where it is a group; empty where there is none."""
    if side == Side.VOLUNTEER and supporter:
        return SupporterContact.objects.filter(supporter=supporter).values_list("email", flat=True).first() or ""
    return address_of_group(group_of(match, side) if match else None)


def address_of_group(group: Group | None) -> str:
    """Return the mail address of a group's representative, else its own; empty where there is none."""
    if group is None:
        return ""
    seat = representative_of(group)
    return (seat.email if seat else "") or group.email
