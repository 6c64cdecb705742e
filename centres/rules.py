"""Who may do what in a centre."""

from civic.accounts.models import Role
from civic.accounts.rules import for_roles

CONSULTATIONS = for_roles("read and write consultations", Role.MANAGER, Role.STAFF)
KEEPS_DIRECTORY = for_roles("keep the directory of groups", Role.MANAGER, Role.STAFF)
SETTLE_RULES = for_roles("settle the centre's own rules", Role.MANAGER)
