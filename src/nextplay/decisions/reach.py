"""How much of what each play is designed to do it does in this program: learned from what followed every run of it.

For each run, how likely what followed is under every size of effect on a grid; what is believed before is pooled: one level
for all plays of the program, one for each play around it; before any run, what the program file says. What followed long ago
counts for less. It reads the weeks after a play, long before its outcome; a window that is still open is simply less evidence,
never a miss.
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
CENTRES = np.linspace(-1.0, 2.5, 351)
# Most runs that are read: of a large program the latest.
MOST_RUNS = 4000
# Of the spread that the program file states, what all plays share and what each play has of its own.
SHARED, OWN = 0.6, 0.8


@dataclass(frozen=True)
class Reach:
    """Effect of each play as a factor on what it is designed to do: mean and standard deviation (P), and runs it rests on.

    `by_others` (P): what would be believed of each if it had never run, by the runs of the other plays alone.
    """

    mean: Floats
    deviation: Floats
    by_others: Floats
    runs: Whole


def assumed_reach(plays: int, engine: Engine) -> Reach:
    """Before any run."""
    return _pooled(np.zeros((plays, len(GRID))), np.zeros(plays, np.int64), engine)


@dataclass(frozen=True)
class Followed:
    """Every run, one row each: its play, how much it counts, and what followed it, by kind and stage it may have stood in.

    `before` (R, C, S) is believed before the run, `stay` how likely what followed is from each kind and stage, up to a factor a
    run; `done` (R, C) the chance that the partner did its part, `deals` what it brought in the month; `usual` (R, C, S) what it
    would have brought without the play.
    """

    play: Whole
    weight: Floats
    before: Floats
    stay: Floats
    done: Floats
    deals: Floats
    usual: Floats


def followed(
    model: StageModel, seen: Seen, before: list[Floats], tempo: Floats, effects: PlayEffects, engine: Engine
) -> Followed:
    """All runs that are at least a month old, the latest month first. `before` as `belief.forward` gives it, `tempo` by
    the start of each month (months, partners)."""
    assumed, nothing = effects.times(np.full(len(effects.moves), engine.effect)), effects.times(np.zeros(len(effects.moves)))
    ahead = np.ones_like(before[0])
    parts = []
    for month in range(seen.months - 1, -1, -1):
        rows = np.flatnonzero(seen.played[month] >= 0)
        own = seen.of(rows)
        told = evidence(model, own, month, nothing)
        stay = np.exp(told - told.max(axis=(1, 2), keepdims=True)) * ahead[rows]
        weight = np.full(len(rows), 0.5 ** ((seen.months - 1 - month) / engine.forget_months))
        deals = own.counts.events[month][:, C_DEALS].astype(np.float64)
        usual = _by_itself(model, own, month, tempo[month][rows])
        done = did_its_part(model, own, month, engine.promises_weight)
        parts.append((own.played[month], weight, before[month][rows], stay, done, deals, usual))
        ahead = _backward(model, seen, month, ahead, assumed)
    return Followed(*(np.concatenate(each) for each in zip(*parts, strict=True)))


def _by_itself(model: StageModel, seen: Seen, month: int, tempo: Floats) -> Floats:
    """Deals that each partner would bring in a month without the play, by kind and stage (partners, C, S).

    Its stage's at its own tempo. Whoever seems not to sell still brings what it brought so far: a seller that is taken for a
    silent one must not be a play's merit.
    """
    brought = seen.counts.events[:month, :, C_DEALS].sum(axis=0, dtype=np.float64)
    pace = brought / np.clip(month - seen.months + seen.counts.age, 1, max(month, 1))
    rate = model.deals[None] * tempo[:, None, None]
    others = np.arange(rate.shape[2]) != SELLING
    rate[:, :, others] = np.maximum(rate[:, :, others], pace[:, None, None])
    return np.asarray(rate * seen.season[month][C_DEALS])


def did_its_part(model: StageModel, seen: Seen, month: int, promises: float) -> Floats:
    """Chance by partner and kind that it did its part of the play of a month: promises kept until then, and those of the month.

    The month's own tell most: a run whose promises were missed says nothing of what the play does.
    """
    met, missed = np.moveaxis(seen.counts.answers[: month + 1, :, :2].astype(np.float64), -1, 0)
    kept, made = met[:-1].sum(axis=0)[:, None], (met[:-1] + missed[:-1]).sum(axis=0)[:, None]
    usual = (kept + promises * model.keeps) / (made + promises)
    return np.asarray((met[-1][:, None] + usual) / ((met[-1] + missed[-1])[:, None] + 1))


def learned(runs: Followed, effects: PlayEffects, engine: Engine) -> Reach:
    """What plays reach of what they are designed to do, from every run."""
    plays = len(effects.moves)
    told = np.zeros((plays, len(GRID)))
    np.add.at(told, runs.play, runs.weight[:, None] * _on_grid(runs, effects))
    return _pooled(told, np.bincount(runs.play, minlength=plays), engine)


def _backward(model: StageModel, seen: Seen, month: int, ahead: Floats, effects: PlayEffects) -> Floats:
    """How likely this month and all after it are, given the stage before it."""
    told = evidence(model, seen, month, effects)
    onward = np.exp(told - told.max(axis=(1, 2), keepdims=True)) * ahead
    rows = np.flatnonzero(seen.played[month] >= 0)
    if len(rows):
        play = seen.played[month][rows]
        chance = effects.moves[play][:, None, :] * model.keeps.reshape(1, -1, 1)
        onward[rows] = (1 - chance) * onward[rows] + chance * onward[rows][:, :, SELLING : SELLING + 1]
    back = np.einsum("cst,nct->ncs", model.passages, onward)
    back = np.where(seen.here(month)[:, None, None], back, onward)
    return np.asarray(back / back.max(axis=(1, 2), keepdims=True))


def _on_grid(runs: Followed, effects: PlayEffects) -> Floats:
    """Log-likelihood of what followed each run on the grid, shape (runs, grid)."""
    done, found = runs.done[:, :, None], np.empty((len(runs.play), len(GRID)))
    for place, size in enumerate(GRID):
        chance = np.clip(size * effects.moves[runs.play], 0, 1)[:, None, :]
        more = runs.stay * gained(runs, size * effects.adds[runs.play])
        after = (1 - chance) * more + chance * more[:, :, SELLING : SELLING + 1]
        likely = (runs.before * ((1 - done) * runs.stay + done * after)).sum(axis=(1, 2))
        found[:, place] = np.log(np.maximum(likely, 1e-300))
    return found - found[:, :1]


def gained(runs: Followed, adds: Floats) -> Floats:
    """How much likelier the month's deals are with those that the play adds, shape (runs, C, S)."""
    rate = runs.usual
    more = rate + adds[:, None, :]
    shape = SCATTER[C_DEALS]
    told = runs.deals[:, None, None] * (np.log(more / (more + shape)) - np.log(rate / (rate + shape)))
    told -= shape * (np.log1p(more / shape) - np.log1p(rate / shape))
    return np.asarray(np.exp(told))


