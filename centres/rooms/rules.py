"""Who may do what with rooms."""

from civic.accounts.models import Role
from civic.accounts.rules import for_roles

KEEPS_ROOMS = for_roles("keep the rooms' bookings and use", Role.MANAGER, Role.STAFF)
BOOKS_ROOMS = for_roles("book rooms, a group for itself", Role.MANAGER, Role.STAFF, Role.GROUP)
