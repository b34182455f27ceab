"""What to believe of each partner: a belief over kinds and stages, moved month by month by what the partner showed.

Hidden Markov model, forward pass (Rabiner 1989), on arrays with one row a partner. Counts are negative binomial, answers
binomial.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from nextplay.decisions.stages import C_DEALS, PLAY_MADE, SCATTER, SETTLED_MONTHS, VANITY, PlayEffects, StageModel
from nextplay.program.engine import SELLING
from nextplay.signals.month_counts import MonthCounts

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

# A month in which a play runs says little of what the partner does by itself.
PLAYED_WEIGHT = 0.5
# Nobody is ever quite sure: this much of what was believed before stays.
DOUBT = 0.01
SEASON = (0.4, 1.8)
# Partners looked at together: what is worked out on the way is then held of so many at a time, not of a million.
BLOCK = 65_536
# Blocks at once: arrays are worked on outside Python's own lock.
AT_ONCE = 2
Part = TypeVar("Part")


def in_blocks(work: Callable[[slice], Part], partners: int) -> list[Part]:
    """The work on all rows, so many at a time, in their order; on one empty block where there are none."""
    blocks = [slice(begin, begin + BLOCK) for begin in range(0, max(partners, 1), BLOCK)]
    if len(blocks) == 1:
        return [work(blocks[0])]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(work, blocks))


@dataclass(frozen=True)
class Seen:
    """Month counts, the plays run (months, partners; -1 none), and the season of each month (months, K)."""

    counts: MonthCounts
    played: Whole
    season: Floats

    @property
    def months(self) -> int:
        """How many."""
        return self.counts.months

    def of(self, rows: Whole | slice) -> "Seen":
        """The same of some partners."""
        return Seen(self.counts.of(rows), self.played[:, rows], self.season)

    def until(self, month: int) -> "Seen":
        """Only the months before one."""
        counts = self.counts
        earlier = MonthCounts(counts.events[:month], counts.answers[:month], counts.age - (self.months - month))
        return Seen(earlier, self.played[:month], self.season[:month])

    def here(self, month: int) -> npt.NDArray[np.bool_]:
        """Partners that had joined by the end of a month."""
        return np.asarray(self.counts.age >= self.months - month)


def seasons(counts: MonthCounts) -> Floats:
    """Factor of each month on everything soft and on deals, shape (months, K): what all partners did against a usual month."""
    months = counts.months
    soft = ~VANITY
    soft[C_DEALS] = False
    here = np.array([max((counts.age >= months - month).sum(), 1) for month in range(months)])
    done = counts.events[:, :, soft].sum(axis=(1, 2), dtype=np.float64) + 1.0
    each = done / here
    factor = np.clip(each / each.mean(), *SEASON)
    return np.repeat(factor.reshape(-1, 1), counts.events.shape[2], axis=1)


def evidence(model: StageModel, seen: Seen, month: int, effects: PlayEffects) -> Floats:
    """Log of how likely each kind and stage makes what the month showed, shape (partners, C, S)."""
    here = seen.here(month)
    told = _counted(model, seen, month, np.ones(len(PLAY_MADE), dtype=bool), None)
    for play in np.unique(seen.played[month]):
        if play < 0:
            continue
        rows = np.flatnonzero(seen.played[month] == play)
        extra = model.keeps.reshape(-1, 1) * effects.adds[play]
        told[rows] = PLAYED_WEIGHT * _counted(model, seen.of(rows), month, ~PLAY_MADE, extra)
    told += _answered(model, seen, month)
    told[~here] = 0
    return told


def _counted(model: StageModel, seen: Seen, month: int, channels: npt.NDArray[np.bool_], extra: Floats | None) -> Floats:
    rates = model.rates * seen.season[month].reshape(-1, 1, 1)
    if extra is not None:
        rates[C_DEALS] += extra
    scatter = SCATTER.reshape(-1, 1, 1)
    # Deals and answers count in full; what is soft comes in bunches, and is recorded unevenly.
    weight = np.where(np.arange(len(channels)) == C_DEALS, 1.0, model.tempering) * channels * ~VANITY
    slope = np.log(rates / (rates + scatter)) * weight.reshape(-1, 1, 1)
    level = -(scatter * np.log1p(rates / scatter) * weight.reshape(-1, 1, 1)).sum(axis=0)
    shape = (-1, *level.shape)
    told = seen.counts.events[month].astype(np.float64) @ slope.reshape(len(SCATTER), -1)
    return np.asarray(told.reshape(shape) + level)


def _answered(model: StageModel, seen: Seen, month: int) -> Floats:
    # Promises kept are left to `prospect.Prospects.does_its_part`: one more must never lower what a play gains.
    _, _, proposed, accepted = np.moveaxis(seen.counts.answers[month].astype(np.float64), -1, 0)
    refused, accepts = np.maximum(proposed - accepted, 0), model.accepts
    told = np.outer(accepted, np.log(accepts)) + np.outer(refused, np.log1p(-accepts))
    return np.asarray(told[:, :, None])


def moved(model: StageModel, belief: Floats, play: Whole, effects: PlayEffects) -> Floats:
    """Where a play was run, part of what stands in each stage goes to selling."""
    rows = np.flatnonzero(play >= 0)
    if not len(rows):
        return belief
    gone = belief[rows] * model.keeps.reshape(1, -1, 1) * effects.moves[play[rows]][:, None, :]
    after = belief.copy()
    after[rows] -= gone
    after[rows, :, SELLING] += gone.sum(axis=2)
    return after


def begin(model: StageModel, seen: Seen) -> Floats:
    """Belief before the first month: of new ones the start, of settled ones where such partners end up."""
    before = np.clip(seen.counts.age - seen.months, 0, SETTLED_MONTHS).astype(np.int64)
    return model.begun()[before]


def updated(prior: Floats, told: Floats) -> Floats:
    """Bayes, with a little doubt left."""
    weight = told - told.max(axis=(1, 2), keepdims=True)
    posterior = prior * np.exp(weight)
    posterior /= posterior.sum(axis=(1, 2), keepdims=True)
    return np.asarray((1 - DOUBT) * posterior + DOUBT * prior)


def month_ahead(model: StageModel, belief: Floats, here: npt.NDArray[np.bool_]) -> Floats:
    """A month passes for those who had joined."""
    ahead = model.passed(belief)
    return np.where(here[:, None, None], ahead, belief)


@dataclass(frozen=True)
class Passed:
    """`belief` today, that `before` each month's play and evidence, and the deals `usual` for its stages so far."""

    belief: Floats
    before: list[Floats]
    # Shape (months + 1, partners): by the start of each month, and today.
    usual: Floats


