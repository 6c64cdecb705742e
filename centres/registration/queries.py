"""Reading registrations: each page's list in a fixed number of queries."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from centres.models import Group, GroupStanding
from centres.registration.models import (
    CAME_TO_NOTHING,
    Application,
    ApplicationState,
    ApplicationStep,
    Registration,
    RegistrationRule,
    Representative,
)
from centres.search import matching
from civic.accounts.models import Membership
from civic.calendar import months_before


def registration_rule() -> RegistrationRule:
    """Return the municipality's own rule, or the usual one where it has settled none."""
    return RegistrationRule.objects.first() or RegistrationRule(reminder_days=[60, 30, 7])


def applications(states: Sequence[ApplicationState] | None = None) -> QuerySet[Application]:
    """Return applications that reached the centre, newest first, with what their list shows; all but unconfirmed ones
    where no states are named."""
    found = Application.objects.select_related("group")
    return found.filter(state__in=states) if states else found.exclude(state=ApplicationState.UNCONFIRMED)


def application_with_steps(pk: int) -> Application:
    """Return an application with all that its page shows. Raises Application.DoesNotExist."""
    return (
        Application.objects.exclude(state=ApplicationState.UNCONFIRMED)
        .select_related("group", "entered_by", "registration__certificate")
        .prefetch_related("steps__by", "papers__required_paper", "papers__file")
        .get(pk=pk)
    )


def applications_to_forget(today: date) -> QuerySet[Application]:
    """Return the applications that came to nothing and are past the municipality's period, which runs from their last
    step: refused, withdrawn, or sent back and never corrected. The same day so many months ago is the last kept."""
    last_kept = months_before(today, registration_rule().kept_months)
    gone_on_with = ApplicationStep.objects.filter(application=OuterRef("pk"), at__date__gte=last_kept)
    return Application.objects.filter(~Exists(gone_on_with), state__in=CAME_TO_NOTHING)


def current_registration(group: Group) -> Registration | None:
    """Return the registration of a group that lasts longest, run out or not."""
    return group.registrations.order_by("valid_until").last()


def representative_of(group: Group) -> Representative | None:
    """Return who speaks for a group now."""
    return group.representatives.filter(ended_at=None).select_related("membership__user", "invitation").first()


def groups_of(membership: Membership) -> QuerySet[Group]:
    """Return the groups for which a member speaks."""
    seats = Representative.objects.filter(
        Q(membership=membership) | Q(invitation__accepted_as=membership), ended_at=None
    )
    return Group.objects.filter(pk__in=seats.values("group")).order_by("number")


def last_registrations() -> QuerySet[Registration]:
    """Return of each group the registration that lasts longest."""
    later = Registration.objects.filter(group=OuterRef("group"), valid_until__gt=OuterRef("valid_until"))
    return Registration.objects.filter(~Exists(later)).select_related("group")


def renewal_opens_on(registration: Registration) -> date:
    """Return the day from which a registration can be renewed."""
    return registration.valid_until - timedelta(days=registration_rule().renewal_opens_days)


def may_renew(group: Group, today: date) -> bool:
    """Return whether a group can ask for another year now: from some weeks before its registration ends."""
    registration = current_registration(group)
    can_follow = group.standing not in (GroupStanding.MERGED, GroupStanding.DISSOLVED, GroupStanding.SUSPENDED)
    return can_follow and (registration is None or renewal_opens_on(registration) <= today)


def register_of(standing: str, words: str = "") -> QuerySet[Group]:
    """Return groups with the end of their registration (`valid_until`), of one standing or, where it is empty, all;
    where words are given, those that hold them."""
    ends = Registration.objects.filter(group=OuterRef("pk")).order_by("-valid_until").values("valid_until")[:1]
    groups = matching(Group.objects.annotate(valid_until=Subquery(ends)), words).order_by("number")
    return groups.filter(standing=standing) if standing else groups
