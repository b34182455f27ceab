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


def spread(signals: pl.DataFrame) -> MonthCounts:
    """Six months off the windows of 30, 90 and 180 days, spread evenly inside each: where no monthly roll-up is at hand."""
    events = [np.minimum(_months(signals, kinds), AT_MOST) for kinds, _ in CHANNELS.values()]
    events.append(np.maximum(_months(signals, ("deal_registered",)), _months(signals, ("opened",))))
    answers = [_months(signals, (kind,)) for kind in ("commitment_met", "commitment_missed", "step_proposed", "step_accepted")]
    return MonthCounts(np.stack(events, axis=-1), np.stack(answers, axis=-1), age_in_months(signals))


def age_in_months(signals: pl.DataFrame) -> Floats:
    """Months since the first of: signed, enabled, first seen."""
    days = signals.select(pl.max_horizontal("days_in_program", "days_since_signed", "days_since_enabled").fill_null(0))
    return np.ceil(days.to_series().to_numpy() / DAYS_OF_MONTH).astype(np.float32)


def _months(signals: pl.DataFrame, kinds: tuple[str, ...]) -> Floats:
    """Shape (6, partners), oldest first."""

    def summed(days: int) -> Floats:
        return sum(signals[f"{kind}_{days}"].cast(pl.Float32).to_numpy() for kind in kinds)  # type: ignore[return-value]

    n30, n90, n180 = (summed(days) for days in (30, 90, 180))
    far, middle = (n180 - n90) / 3, (n90 - n30) / 2
    return np.stack([far, far, far, middle, middle, n30]).astype(np.float32)
