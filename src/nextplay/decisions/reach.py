"""How much of what each play is designed to do it does in this program: learned from what followed every run of it.

For each run, how likely what followed is under every size of effect on a grid; what is believed before is pooled: one level
for all plays of the program, one for each play around it. What followed long ago counts for less. It reads the weeks after a
play, long before its outcome; a window that is still open is simply less evidence, never a miss.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nextplay.decisions.belief import Seen, evidence
from nextplay.decisions.stages import C_DEALS, SCATTER, PlayEffects, StageModel
from nextplay.program.engine import SELLING, Engine

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

GRID = np.linspace(0.0, 2.5, 26)
# Most runs that are read: of a large program the latest.
MOST_RUNS = 4000
# Of the spread that the program file states, what all plays share and what each play has of its own.
SHARED, OWN = 0.6, 0.8


@dataclass(frozen=True)
class Reach:
    """Effect of each play as a factor on what it is designed to do: mean and standard deviation (P), and runs it rests on."""

    mean: Floats
    deviation: Floats
    runs: Whole


def assumed_reach(plays: int, engine: Engine) -> Reach:
    """Before any run."""
    return Reach(np.full(plays, engine.effect), np.full(plays, engine.effect_sd), np.zeros(plays, np.int64))


def learned(model: StageModel, seen: Seen, before: list[Floats], effects: PlayEffects, engine: Engine) -> Reach:
    """From every run that is at least a month old. `before` as `belief.forward` gives it."""
    plays = len(effects.moves)
    told, runs = np.zeros((plays, len(GRID))), np.zeros(plays, np.int64)
    usual = np.full(plays, engine.effect)
    ahead = np.ones_like(before[0])
    for month in range(seen.months - 1, -1, -1):
        age = seen.months - 1 - month
        weight = 0.5 ** (age / engine.forget_months)
        rows = np.flatnonzero(seen.played[month] >= 0)
        if len(rows):
            found = _run(model, seen.of(rows), month, before[month][rows], ahead[rows], effects)
            np.add.at(told, seen.played[month][rows], weight * found)
            runs += np.bincount(seen.played[month][rows], minlength=plays)
        ahead = _backward(model, seen, month, ahead, effects, usual)
    mean, deviation = _pooled(told, engine)
    return Reach(mean, deviation, runs)


def _backward(model: StageModel, seen: Seen, month: int, ahead: Floats, effects: PlayEffects, reach: Floats) -> Floats:
    """How likely this month and all after it are, given the stage before it."""
    told = evidence(model, seen, month, effects, reach)
    onward = np.exp(told - told.max(axis=(1, 2), keepdims=True)) * ahead
    rows = np.flatnonzero(seen.played[month] >= 0)
    if len(rows):
        play = seen.played[month][rows]
        chance = np.clip(reach[play, None] * effects.moves[play], 0, 1)[:, None, :] * model.keeps.reshape(1, -1, 1)
        onward[rows] = (1 - chance) * onward[rows] + chance * onward[rows][:, :, SELLING : SELLING + 1]
    back = np.einsum("cst,nct->ncs", model.passages, onward)
    back = np.where(seen.here(month)[:, None, None], back, onward)
    return np.asarray(back / back.max(axis=(1, 2), keepdims=True))


def _run(model: StageModel, seen: Seen, month: int, before: Floats, ahead: Floats, effects: PlayEffects) -> Floats:
    """Log-likelihood of what followed each run on the grid, shape (runs, grid)."""
    play = seen.played[month]
    nothing = PlayEffects(effects.moves, np.zeros_like(effects.adds))
    told = evidence(model, seen, month, nothing, np.zeros(len(effects.moves)))
    told = np.exp(told - told.max(axis=(1, 2), keepdims=True))
    deals = seen.counts.events[month][:, C_DEALS].astype(np.float64)
    keeps = model.keeps.reshape(1, -1, 1)
    found = np.empty((len(play), len(GRID)))
    for place, size in enumerate(GRID):
        chance = np.clip(size * effects.moves[play], 0, 1)[:, None, :]
        gained = _gained(model, deals, size * effects.adds[play], seen.season[month][C_DEALS])
        stay = told * ahead
        done = (1 - chance) * stay * gained + chance * stay[:, :, SELLING : SELLING + 1] * gained[:, :, SELLING : SELLING + 1]
        likely = (before * ((1 - keeps) * stay + keeps * done)).sum(axis=(1, 2))
        found[:, place] = np.log(np.maximum(likely, 1e-300))
    return found - found[:, :1]


def _gained(model: StageModel, deals: Floats, adds: Floats, season: float) -> Floats:
    """How much likelier the month's deals are with those that the play adds, shape (runs, C, S)."""
    rate = model.deals[None] * season
    more = rate + adds[:, None, :]
    shape = SCATTER[C_DEALS]
    count = deals.reshape(-1, 1, 1)
    told = count * (np.log(more / (more + shape)) - np.log(rate / (rate + shape)))
    told -= shape * (np.log1p(more / shape) - np.log1p(rate / shape))
    return np.asarray(np.exp(told))


def _pooled(told: Floats, engine: Engine) -> tuple[Floats, Floats]:
    """Two levels of normal priors on the grid: what plays reach in this program, and each play around that."""
    level = _normal(GRID, engine.effect, SHARED * engine.effect_sd)
    around = np.stack([_normal(GRID, centre, OWN * engine.effect_sd) for centre in GRID])
    likely = np.exp(told - told.max(axis=1, keepdims=True))
    # Evidence of each play for every level, (P, levels).
    under = likely @ around.T
    shared = np.log(level) + np.log(np.maximum(under, 1e-300)).sum(axis=0)
    shared = np.exp(shared - shared.max())
    shared /= shared.sum()
    posterior = likely[:, None, :] * around[None] / np.maximum(under, 1e-300)[:, :, None]
    each = np.einsum("l,plg->pg", shared, posterior)
    each /= each.sum(axis=1, keepdims=True)
    mean = each @ GRID
    return mean, np.sqrt(np.maximum(each @ GRID**2 - mean**2, 1e-6))


def _normal(grid: Floats, centre: float, deviation: float) -> Floats:
    weight = np.exp(-0.5 * ((grid - centre) / deviation) ** 2)
    return np.asarray(weight / weight.sum())
