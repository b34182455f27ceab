"""The model behind the list: a few kinds of partner, five stages, what each shows in a month, and how stages follow.

Shapes: C kinds of partner (archetypes), S stages, K channels counted (`signals.month_counts.COUNTED`).
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from nextplay.program.engine import CHANNELS, SELLING, STAGES, Engine
from nextplay.program.plays import Play
from nextplay.signals.month_counts import COUNTED

Floats = npt.NDArray[np.float64]

C_DEALS = COUNTED.index("deals")
# What proves nothing: no login, webinar or badge moves what is believed of a partner, up or down.
VANITY = np.isin(COUNTED, ("logins", "webinars", "trainings"))
# Channels that a play itself fills in the month it runs: no sign of the partner's own stage then.
PLAY_MADE = np.array([*(made for _, made in CHANNELS.values()), False])
# Counts of one partner scatter more than a Poisson says: shape of the negative binomial, smaller scatters more.
SCATTER = np.where(np.arange(len(COUNTED)) == C_DEALS, 6.0, 1.0)
# A partner longer with us than this counts as settled.
SETTLED_MONTHS = 24


@dataclass(frozen=True)
class StageModel:
    """Numbers of one program. `keeps`, `shares` (C); `accepts` (C); `rates` (K, C, S); `passages` (C, S, S); `start` (S)."""

    shares: Floats
    keeps: Floats
    accepts: Floats
    rates: Floats
    passages: Floats
    start: Floats
    turns: float
    tempering: float

    @property
    def deals(self) -> Floats:
        """Deals a month (C, S)."""
        return np.asarray(self.rates[C_DEALS])

    def begun(self) -> Floats:
        """What to believe of a partner after so many months of which nothing is known, shape (SETTLED_MONTHS + 1, C, S)."""
        belief = self.shares.reshape(-1, 1) * self.start
        ages = [belief]
        for _ in range(SETTLED_MONTHS):
            ages.append(self.passed(ages[-1][None])[0])
        return np.stack(ages)

    def passed(self, belief: Floats) -> Floats:
        """A month later, nothing seen: stages pass, and a few partners turn into another kind. Shape (..., C, S)."""
        moved = np.einsum("ncs,cst->nct", belief, self.passages)
        turned = self.shares.reshape(-1, 1) * moved.sum(axis=-2, keepdims=True)
        return np.asarray((1 - self.turns) * moved + self.turns * turned)


def assumed(engine: Engine) -> StageModel:
    """The model as the program file writes it down."""
    kinds = engine.archetypes
    base = np.array([engine.rates[name].row for name in COUNTED])
    factors = np.array([[kind.factors.get(name, 1.0) for kind in kinds] for name in COUNTED])
    shares = np.array([kind.share for kind in kinds])
    start = np.array(engine.start.row)
    return StageModel(
        shares=shares / shares.sum(),
        keeps=np.array([kind.keeps for kind in kinds]),
        accepts=np.array([kind.accepts for kind in kinds]),
        rates=np.maximum(base[:, None, :] * factors[:, :, None], 1e-4),
        passages=np.stack([_passages(engine, kind.warms, kind.fades) for kind in kinds]),
        start=start / start.sum(),
        turns=engine.turns,
        tempering=engine.tempering,
    )


def _passages(engine: Engine, warms: float, fades: float) -> Floats:
    table = np.zeros((len(STAGES), len(STAGES)))
    for place, stage in enumerate(STAGES):
        leaving = engine.passages[stage].to if stage in engine.passages else {}
        for name, chance in leaving.items():
            table[place, STAGES.index(name)] = chance
    up = np.triu(np.ones((3, 3)), 1).astype(bool)
    table[:3, :3][up] *= warms
    table[SELLING, STAGES.index("fading")] *= fades
    leaves = table.sum(axis=1)
    table /= np.maximum(leaves / 0.98, 1).reshape(-1, 1)
    table[np.arange(len(STAGES)), np.arange(len(STAGES))] += 1 - table.sum(axis=1)
    return table


@dataclass(frozen=True)
class PlayEffects:
    """What plays do to a partner that does its part. `moves` (P, S): chance to be selling; `adds` (P, S): deals at once."""

    moves: Floats
    adds: Floats

    def times(self, size: Floats) -> "PlayEffects":
        """So many times as much, by play (P)."""
        return PlayEffects(np.clip(size[:, None] * self.moves, 0, 1), size[:, None] * self.adds)


def designed(plays: tuple[Play, ...]) -> PlayEffects:
    """As the program file states it; a play that says nothing adds the deals of its prior, wherever the partner stands."""
    lifts = [play.prior.with_play - play.prior.without if play.prior else 0.0 for play in plays]
    flat = [lift * play.deals_per_outcome * np.array([1.0, 1, 1, 1, 0]) for play, lift in zip(plays, lifts, strict=True)]
    moves = [np.array(play.effect.moves.row) if play.effect else np.zeros(len(STAGES)) for play in plays]
    adds = [np.array(play.effect.adds.row) if play.effect else own for play, own in zip(plays, flat, strict=True)]
    return PlayEffects(np.stack(moves), np.stack(adds))


def scaled(model: StageModel, factors: Floats) -> StageModel:
    """Rates times a factor a channel (K)."""
    return replace(model, rates=np.maximum(model.rates * factors.reshape(-1, 1, 1), 1e-5))
