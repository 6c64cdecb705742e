"""Figures as they are printed."""

import re
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.achievement import Achievement, Unjudged, rounded
from indicators.models import Commitment, Formula, Indicator, Target
from indicators.small_counts import small_label, tells_of_few

NUMBER = re.compile(r"-?\d[\d,]*(\.\d+)?")


def printed(value: Decimal, indicator: Indicator) -> str:
    """Return a value with its thousands parted, its decimals and its unit, as in 28,239人."""
    return f"{rounded(value, indicator.decimals):,}{indicator.unit}"


def told(value: Decimal, indicator: Indicator) -> str:
    """Return a value as it is published: a count of a few people is only said to be small."""
    return small_label(indicator.unit) if tells_of_few(indicator.unit, value) else printed(value, indicator)


def number_in(words: str | None, unit: str) -> Decimal | None:
    """Return the number of a figure as it is printed, in this unit; None for none and for words in its place."""
    bare = (words or "").removesuffix(unit)
    return Decimal(bare.replace(",", "")) if NUMBER.fullmatch(bare) else None


def percent_label(reached: Achievement) -> str | None:
    """Return an achievement as in 87.5％; None where there is none."""
    return None if reached.percent is None else f"{reached.percent}％"


def unjudged_label(reason: Unjudged) -> str:
    """Return why there is no percentage, in the words that stand in its place."""
    return {
        Unjudged.NO_ACTUAL: _("実績値がまだありません"),
        Unjudged.NO_TARGET: _("目標値がありません"),
        Unjudged.NO_BASELINE: _("現状値がないため計算しません"),
        Unjudged.TARGET_IS_BASELINE: _("目標値と現状値が同じため計算しません"),
        Unjudged.TARGET_IS_ZERO: _("目標値が0のため計算しません"),
        Unjudged.ACTUAL_IS_ZERO: _("実績値が0のため計算しません"),
        Unjudged.ACROSS_BREAK: _("途中で定義が変わったため計算しません"),
        Unjudged.HIDDEN: _("少ない人数が分かるため公表しません"),
    }[reason]


def worked(commitment: Commitment, target: Target, value: Decimal, reached: Achievement) -> str:
    """Return the formula with its figures put in, as in （30－100）÷（20－100）×100＝87.5％."""
    decimals = commitment.indicator.decimals
    actual, goal = (_term(rounded(number, decimals)) for number in (value, target.value))
    result = f"＝{reached.percent}％"
    if commitment.formula == Formula.LEVEL:
        return f"{actual}÷{goal}×100{result}"
    if commitment.formula == Formula.INVERSE_LEVEL:
        return f"{goal}÷{actual}×100{result}"
    if commitment.formula == Formula.COMPLEMENT_LEVEL:
        return f"（2－{actual}÷{goal}）×100{result}"
    baseline = _term(rounded(commitment.baseline_value or Decimal(0), decimals))
    return f"（{actual}－{baseline}）÷（{goal}－{baseline}）×100{result}"


def _term(value: Decimal) -> str:
    return f"（{value:,}）" if value < 0 else f"{value:,}"
