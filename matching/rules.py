"""Who may do what in the guild."""

from civic.accounts.models import Role
from civic.accounts.rules import for_roles

KEEPS_GUILD = for_roles("keep the guild: supporters, requests and introductions", Role.MANAGER, Role.STAFF)
# Whoever is in the guild, a group's representative as well; whose page it is, is asked of the supporter.
KEEPS_OWN_HELP = for_roles("keep one's own place in the guild", Role.SUPPORTER, Role.GROUP)
# For which group somebody asks, is asked of the group's representatives.
ASKS_FOR_HELP = for_roles("ask for help, a group for itself", Role.MANAGER, Role.STAFF, Role.GROUP, Role.SUPPORTER)
# Staff change anybody's record, others their own.
KEEPS_HELP = for_roles("keep what somebody offers, others their own", *KEEPS_GUILD.roles, *KEEPS_OWN_HELP.roles)
