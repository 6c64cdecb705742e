"""Who may do what with the month's report."""

from civic.accounts.models import Role
from civic.accounts.rules import for_roles

MAKES = for_roles("make the month's report", Role.MANAGER, Role.STAFF)
READS = for_roles("read the month's report", Role.MANAGER, Role.STAFF, Role.PLANNER, Role.OFFICER)
CLOSES = for_roles("sign the month's report off", Role.MANAGER)
