"""How often things happen over the months of the sample history."""

from datetime import date, timedelta

import numpy as np

from nextplay.facts.sample.roster import HISTORY_DAYS, Floats, Roster, Whole

SLICES = 24
SLICE_DAYS = HISTORY_DAYS / SLICES
_MIDDLES = (np.arange(SLICES) + 0.5) * SLICE_DAYS
# January to December: quiet in high summer and over the holidays, busy at the ends of quarters.
_BUSY = np.array([0.9, 1.0, 1.15, 1.0, 1.0, 1.1, 0.85, 0.7, 1.15, 1.1, 1.1, 0.75])


def season(today: date) -> Floats:
    """One factor a month-long slice of the history."""
    first = today - timedelta(days=HISTORY_DAYS)
    months = np.array([(first + timedelta(days=float(middle))).month for middle in _MIDDLES])
    factors: Floats = _BUSY[months - 1]
    return factors


def tenure(roster: Roster) -> Floats:
    """How far into its time with us each partner is at each slice: 0 at its start, 1 now. One row a partner."""
    start = np.maximum(np.nan_to_num(roster.signed, nan=HISTORY_DAYS - 90.0), 0)[:, None]
    end = np.fmin(roster.ended, HISTORY_DAYS)[:, None]
    share: Floats = np.clip((_MIDDLES - start) / np.maximum(end - start, 1), 0, 1)
    return share


def events(a_month: Floats, rng: np.random.Generator) -> tuple[Whole, Floats]:
    """Chance events at rates by row and slice: the row and the day of each."""
    counts = rng.poisson(np.maximum(a_month, 0))
    cell = np.repeat(np.arange(counts.size), counts.ravel())
    return cell // SLICES, (cell % SLICES + rng.random(len(cell))) * SLICE_DAYS
