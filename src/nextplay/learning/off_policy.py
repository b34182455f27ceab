"""What another program would have brought, from decisions chance had a part in: self-normalised, doubly robust, or refused.

Each logged case is weighed by how much likelier the other program would have done the same (Swaminathan and Joachims 2015;
Dudik, Langford, Li 2011). Weights are cut at 10. Where they leave an effective sample under 100 cases there is no estimate: a
handful of heavy cases says nothing about a program.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

LARGEST_WEIGHT = 10.0
LEAST_SAMPLE = 100.0
# Two-sided 90 %.
_Z = 1.6448536269514722


@dataclass(frozen=True)
class OffPolicy:
    """Mean reward of the other program with its 90 % interval; None where it is refused, `refusal` says why."""

    cases: int
    effective_sample: float
    clipped: int
    value: float | None = None
    low: float | None = None
    high: float | None = None
    refusal: str = ""


def off_policy(
    reward: Floats, propensity: Floats, other: Floats, *, said: Floats | None = None, said_other: Floats | None = None
) -> OffPolicy:
    """From arrays with one entry a logged case.

    `propensity`: chance with which the case was logged, above 0. `other`: chance with which the other program would have done
    the same. `said`: what a model expected of what was done, `said_other` of what the other program would do; without them
    their mean stands for both, which leaves the self-normalised estimate. Raises ValueError for a propensity of 0 or less.
    """
    cases = len(reward)
    if not cases:
        return OffPolicy(0, 0.0, 0, refusal="No decision was left to chance, so that nothing can be said of another program.")
    if (propensity <= 0).any():
        raise ValueError("a case that could not have been logged: its propensity is not above 0")
    raw = other / propensity
    weight = np.minimum(raw, LARGEST_WEIGHT)
    clipped, total = int((raw > LARGEST_WEIGHT).sum()), float(weight.sum())
    # Judged before the cut: cutting the few that carry all the weight must not make them pass for many.
    sample = _effective(raw)
    if sample < LEAST_SAMPLE:
        return OffPolicy(cases, round(sample, 1), clipped, refusal=_too_few(cases, sample))
    expected = said if said is not None else np.full(cases, float((weight * reward).sum()) / total)
    direct = said_other if said_other is not None else expected
    value = float(direct.mean() + (weight * (reward - expected)).sum() / total)
    centered = direct - direct.mean() + cases * weight / total * (reward - expected)
    centered = centered - centered.mean()
    error = sqrt(float((centered**2).sum()) / cases / max(cases - 1, 1))
    return OffPolicy(cases, round(sample, 1), clipped, value, value - _Z * error, value + _Z * error)


def _effective(weight: Floats) -> float:
    """Kish's effective sample: as many equal weights would say as much."""
    square = float((weight**2).sum())
    return float(weight.sum() ** 2 / square) if square > 0 else 0.0


def _too_few(cases: int, sample: float) -> str:
    return (
        f"Refused: {cases:,} cases that a lot decided say as much about the other program as {sample:.0f} of its own would. "
        f"Under {LEAST_SAMPLE:.0f} such an estimate is chance."
    )
