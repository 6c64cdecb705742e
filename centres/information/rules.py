"""Who may write for everybody."""

from civic.accounts.models import Role
from civic.accounts.rules import for_roles

WRITES_INFORMATION = for_roles("write notices, grants and cases", Role.MANAGER, Role.STAFF)
