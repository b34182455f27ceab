"""What each partner did, month by month back from a day: the roll-up that the stage filter reads. Knows no engine."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from nextplay.program.engine import CHANNELS, DEALS

Floats = npt.NDArray[np.float32]

DAYS_OF_MONTH = 30
# Columns of `MonthCounts.events`: the channels, then deals brought.
COUNTED = (*CHANNELS, DEALS)
# Columns of `MonthCounts.answers`.
ANSWERS = ("met", "missed", "proposed", "accepted")
# Machines log in: beyond this a month says no more.
AT_MOST = 8


@dataclass(frozen=True)
class MonthCounts:
    """Months from the oldest to the latest, partners in the order of the signals frame.

    `events` (months, partners, len(COUNTED)), without what a play produced; `answers` (months, partners, len(ANSWERS)).
    `age` (partners): months since the partner was first seen, whole ones rounded up.
    """

    events: Floats
    answers: Floats
    age: Floats

    @property
    def months(self) -> int:
        """How many months are looked at."""
        return len(self.events)

    def of(self, rows: npt.NDArray[np.int64] | slice) -> "MonthCounts":
        """The same of some partners."""
        return MonthCounts(self.events[:, rows], self.answers[:, rows], self.age[rows])


def age_in_months(signals: pl.DataFrame) -> Floats:
    """Months since the first of: signed, enabled, first seen."""
    days = signals.select(pl.max_horizontal("days_in_program", "days_since_signed", "days_since_enabled").fill_null(0))
    return np.ceil(days.to_series().to_numpy() / DAYS_OF_MONTH).astype(np.float32)
