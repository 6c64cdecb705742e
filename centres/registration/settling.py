"""Settling the municipality's own rule: each function is one thing, in one transaction. Run inside `acting_as`."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, ProtectedError
from django.utils.translation import gettext as _

from centres.models import Group
from centres.registration.entries import REACHED_BY, public_flag
from centres.registration.models import FieldRule, Publicity, RegistrationRule


def settle_rule(rule: RegistrationRule) -> None:
    """Settle the municipality's own rule; it is no sample any more."""
    rule.is_sample = False
    rule.save()


@transaction.atomic
def settle_fields(rules: Mapping[str, FieldRule]) -> None:
    """Settle what waits for approval, and who decides on publicity.

    What is never to be public is taken back at once from every group. What is always to be public becomes so as each
    group's entry is next written, when its representative sees it.
    """
    for name, rule in rules.items():
        FieldRule.objects.update_or_create(
            name=name, defaults={"needs_approval": rule.needs_approval, "publicity": rule.publicity}
        )
    hidden = [name for name in REACHED_BY if rules[name].publicity == Publicity.NEVER]
    if hidden:
        Group.objects.update(**{public_flag(name): False for name in hidden})


def drop(asked: Model) -> None:
    """Ask for a paper, or a question, no longer. Raises ValidationError for a paper that somebody has sent."""
    try:
        asked.delete()
    except ProtectedError:
        raise ValidationError(_("すでに出された書類があるので、消せません。「必須」を外してください。")) from None
