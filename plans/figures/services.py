"""What happens to the figures of a plan's year as a whole."""

from collections.abc import Collection

from civic.accounts.models import User
from indicators.models import Closing, Indicator
from indicators.services import close_year, reopen_year
from plans.models import Plan


def close_figures(plan: Plan, fiscal_year: int, by: User | None, *, is_sample: bool = False) -> list[Closing]:
    """Freeze the figures of all KPIs of a plan in a year; see indicators.services.close_year."""
    return close_year(_indicators(plan), fiscal_year, by, is_sample=is_sample)


def close_some_figures(
    plan: Plan, keys: Collection[str], fiscal_year: int, by: User | None, *, is_sample: bool
) -> list[Closing]:
    """Freeze the figures of some KPIs of a plan, named by their keys; see indicators.services.close_year."""
    chosen = plan.indicators.filter(key__in=keys).select_related("commitment__indicator")
    return close_year([row.commitment.indicator for row in chosen], fiscal_year, by, is_sample=is_sample)


def reopen_figures(plan: Plan, fiscal_year: int, by: User | None, reason: str) -> int:
    """Open the figures of a plan's year again; see indicators.services.reopen_year."""
    return reopen_year(_indicators(plan), fiscal_year, by, reason)


def _indicators(plan: Plan) -> list[Indicator]:
    return list(Indicator.objects.filter(commitments__plan_indicator__plan=plan))
