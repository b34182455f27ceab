"""Moves the chances of outcomes to what became of plays in this program: said against happened, of windows that are over.

What would have been said is worked out again with what is known of the model now, not read off old decisions: those were moved
already. All plays together, each play around that, and how far a chance may stand from the middle; older cases count for less.
"""

from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
import numpy.typing as npt
import polars as pl

from nextplay.decisions.gain import Gains, outcome_chances
from nextplay.decisions.prospect import Prospects
from nextplay.program.definition import Program
from nextplay.program.plays import Prior

Floats = npt.NDArray[np.float64]

# Standard deviations, in logits: of what all chances that are read off stages share, and of each such play around that. How far
# a chance assumed by hand is off says nothing of any other play, and its own weight says how sure it is.
SHARED, OWN = 0.5, 0.5
STEPS = 200


@dataclass(frozen=True)
class Correction:
    """Logits by play (P), and what a chance keeps of its distance from `centre`."""

    logits: Floats
    stretch: float
    centre: float


def correction(seen: Prospects, program: Program, past: pl.DataFrame) -> Correction:
    """Bayesian logistic regression on closed outcomes, `past` as `prospect.runs` gives it; those still open are left out."""
    plays, engine = len(program.plays), program.engine
    looked_at = pl.col("row").is_in(pl.Series(seen.played).implode()) & (pl.col("ago") < seen.seen.months)
    closed = past.filter(pl.col("ripe") & looked_at).sort("column", "ago", "row")
    if closed.is_empty():
        return Correction(np.zeros(plays), engine.stretch, float(_logit(np.array([0.25]))[0]))
    said = []
    for (column, ago), cases in closed.group_by("column", "ago", maintain_order=True):
        then = seen.then(cases["row"].to_numpy().astype(np.int64), int(str(ago)))
        said.append(outcome_chances(then, program, int(str(column)))[1])
    odds = _logit(np.concatenate(said))
    fades = 0.5 ** (closed["ago"].to_numpy() / engine.forget_months)
    centre = float((odds * fades).sum() / fades.sum())
    staged = np.array([play.by_hand is None for play in program.plays])
    column = closed["column"].to_numpy()
    table = np.column_stack([odds - centre, staged[column], np.eye(plays)[column]])
    start = np.concatenate([[engine.stretch, 0.0], np.zeros(plays)])
    pull = 1 / np.concatenate([[engine.stretch_sd, SHARED], [_own_sd(play.by_hand) for play in program.plays]]) ** 2
    weights = _fitted(table, closed["met"].to_numpy().astype(np.float64), fades, centre, (start, pull))
    return Correction(weights[1] * staged + weights[2:], float(np.clip(weights[0], 0.2, 1.2)), centre)


def _own_sd(prior: Prior | None) -> float:
    """What may be off in the chances of one play: as much as in a share of so many cases, where the file says how many."""
    return OWN if prior is None else 1 / sqrt(prior.weight * max(prior.with_play * (1 - prior.with_play), 0.01))


def _fitted(table: Floats, met: Floats, fades: Floats, centre: float, prior: tuple[Floats, Floats]) -> Floats:
    """Steps under the most that the curve can be (Böhning and Lindsay 1988): they never overshoot, however far off the start.

    `prior`: where each weight starts, and how hard it is pulled back there.
    """
    start, pull = prior
    weights = start.copy()
    step = np.linalg.inv((table * (fades / 4).reshape(-1, 1)).T @ table + np.diag(pull))
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-centre - table @ weights))
        weights = weights - step @ (table.T @ (fades * (chance - met)) + pull * (weights - start))
    return weights


def recorded(gains: Gains, by: Correction, load: Floats) -> Gains:
    """The same gains with chances moved. What comes without a play moves along: it is read off the same beliefs.

    `load` as `gain.loads` gives it: open deals are counted and not believed, so that outcomes move the chance of a usual
    number of them, and doubt pulls none of what their number makes of it to the middle. Nothing is certain, however many.
    """
    p_with, p_without = (np.round(_of_any(_moved(part, by), load), 4) for part in (gains.p_with, gains.p_without))
    return replace(gains, p_with=np.maximum(p_with, p_without), p_without=p_without)


def _of_any(chance: Floats, load: Floats) -> Floats:
    return np.asarray(np.minimum(1 - (1 - chance) ** load, 0.999))


def _moved(chance: Floats, by: Correction) -> Floats:
    odds = by.centre + by.stretch * (_logit(chance) - by.centre) + by.logits
    return np.asarray(1 / (1 + np.exp(-odds)))


def _logit(chance: Floats) -> Floats:
    bounded = np.clip(chance, 1e-4, 1 - 1e-4)
    return np.asarray(np.log(bounded / (1 - bounded)))
