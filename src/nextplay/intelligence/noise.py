"""Whether a change is more than chance would bring. Two-sided, at one in twenty, as for one look at one card."""

import math

import numpy as np
from numpy.typing import NDArray

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


def median_changed(now: NDArray[np.float64], before: NDArray[np.float64]) -> bool:
    """Whether two medians differ: neither lies in the other's 95% interval (order statistics, no distribution assumed)."""
    if min(now.size, before.size) < FEW_CASES:
        return False
    return not (_inside(float(np.median(before)), now) or _inside(float(np.median(now)), before))


def _inside(value: float, sample: NDArray[np.float64]) -> bool:
    ordered = np.sort(sample)
    reach = Z * ordered.size**0.5 / 2
    low = max(int(np.floor(ordered.size / 2 - reach)), 0)
    high = min(int(np.ceil(ordered.size / 2 + reach)), ordered.size - 1)
    return bool(ordered[low] <= value <= ordered[high])