def forward(model: StageModel, seen: Seen, effects: PlayEffects, kept: Whole) -> Passed:
    """Month after month: time passes, a play moves some, what was seen is weighed. `before` is kept of the rows in `kept`,
    which ascend."""

    def of_block(rows: slice) -> Passed:
        inside = kept[(kept >= rows.start) & (kept < rows.stop)] - rows.start
        return _forward(model, seen.of(rows), effects, inside)

    parts = in_blocks(of_block, len(seen.counts.age))
    before = [np.concatenate(month) for month in zip(*(part.before for part in parts), strict=True)]
    usual = np.concatenate([part.usual for part in parts], axis=1)
    return Passed(np.concatenate([part.belief for part in parts]), before, usual)


def _forward(model: StageModel, seen: Seen, effects: PlayEffects, kept: Whole) -> Passed:
    belief, before = begin(model, seen), []
    usual = np.zeros((seen.months + 1, len(belief)))
    for month in range(seen.months):
        here = seen.here(month)
        belief = month_ahead(model, belief, here)
        before.append(belief[kept])
        belief = moved(model, belief, seen.played[month], effects)
        belief = updated(belief, evidence(model, seen, month, effects))
        usual[month + 1] = usual[month] + here * np.einsum("ncs,cs->n", belief, model.deals) * seen.season[month][C_DEALS]
    return Passed(belief, before, usual)
