"""How a quantity is spread over its cases: every value and how many cases have it, so that nothing grows with the facts."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Spread:
    """Different values, smallest first, and the cases of each."""

    values: NDArray[np.float64]
    cases: NDArray[np.int64]

    @classmethod
    def of(cls, values: NDArray[np.float64], cases: NDArray[np.int64]) -> "Spread":
        """From values in any order; those without a case are left out, and equal ones stand together."""
        held = cases > 0
        different, place = np.unique(values[held], return_inverse=True)
        return cls(different, np.bincount(place, cases[held], different.size).astype(np.int64))

    @property
    def size(self) -> int:
        """All cases."""
        return int(self.cases.sum())

    @property
    def median(self) -> float | None:
        """The middle case's value, or the mean of both in the middle; None without a case."""
        size = self.size
        return (self.at((size - 1) // 2) + self.at(size // 2)) / 2 if size else None

    def at(self, position: int) -> float:
        """The value of the case at a position, counted from 0, smallest first."""
        return float(self.values[np.searchsorted(np.cumsum(self.cases), position, side="right")])
