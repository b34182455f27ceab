"""What lies ahead of a partner in each stage: deals over the horizon, and the chance of so many of them in a window."""

import numpy as np
import numpy.typing as npt

from nextplay.decisions.stages import StageModel
from nextplay.signals.month_counts import DAYS_OF_MONTH

Floats = npt.NDArray[np.float64]

# Factors on a partner's deal rate that chances are worked out for; between them they are read off a line.
TEMPOS = np.array([0.25, 0.5, 1.0, 2.0, 4.0])


def deals_ahead(model: StageModel, months: int) -> Floats:
    """Expected deals from each kind and stage over so many months, without plays (C, S); backward induction."""
    ahead = np.zeros_like(model.deals)
    for _ in range(months):
        ahead = model.deals + np.einsum("cst,ct->cs", model.passages, ahead)
    return ahead


def few(model: StageModel, rates: Floats, number: int, days: int) -> Floats:
    """Chance of exactly 0 .. number - 1 events within so many days, from each kind and stage: (TEMPOS, number, C, S).

    Month by month: events at the stage's rate, then the stage passes. `rates` (C, S) a month.
    """
    kinds, stages = rates.shape
    tables = []
    for tempo in TEMPOS:
        # reached[n, c, s0, s]: from s0, now in s with n events so far.
        reached = np.zeros((number, kinds, stages, stages))
        reached[0] = np.eye(stages)
        left = days / DAYS_OF_MONTH
        while left > 1e-9:
            part = min(left, 1.0)
            reached = _month(reached, rates * tempo * part)
            if part == 1.0:
                reached = np.einsum("ncus,cst->ncut", reached, model.passages)
            left -= part
        tables.append(reached.sum(axis=3))
    return np.stack(tables)


def _month(reached: Floats, rates: Floats) -> Floats:
    number = len(reached)
    chance = [np.exp(-rates)]
    for count in range(1, number):
        chance.append(chance[-1] * rates / count)
    after = np.zeros_like(reached)
    for so_far in range(number):
        for more in range(number - so_far):
            after[so_far + more] += reached[so_far] * chance[more][:, None, :]
    return after


def at_tempo(table: Floats, belief: Floats, tempo: Floats) -> Floats:
    """A table by tempo, number, kind and stage read for each partner: (partners, number)."""
    each = np.einsum("ncs,tkcs->ntk", belief, table)
    place = np.clip(np.interp(np.log(np.maximum(tempo, 1e-3)), np.log(TEMPOS), np.arange(len(TEMPOS))), 0, len(TEMPOS) - 1)
    low = np.minimum(place.astype(np.int64), len(TEMPOS) - 2)
    share = (place - low).reshape(-1, 1)
    rows = np.arange(len(tempo))
    return np.asarray((1 - share) * each[rows, low] + share * each[rows, low + 1])
