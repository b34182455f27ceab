"""Kaplan-Meier: how long something takes where it has not happened to everybody yet.

Who still waits counts as waiting up to the day: leaving them out would call the fast ones typical. After each length at which
something happened, the share still waiting falls by (1 - happened / at risk); its variance is Greenwood's.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Z = 1.96


@dataclass(frozen=True)
class Survival:
    """The curve: after each of `lengths`, in days and smallest first, the share still `waiting`, with its `variance`."""

    lengths: Floats
    waiting: Floats
    variance: Floats
    # All cases, those to which it happened, and how long the longest case was watched.
    cases: int
    happened: int
    watched: float

    @classmethod
    def of(cls, lengths: Floats, happened: Counts, censored: Counts) -> "Survival":
        """From lengths in any order and how many cases ended there: because it happened, or because watching ended.

        A case that stopped being watched at a length was still at risk there.
        """
        held = (happened > 0) | (censored > 0)
        different, place = np.unique(lengths[held], return_inverse=True)
        ended = np.bincount(place, happened[held], different.size).astype(np.float64)
        left = np.bincount(place, censored[held], different.size).astype(np.float64)
        at_risk = np.cumsum((ended + left)[::-1])[::-1]
        some = ended > 0
        events, risk = ended[some], at_risk[some]
        rest = risk - events
        waiting = np.cumprod(rest / risk)
        greenwood = np.cumsum(np.divide(events, risk * rest, out=np.zeros_like(risk), where=rest > 0))
        return cls(
            lengths=different[some].astype(np.float64),
            waiting=waiting.astype(np.float64),
            variance=waiting**2 * greenwood,
            cases=int((ended + left).sum()),
            happened=int(ended.sum()),
            watched=float(different[-1]) if different.size else 0.0,
        )

    @property
    def median(self) -> float | None:
        """The first length by which it happened to half; None where the curve does not come down so far."""
        reached = np.flatnonzero(self.waiting <= 0.5 + 1e-12)
        return float(self.lengths[reached[0]]) if reached.size else None

    @property
    def beyond(self) -> float:
        """A length at which more than half were still waiting: the median, where it is not reached, lies beyond."""
        return self.watched if self.median is None else 0.0

    def done_by(self, length: float) -> float | None:
        """The share to which it has happened by a length; None without a case, or longer than any was watched."""
        if not self.cases or length > self.watched:
            return None
        before = np.flatnonzero(self.lengths <= length)
        return float(1 - self.waiting[before[-1]]) if before.size else 0.0

    def within(self, length: float | None) -> bool:
        """Whether a length lies in the 95% interval of the median: where the curve is not clearly above or below one half."""
        if length is None or not self.lengths.size:
            return False
        place = int(np.searchsorted(self.lengths, length, side="right")) - 1
        share, variance = (self.waiting[place], self.variance[place]) if place >= 0 else (1.0, 0.0)
        return bool(abs(share - 0.5) <= Z * np.sqrt(variance))