def _pooled(told: Floats, runs: Whole, engine: Engine) -> Reach:
    """Two levels of normal priors on the grid: what plays reach in this program, and each play around that."""
    around = np.stack([_normal(GRID, centre, OWN * engine.effect_sd) for centre in GRID])
    likely = np.exp(told - told.max(axis=1, keepdims=True))
    # Evidence of each play for every level, (P, levels).
    under = np.maximum(likely @ around.T, 1e-300)
    shared = np.log(np.maximum(_level(around, engine), 1e-300)) + np.log(under).sum(axis=0)
    posterior = likely[:, None, :] * around[None] / under[:, :, None]
    each = np.einsum("l,plg->pg", _shares(shared), posterior)
    each /= each.sum(axis=1, keepdims=True)
    mean = each @ GRID
    deviation = np.sqrt(np.maximum(each @ GRID**2 - mean**2, 1e-6))
    return Reach(mean, deviation, _shares(shared - np.log(under)) @ around @ GRID, runs)


def _level(around: Floats, engine: Engine) -> Floats:
    """What plays reach in this program before any run: centred so that, cut off at nothing, its mean is what the file says."""
    levels = np.stack([_normal(GRID, centre, SHARED * engine.effect_sd) for centre in CENTRES])
    return _normal(GRID, float(np.interp(engine.effect, levels @ around @ GRID, CENTRES)), SHARED * engine.effect_sd)


def _shares(logs: Floats) -> Floats:
    """The last axis to sum 1."""
    weight = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=-1, keepdims=True))


def _normal(grid: Floats, centre: float, deviation: float) -> Floats:
    return _shares(-0.5 * ((grid - centre) / deviation) ** 2)
