"""Who may: every view names one rule."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from civic.accounts.models import Membership, Role, User
from civic.accounts.queries import has_second_factor, membership_of
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


def for_roles(name: str, *roles: Role) -> Rule:
    """Return a rule that lets the given roles of the address's municipality pass."""
    return Rule(name, frozenset(roles))


def may(rule: Rule, membership: Membership) -> bool:
    """Return whether a rule by roles lets a member of the municipality pass."""
    return membership.role in rule.roles


PUBLIC = Rule("public", needs_sign_in=False)
SIGNED_IN = Rule("signed in")
OPERATOR = Rule("operator", needs_operator=True)
ANY_MEMBER = Rule("any member of the municipality", frozenset(Role))
MANAGE_MEMBERS = for_roles("manage members", Role.MANAGER)

# Those who see everybody's records, or change what the city publishes. Operators as well.
SECOND_FACTOR_ROLES = frozenset({Role.MANAGER, Role.PLANNER})
# Where the session keeps the page that setting up a second factor interrupted.
INTERRUPTED = "interrupted_page"


def enforce(rule: Rule, request: PortalRequest) -> HttpResponseBase | None:
    """Return None where the request may pass, or the way to signing in or to setting up a second factor.

    Raises Http404 where the municipality is not theirs and PermissionDenied where their role may not.
    """
    if not rule.needs_sign_in:
        return None
    if not request.user.is_authenticated:
        if request.htmx:
            # Or the page for signing in would appear within the part of a page that was asked for.
            signing_in = redirect_to_login(request.htmx.current_url_abs_path or "/")
            return HttpResponseClientRedirect(signing_in.url)
        return redirect_to_login(request.get_full_path())
    if rule.needs_operator:
        if not request.user.is_operator:
            raise Http404(_("このページはありません。"))
        return _second_factor_first(request, request.user)
    if rule.roles:
        membership = membership_of(request)
        if membership is None:
            raise Http404(_("このページはありません。"))
        if not may(rule, membership):
            raise PermissionDenied(_("この操作は、あなたの役割ではできません。"))
        if membership.role in SECOND_FACTOR_ROLES:
            return _second_factor_first(request, request.user)
    return None


def _second_factor_first(request: PortalRequest, user: User) -> HttpResponseBase | None:
    if not settings.REQUIRE_SECOND_FACTOR or user.is_sample or has_second_factor(user):
        return None
    if request.method == "GET":
        request.session[INTERRUPTED] = request.get_full_path()
    return redirect("account_second_factor")


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
