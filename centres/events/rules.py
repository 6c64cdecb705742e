"""Who may do what with events."""

from civic.accounts.models import Role
from civic.accounts.rules import for_roles

EVENTS = for_roles("keep events and their participants", Role.MANAGER, Role.STAFF)
SETTLE_EVENTS = for_roles("settle how long participants are kept", Role.MANAGER)
