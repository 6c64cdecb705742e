"""What one side may know of the other: asked at each look, never copied. Run inside `acting_as`."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from centres.models import Group
from centres.registration.queries import representative_of
from civic.tenancy.models import TenantModel
from matching.models import (
    Consent,
    ConsentPurpose,
    HelpRequest,
    Match,
    RequestSkill,
    Side,
    Supporter,
    SupporterContact,
    SupporterSkill,
)
from matching.supporters.queries import agreeing

_SHARED = {
    ConsentPurpose.SHARE_NAME: "name",
    ConsentPurpose.SHARE_PHONE: "phone",
    ConsentPurpose.SHARE_EMAIL: "email",
    ConsentPurpose.SHARE_NEEDS: "accessibility",
}


class Detail(NamedTuple):
    """One thing that tells who somebody is or how to reach them."""

    label: str
    value: str


def skills_of(match: Match) -> list[str]:
    """Return what is asked for in the request and the supporter can do, with how well: known before both said yes, as
    long as the supporter agrees to be introduced."""
    agreeing_to_it = Supporter.objects.filter(agreeing(ConsentPurpose.INTRODUCTION), matches=match)
    asked = RequestSkill.objects.filter(request=match.request_id).values("skill")
    known = SupporterSkill.objects.filter(supporter__in=agreeing_to_it, skill__in=asked)
    return [str(skill) for skill in known.select_related("skill")]


def details_of(match: Match, side: Side) -> list[Detail]:
    """Return what the other side may know of this one now: nothing before both said yes or after one withdrew; of a
    supporter what they agree to at this moment; of a group whom to turn to."""
    if not match.is_disclosed:
        return []
    if side == Side.VOLUNTEER and match.supporter:
        return _of_supporter(match)
    if side == Side.VOLUNTEER and match.partner:
        return _of_group(match.partner)
    responsible = _details(match.request, ["responsible_name", "responsible_phone"])
    if match.request.group and (match.partner or not responsible):
        return responsible + _of_group(match.request.group)
    return responsible


def record_looked_at(match: Match, side: Side) -> TenantModel:
    """Return the record that the trail names when somebody looks at the details of a side."""
    if side == Side.VOLUNTEER:
        return match.supporter.contact if match.supporter else (match.partner or match)
    return match.request


def _of_supporter(match: Match) -> list[Detail]:
    agreed = set(
        Consent.objects.filter(supporter=match.supporter_id, withdrawn_at=None).values_list("purpose", flat=True)
    )
    contact = SupporterContact.objects.filter(supporter=match.supporter_id).first()
    if contact is None or ConsentPurpose.INTRODUCTION not in agreed:
        return []
    return _details(contact, [name for purpose, name in _SHARED.items() if purpose in agreed])


def _of_group(group: Group) -> list[Detail]:
    seat = representative_of(group)
    named = [Detail(_("代表者"), seat.name)] if seat else []
    if seat and seat.email:
        named.append(Detail(_("代表者のメール"), seat.email))
    return named + _details(group, ["phone", "email"])


def _details(record: SupporterContact | HelpRequest | Group, names: list[str]) -> list[Detail]:
    values = [(record._meta.get_field(name).verbose_name, getattr(record, name)) for name in names]  # type: ignore[union-attr]
    return [Detail(str(label), value) for label, value in values if value]
