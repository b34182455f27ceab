"""The hidden truth: what partners are, which state they are in, what plays do to them, and what a deal is worth.

Every rate is an assumption of this simulator, in events a month; the product sees none of it, only the facts that follow.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

STATES = ("silent", "warming", "selling", "fading", "gone")
SILENT, WARMING, SELLING, FADING, GONE = range(5)
# Deals a month and unit of tempo, by state.
DEALS = np.array([0.02, 0.08, 0.7, 0.25, 0.0])
# Months over which an effect is valued.
HORIZON = 7

# From (rows) to (columns), a month, for a partner that does what it says.
_USUAL = np.array(
    [
        [0.90, 0.07, 0.00, 0.00, 0.03],
        [0.22, 0.65, 0.10, 0.00, 0.03],
        [0.00, 0.02, 0.86, 0.12, 0.00],
        [0.22, 0.00, 0.12, 0.61, 0.05],
        [0.005, 0.00, 0.00, 0.00, 0.995],
    ]
)


@dataclass(frozen=True)
class Archetype:
    """What a partner is like. `follow`: chance that it does its part of a play; rates are factors on the usual ones."""

    name: str
    share: float
    start: tuple[float, ...]
    follow: float
    tempo: float
    badges: float = 1.0
    meetings: float = 1.0
    seller: float = 0.5
    warms: float = 1.0
    fades: float = 1.0
    # Chance of saying yes to a step, whatever comes of it.
    agrees: float = 0.6


ARCHETYPES = (
    Archetype("does what it says", 0.22, (0.3, 0.3, 0.3, 0.1, 0.0), follow=0.8, tempo=1.0, seller=0.8, agrees=0.8),
    Archetype("polite, never acts", 0.18, (0.5, 0.5, 0, 0, 0), follow=0.04, tempo=0.1, meetings=3.0, warms=0.2, agrees=0.75),
    Archetype("badge collector", 0.14, (0.6, 0.4, 0, 0, 0), follow=0.10, tempo=0.3, badges=5.0, seller=0.3, warms=0.3),
    Archetype("quiet seller", 0.12, (0.2, 0.1, 0.6, 0.1, 0), follow=0.5, tempo=1.0, badges=0.2, meetings=0.3, agrees=0.5),
    Archetype("fading", 0.12, (0.1, 0, 0.4, 0.4, 0.1), follow=0.5, tempo=1.2, seller=0.5, fades=2.0),
    Archetype("rising", 0.10, (0.4, 0.5, 0.1, 0, 0), follow=0.7, tempo=0.8, seller=0.7, warms=2.0),
    Archetype("cold start", 0.12, (1.0, 0, 0, 0, 0), follow=0.45, tempo=0.8, seller=0.4, agrees=0.5),
)
_FOLLOW = np.array([one.follow for one in ARCHETYPES])
_TEMPO = np.array([one.tempo for one in ARCHETYPES])

# Chance that a play, done by both, moves the partner to selling, by state it is in.
MOVES = {
    "first_selling_play": (0.15, 0.50, 0.0, 0.05, 0.0),
    "reactivation": (0.15, 0.25, 0.0, 0.35, 0.0),
    "executive_sponsor_reset": (0.20, 0.20, 0.0, 0.30, 0.01),
    "co_sell_sprint": (0.0, 0.10, 0.0, 0.20, 0.0),
    "deal_unblock": (0.0, 0.0, 0.0, 0.0, 0.0),
    "enablement_refresher": (0.0, 0.05, 0.0, 0.05, 0.0),
}
# Deals that it brings at once, by state.
AT_ONCE = {
    "co_sell_sprint": (0.0, 0.15, 0.6, 0.25, 0.0),
    "deal_unblock": (0.1, 0.2, 0.3, 0.3, 0.05),
    "enablement_refresher": (0.0, 0.05, 0.2, 0.1, 0.0),
}
PLAYS = tuple(MOVES)
_MOVES = np.array([MOVES[play] for play in PLAYS])
_AT_ONCE = np.array([AT_ONCE.get(play, (0.0,) * 5) for play in PLAYS])


@dataclass(frozen=True)
class World:
    """Partners by row. `moving`: those that a play moves to selling only next month."""

    seed: int
    archetype: Whole
    size: Floats
    state: Whole
    moving: npt.NDArray[np.bool_]
    # Months since month 0 in which the partner joined; it does nothing before.
    joined: Whole

    @property
    def follow(self) -> Floats:
        """Chance of doing its part, by partner."""
        return _FOLLOW[self.archetype]

    @property
    def tempo(self) -> Floats:
        """Factor on deals, by partner."""
        return _TEMPO[self.archetype]


@dataclass(frozen=True)
class Month:
    """What a month brought: the world after it, expected pipeline, expected deals and who did its part of a play."""

    world: World
    pipeline: Floats
    deals: Floats
    did: npt.NDArray[np.bool_]


def create_world(partners: int, seed: int, history: int) -> World:
    """Partners of every archetype; cold starters and some others join in the last months of the history."""
    rng = np.random.default_rng([seed, 1])
    archetype = rng.choice(len(ARCHETYPES), partners, p=[one.share for one in ARCHETYPES])
    starts = np.array([one.start for one in ARCHETYPES])[archetype]
    state = (starts.cumsum(axis=1) < rng.random(partners).reshape(-1, 1)).sum(axis=1).clip(0, 4)
    cold = np.array([one.name == "cold start" for one in ARCHETYPES])[archetype]
    joined = np.where(cold, rng.integers(history - 2, history, partners), rng.integers(-12, history // 2, partners))
    size = rng.lognormal(9.8, 0.6, partners)
    return World(seed, archetype, size, state, np.zeros(partners, dtype=np.bool_), joined)


def season(month: int) -> float:
    """Factor on everything soft and on deals: quiet summers, busy year ends."""
    return (1.0, 1.0, 1.1, 1.0, 1.0, 0.9, 0.7, 0.7, 1.0, 1.1, 1.1, 0.9)[month % 12]


def advance(world: World, month: int, play: Whole) -> Month:
    """One month. `play`: place in `PLAYS` by partner, -1 for none. The same draws for every policy of a seed."""
    rng = np.random.default_rng([world.seed, 2, month + 100])
    drawn = rng.random((5, len(play)))
    played, at = play >= 0, np.maximum(play, 0)
    here = world.joined <= month
    did = played & here & (drawn[0] < world.follow)
    state = np.where(world.moving & (world.state != GONE), SELLING, world.state)
    moved = did & (drawn[1] < _MOVES[at, state])
    late = moved & (drawn[2] < 0.5)
    state = np.where(moved & ~late, SELLING, state)
    deals = here * DEALS[state] * world.tempo * season(month) + did * _AT_ONCE[at, state] * world.tempo
    rows = TRANSITIONS[world.archetype, state]
    after = (rows.cumsum(axis=1) < drawn[3].reshape(-1, 1)).sum(axis=1).clip(0, 4)
    after = np.where(here, after, world.state)
    return Month(replace(world, state=after, moving=late), deals * world.size, deals, did)


def _transitions() -> Floats:
    """Shape (archetypes, states, states)."""
    tables = []
    for one in ARCHETYPES:
        table = _USUAL.copy()
        table[SILENT, WARMING] *= one.warms
        table[WARMING, SELLING] *= one.warms
        table[SELLING, FADING] *= one.fades
        table[[0, 1, 2], [0, 1, 2]] += 1 - table[:3].sum(axis=1)
        tables.append(table)
    return np.array(tables)


def _values() -> Floats:
    """Expected deals over the horizon by archetype and state, by backward induction, without plays."""
    value = np.zeros((len(ARCHETYPES), len(STATES)))
    for _ in range(HORIZON):
        value = DEALS * _TEMPO.reshape(-1, 1) + np.einsum("ast,at->as", TRANSITIONS, value)
    return value


TRANSITIONS = _transitions()
VALUES = _values()


def true_gain(world: World) -> Floats:
    """Expected pipeline that each play adds over the horizon, shape (partners, plays)."""
    ahead = VALUES[world.archetype]
    rise = np.maximum(ahead[:, SELLING] - ahead[np.arange(len(ahead)), world.state], 0)
    deals = _MOVES[:, world.state].T * rise.reshape(-1, 1) + _AT_ONCE[:, world.state].T * world.tempo.reshape(-1, 1)
    gain: Floats = deals * (world.follow * world.size).reshape(-1, 1)
    return gain
