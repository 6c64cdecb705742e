"""How far a target is reached. Decimals throughout, rounded half up; nothing is clamped."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from itertools import pairwise

from indicators.models import Formula

HUNDRED = Decimal(100)


class Unjudged(Enum):
    """Why no percentage can be computed."""

    NO_ACTUAL = "no actual"
    NO_TARGET = "no target"
    NO_BASELINE = "no baseline"
    TARGET_IS_BASELINE = "the target is the baseline"
    TARGET_IS_ZERO = "the target is zero"
    ACTUAL_IS_ZERO = "the actual is zero"
    ACROSS_BREAK = "the definition changed in between"
    HIDDEN = "the figure is not published"


@dataclass(frozen=True)
class Achievement:
    """A percentage (one decimal), or the reason why there is none."""

    percent: Decimal | None
    unjudged: Unjudged | None = None


def rounded(value: Decimal, decimals: int) -> Decimal:
    """Return the value with a fixed number of decimals, rounded half up (away from zero)."""
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def achievement(
    formula: Formula,
    *,
    baseline: Decimal | None,
    target: Decimal | None,
    actual: Decimal | None,
    across_break: bool = False,
) -> Achievement:
    """Return the achievement of `target` by `actual` in per cent.

    From the baseline it is right in either direction: 100 → 20 at 30 is 87.5 %, and worse than the baseline is
    negative. `across_break`: the definition changed between the figures compared, so nothing is computed.
    """
    if actual is None:
        return Achievement(None, Unjudged.NO_ACTUAL)
    if target is None:
        return Achievement(None, Unjudged.NO_TARGET)
    if across_break:
        return Achievement(None, Unjudged.ACROSS_BREAK)
    if formula == Formula.BASELINE:
        if baseline is None:
            return Achievement(None, Unjudged.NO_BASELINE)
        return _share(actual - baseline, target - baseline, Unjudged.TARGET_IS_BASELINE)
    if formula == Formula.LEVEL:
        return _share(actual, target, Unjudged.TARGET_IS_ZERO)
    if formula == Formula.INVERSE_LEVEL:
        return _share(target, actual, Unjudged.ACTUAL_IS_ZERO)
    return _share(2 * target - actual, target, Unjudged.TARGET_IS_ZERO)


def _share(part: Decimal, whole: Decimal, if_zero: Unjudged) -> Achievement:
    return Achievement(None, if_zero) if whole == 0 else Achievement(rounded(part / whole * HUNDRED, 1))


def value_on_the_way(corners: list[tuple[int, Decimal]], fiscal_year: int) -> Decimal | None:
    """Return the value expected at the end of a year on a way given by its corners; None where it does not lead there.

    Between two corners each year goes as far as the others: year n of N stands at n ÷ N.
    """
    for (first, low), (last, high) in pairwise(corners):
        if first <= fiscal_year <= last:
            return low + (high - low) * (fiscal_year - first) / (last - first)
    return None


def expected_pace(first_fiscal_year: int, last_fiscal_year: int, fiscal_year: int) -> Decimal:
    """Return the achievement expected at the end of a year, in per cent: year n of N stands at n ÷ N.

    Raises ValueError for a year outside the period.
    """
    if not first_fiscal_year <= fiscal_year <= last_fiscal_year:
        raise ValueError(f"{fiscal_year} is outside {first_fiscal_year}–{last_fiscal_year}.")
    years = Decimal(last_fiscal_year - first_fiscal_year + 1)
    return rounded((fiscal_year - first_fiscal_year + 1) / years * HUNDRED, 1)
