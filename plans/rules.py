"""Who may do what with plans and their reports."""

from civic.accounts.models import Role
from civic.accounts.rules import for_roles

READS_DRAFTS = for_roles(
    "reads plans and reports before they are public", Role.PLANNER, Role.MANAGER, Role.OFFICER, Role.COUNCIL
)
MAKES_REPORTS = for_roles("makes and publishes annual reports", Role.PLANNER, Role.MANAGER)
