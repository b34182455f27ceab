"""Whether a change is more than chance would bring. Two-sided, at one in twenty, as for one look at one card."""

import math

from nextplay.intelligence.spread import Spread
from nextplay.intelligence.survival import Survival

Z = 1.96
FEW_CASES = 5


def sum_changed(now: float, before: float, moved: float) -> bool:
    """Whether a sum changed: `moved` is the sum of squares of what was counted in only one of the two periods.

    Each such item falls into either period by chance (compound Poisson), which gives the difference that variance.
    """
    return abs(now - before) > Z * math.sqrt(moved)


def rate_changed(part: float, whole: float, part_before: float, whole_before: float) -> bool:
    """Whether two rates differ: two-proportion z test, pooled. False under five cases on either side."""
    if min(whole, whole_before) < FEW_CASES:
        return False
    pooled = (part + part_before) / (whole + whole_before)
    error = math.sqrt(pooled * (1 - pooled) * (1 / whole + 1 / whole_before))
    return abs(part / whole - part_before / whole_before) > Z * error


def median_changed(now: Spread, before: Spread) -> bool:
    """Whether two medians differ: neither lies in the other's 95% interval (order statistics, no distribution assumed)."""
    if min(now.size, before.size) < FEW_CASES:
        return False
    return not (_inside(before.median, now) or _inside(now.median, before))


def _inside(value: float | None, spread: Spread) -> bool:
    reach = Z * spread.size**0.5 / 2
    low = max(math.floor(spread.size / 2 - reach), 0)
    high = min(math.ceil(spread.size / 2 + reach), spread.size - 1)
    return value is not None and spread.at(low) <= value <= spread.at(high)


def mean_changed(now: tuple[float, float, float], before: tuple[float, float, float]) -> bool:
    """Whether two means differ: each from sum, cases and sum of squares, with variances of their own (Welch)."""
    if min(now[1], before[1]) < FEW_CASES:
        return False
    error = math.sqrt(_variance_of_mean(*now) + _variance_of_mean(*before))
    return abs(now[0] / now[1] - before[0] / before[1]) > Z * error


def _variance_of_mean(total: float, cases: float, squares: float) -> float:
    return max(squares - total * total / cases, 0.0) / (cases - 1) / cases


def survival_changed(now: Survival, before: Survival) -> bool:
    """Whether two medians of waiting differ: neither lies in the other's 95% interval."""
    if min(now.happened, before.happened) < FEW_CASES or now.median is None or before.median is None:
        return False
    return not (before.within(now.median) or now.within(before.median))
