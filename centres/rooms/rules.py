"""Who may do what with rooms."""

from civic.accounts.models import Role
from civic.accounts.rules import for_roles

KEEPS_ROOMS = for_roles("keep the rooms' bookings and use", Role.MANAGER, Role.STAFF)
# Whoever represents a group books for it, a guild member as well; for which, is asked of the group's representatives.
BOOKS_ROOMS = for_roles("book rooms, a group for itself", Role.MANAGER, Role.STAFF, Role.GROUP, Role.SUPPORTER)
