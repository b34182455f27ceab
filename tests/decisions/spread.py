"""Months for frames of signals that a test makes up: read off the windows of 30, 90 and 180 days."""

import numpy as np
import polars as pl

from nextplay.program.engine import CHANNELS
from nextplay.signals.month_counts import AT_MOST, Floats, MonthCounts, age_in_months


def spread(signals: pl.DataFrame) -> MonthCounts:
    """Six months off the windows of 30, 90 and 180 days, spread evenly inside each."""
    events = [np.minimum(_months(signals, kinds), AT_MOST) for kinds, _ in CHANNELS.values()]
    events.append(np.maximum(_months(signals, ("deal_registered",)), _months(signals, ("opened",))))
    answers = [_months(signals, (kind,)) for kind in ("commitment_met", "commitment_missed", "step_proposed", "step_accepted")]
    return MonthCounts(np.stack(events, axis=-1), np.stack(answers, axis=-1), age_in_months(signals))


def _months(signals: pl.DataFrame, kinds: tuple[str, ...]) -> Floats:
    """Shape (6, partners), oldest first."""

    def summed(days: int) -> Floats:
        return sum(signals[f"{kind}_{days}"].cast(pl.Float32).to_numpy() for kind in kinds)  # type: ignore[return-value]

    n30, n90, n180 = (summed(days) for days in (30, 90, 180))
    far, middle = (n180 - n90) / 3, (n90 - n30) / 2
    return np.stack([far, far, far, middle, middle, n30]).astype(np.float32)
