"""Who may: every view names one rule."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from civic.accounts.models import Membership, Role
from civic.accounts.queries import membership_of
from civic.tenancy.requests import PortalRequest

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


@dataclass(frozen=True)
class Rule:
    """A named answer to "who may".

    `roles`: the roles in the address's municipality that may; empty for rules of the portal's own pages.
    """

    name: str
    roles: frozenset[Role] = frozenset()
    needs_sign_in: bool = True
    needs_operator: bool = False


PUBLIC = Rule("public", needs_sign_in=False)
SIGNED_IN = Rule("signed in")
OPERATOR = Rule("operator", needs_operator=True)
ANY_MEMBER = Rule("any member of the municipality", frozenset(Role))


def for_roles(name: str, *roles: Role) -> Rule:
    """Return a rule that lets the given roles of the address's municipality pass."""
    return Rule(name, frozenset(roles))


def may(rule: Rule, membership: Membership) -> bool:
    """Return whether a rule by roles lets a member of the municipality pass."""
    return membership.role in rule.roles


def enforce(rule: Rule, request: PortalRequest) -> HttpResponseBase | None:
    """Return None where the request may pass, or the way to signing in.

    Raises Http404 where the municipality is not theirs and PermissionDenied where their role may not.
    """
    if not rule.needs_sign_in:
        return None
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if rule.needs_operator and not request.user.is_operator:
        raise Http404(_("このページはありません。"))
    if rule.roles:
        membership = membership_of(request)
        if membership is None:
            raise Http404(_("このページはありません。"))
        if not may(rule, membership):
            raise PermissionDenied(_("この操作は、あなたの役割ではできません。"))
    return None


def allow(rule: Rule) -> Callable[[View], View]:
    """Name the rule of a view on its face, and hold it."""

    def name_rule(view: View) -> View:
        @wraps(view)
        def guarded(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            refusal = enforce(rule, request)
            return refusal if refusal is not None else view(request, *args, **kwargs)

        guarded.rule = rule  # type: ignore[attr-defined]
        return cast(View, guarded)

    return name_rule
