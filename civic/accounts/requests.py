"""Requests of someone who has signed in, as the views behind a rule see them (types only)."""

from civic.accounts.models import User
from civic.tenancy.requests import PortalRequest, TenantRequest


class SignedInRequest(PortalRequest):
    """A request for one of the portal's own pages by someone signed in."""

    user: User


class MemberRequest(TenantRequest):
    """A request for a page of a municipality by a member of it."""

    user: User
