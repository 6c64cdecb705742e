"""Reading people and their roles."""

from civic.accounts.models import Membership
from civic.tenancy.requests import PortalRequest


def membership_of(request: PortalRequest) -> Membership | None:
    """Return the running membership of the request's user in the address's municipality.

    Asked once per request and never kept beyond it, so that an ended membership ends with the next request.
    """
    if not hasattr(request, "_membership"):
        request._membership = (  # type: ignore[attr-defined]
            Membership.objects.filter(user_id=request.user.pk, municipality=request.municipality, ended_at=None).first()
            if request.user.is_authenticated and request.municipality is not None
            else None
        )
    membership: Membership | None = request._membership  # type: ignore[attr-defined]
    return membership
