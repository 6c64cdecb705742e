"""Who may do what with registrations."""

from civic.accounts.models import Role
from civic.accounts.rules import for_roles

KEEPS_REGISTER = for_roles("take registrations from application to renewal", Role.MANAGER, Role.STAFF)
# A guild member may represent a group as well; whose page it is, is asked of the group's representatives.
KEEPS_OWN_GROUP = for_roles("keep one's own group's entry", Role.GROUP, Role.SUPPORTER)
