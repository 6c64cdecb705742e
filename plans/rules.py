"""Who may do what with plans and their reports."""

from civic.accounts.models import Membership, Role
from civic.accounts.rules import for_roles
from plans.models import ItemDepartment

READS_DRAFTS = for_roles(
    "reads plans and reports before they are public", Role.PLANNER, Role.MANAGER, Role.OFFICER, Role.COUNCIL
)
MAKES_REPORTS = for_roles("makes and publishes annual reports", Role.PLANNER, Role.MANAGER)
REPORTS_PROGRESS = for_roles("reports the year's progress of a department's items", Role.OFFICER)
COLLECTS_PROGRESS = for_roles("asks departments for their progress and reviews it", Role.PLANNER, Role.MANAGER)
READS_PROGRESS = for_roles(
    "reads what departments have handed in", Role.PLANNER, Role.MANAGER, Role.COUNCIL, Role.OFFICER
)
EVALUATES = for_roles("records the council's evaluations", Role.COUNCIL, Role.PLANNER)
READS_EVIDENCE = for_roles(
    "reads the records behind a figure", Role.PLANNER, Role.MANAGER, Role.STAFF, Role.OFFICER, Role.COUNCIL
)
KEEPS_FIGURES = for_roles("enters, closes and corrects figures", Role.PLANNER, Role.MANAGER)


def answers_for(membership: Membership, item_id: int) -> bool:
    """Return whether one of the member's departments answers for an item: only then may they write of it."""
    return ItemDepartment.objects.filter(item=item_id, department__members__membership=membership).exists()


EDITS_PLANS = for_roles("edits plans", Role.PLANNER)
