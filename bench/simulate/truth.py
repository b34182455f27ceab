"""The hidden truth: what partners are, which state they are in, what plays do to them, and what a deal is worth.

Every rate is an assumption of this simulator, in events a month; the product sees none of it, only the facts that follow. How
numbers of a seed are made is in `worlds`.
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
USUAL = np.array(
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
    # Joined within the last two months before the program is watched.
    cold: bool = False

    @property
    def polite(self) -> bool:
        """Hardly ever does its part: hours on it are lost."""
        return self.follow < 0.1


ARCHETYPES = (
    Archetype("does what it says", 0.22, (0.3, 0.3, 0.3, 0.1, 0.0), follow=0.8, tempo=1.0, seller=0.8, agrees=0.8),
    Archetype("polite, never acts", 0.18, (0.5, 0.5, 0, 0, 0), follow=0.04, tempo=0.1, meetings=3.0, warms=0.2, agrees=0.75),
    Archetype("badge collector", 0.14, (0.6, 0.4, 0, 0, 0), follow=0.10, tempo=0.3, badges=5.0, seller=0.3, warms=0.3),
    Archetype("quiet seller", 0.12, (0.2, 0.1, 0.6, 0.1, 0), follow=0.5, tempo=1.0, badges=0.2, meetings=0.3, agrees=0.5),
    Archetype("fading", 0.12, (0.1, 0, 0.4, 0.4, 0.1), follow=0.5, tempo=1.2, seller=0.5, fades=2.0),
    Archetype("rising", 0.10, (0.4, 0.5, 0.1, 0, 0), follow=0.7, tempo=0.8, seller=0.7, warms=2.0),
    Archetype("cold start", 0.12, (1.0, 0, 0, 0, 0), follow=0.45, tempo=0.8, seller=0.4, agrees=0.5, cold=True),
)

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
USUAL_MOVES = np.array([MOVES[play] for play in PLAYS])
USUAL_AT_ONCE = np.array([AT_ONCE.get(play, (0.0,) * 5) for play in PLAYS])
# Events a month, by state.
SOFT = {
    "portal_login": (0.8, 3.0, 4.0, 2.0, 0.1),
    "training_completed": (0.1, 0.5, 0.1, 0.05, 0.0),
    "certification_earned": (0.03, 0.15, 0.03, 0.01, 0.0),
    "webinar_attended": (0.2, 0.6, 0.3, 0.3, 0.0),
    "meeting_held": (0.2, 0.8, 1.0, 0.5, 0.02),
    "step_proposed": (0.2, 0.5, 0.4, 0.4, 0.05),
    "target_list_shared": (0.01, 0.2, 0.2, 0.03, 0.0),
    "narrative_shared": (0.0, 0.1, 0.1, 0.02, 0.0),
    "outreach_sent": (0.02, 0.5, 1.2, 0.3, 0.0),
    "outreach_replied": (0.0, 0.15, 0.5, 0.06, 0.0),
    "referral_submitted": (0.0, 0.03, 0.15, 0.04, 0.0),
    "commitment_made": (0.05, 0.3, 0.4, 0.2, 0.0),
}


@dataclass(frozen=True)
class Kind:
    """A scenario: how its programs differ from the usual one."""

    name: str
    # Factors on soft events, on deals, and on what plays do; how far each seed bends each number (log standard deviation).
    volume: float = 1.0
    deals: float = 1.0
    plays: float = 1.0
    bend: float = 0.25
    # Every soft event of a partner bears a factor of its own, of this log standard deviation.
    scatter: float = 0.4
    # After so many months plays do what others did (the order of effects is turned), and partners turn into other kinds.
    turns_after: int | None = None
    # Chance a month that a partner becomes another archetype.
    drift: float = 0.004
    # Work done in a play bears the play's name.
    marked: bool = True
    # Every number is drawn from broad distributions: the usual ones, and the program file's, are not looked at.
    drawn: bool = False


SCENARIOS = {
    "usual": Kind("usual"),
    "quiet": Kind("quiet", volume=0.35, deals=0.6),
    "noisy": Kind("noisy", volume=2.5, scatter=0.9, bend=0.4),
    "weak plays": Kind("weak plays", plays=0.5, bend=0.4),
    "drift": Kind("drift", turns_after=18, drift=0.02),
    "drawn": Kind("drawn", drawn=True),
}


@dataclass(frozen=True)
class Laws:
    """Numbers of one world: `rates` (kinds, states) by kind, `deals` (states), `moves` and `adds` (plays, states)."""

    rates: dict[str, Floats]
    deals: Floats
    moves: Floats
    adds: Floats
    passages: Floats
    season: Floats
    # Logs of deal sizes: level, and how far partners lie around it, and deals of one partner around its own.
    size: tuple[float, float, float] = (9.8, 0.6, 0.4)
    # How far (log) a partner's tempo lies around its kind's.
    own: float = 0.3
    # Of open deals: share that is stuck; chance a month to move where stuck and where not; chance to be lost in moving.
    pipeline: tuple[float, float, float, float] = (0.35, 0.06, 0.5, 0.22)


@dataclass(frozen=True)
class World:
    """Partners by row. `moving`: those that a play moves to selling only next month."""

    kind: Kind
    seed: int
    kinds: tuple[Archetype, ...]
    laws: Laws
    archetype: Whole
    size: Floats
    own: Floats
    loud: Floats
    state: Whole
    moving: npt.NDArray[np.bool_]
    # Months since month 0 in which the partner joined; it does nothing before.
    joined: Whole

    @property
    def follow(self) -> Floats:
        """Chance of doing its part, by partner."""
        return np.array([one.follow for one in self.kinds])[self.archetype]

    @property
    def tempo(self) -> Floats:
        """Factor on deals, by partner."""
        return np.array([one.tempo for one in self.kinds])[self.archetype] * self.own


@dataclass(frozen=True)
class Month:
    """What a month brought: the world after it, expected pipeline, expected deals and who did its part of a play."""

    world: World
    pipeline: Floats
    deals: Floats
    did: npt.NDArray[np.bool_]


def effects(world: World, month: int) -> tuple[Floats, Floats]:
    """What plays do in a month: moves and adds, (plays, states)."""
    turned = world.kind.turns_after is not None and month >= world.kind.turns_after
    return (world.laws.moves[::-1], world.laws.adds) if turned else (world.laws.moves, world.laws.adds)


def advance(world: World, month: int, play: Whole) -> Month:
    """One month. `play`: place in `PLAYS` by partner, -1 for none. The same draws for every policy of a seed."""
    rng = np.random.default_rng([world.seed, 2, month + 100])
    drawn = rng.random((6, len(play)))
    played, at = play >= 0, np.maximum(play, 0)
    moves, adds = effects(world, month)
    here = world.joined <= month
    did = played & here & (drawn[0] < world.follow)
    state = np.where(world.moving & (world.state != GONE), SELLING, world.state)
    moved = did & (drawn[1] < moves[at, state])
    late = moved & (drawn[2] < 0.5)
    state = np.where(moved & ~late, SELLING, state)
    season = world.laws.season[month % 12]
    deals = here * world.laws.deals[state] * world.tempo * season + did * adds[at, state] * world.tempo
    rows = world.laws.passages[world.archetype, state]
    after = (rows.cumsum(axis=1) < drawn[3].reshape(-1, 1)).sum(axis=1).clip(0, 4)
    after = np.where(here, after, world.state)
    turned = here & (drawn[4] < world.kind.drift)
    archetype = np.where(turned, (drawn[5] * len(world.kinds)).astype(np.int64), world.archetype)
    return Month(replace(world, state=after, moving=late, archetype=archetype), deals * world.size, deals, did)


def values(world: World) -> Floats:
    """Expected deals over the horizon by archetype and state, by backward induction, without plays."""
    tempo = np.array([one.tempo for one in world.kinds]).reshape(-1, 1)
    value = np.zeros((len(world.kinds), len(STATES)))
    for _ in range(HORIZON):
        value = world.laws.deals * tempo + np.einsum("ast,at->as", world.laws.passages, value)
    return value


def gain_table(world: World, month: int) -> Floats:
    """Deals that each play adds over the horizon to a partner of each archetype and state: (plays, archetypes, states)."""
    ahead = values(world)
    moves, adds = effects(world, month)
    rise = np.maximum(ahead[:, SELLING : SELLING + 1] - ahead, 0)
    tempo = np.array([one.tempo for one in world.kinds]).reshape(1, -1, 1)
    follow = np.array([one.follow for one in world.kinds]).reshape(1, -1, 1)
    table: Floats = follow * (moves[:, None, :] * rise + adds[:, None, :] * tempo)
    return table


def true_gain(world: World, month: int) -> Floats:
    """Expected pipeline that each play adds over the horizon, shape (partners, plays)."""
    table = gain_table(world, month)[:, world.archetype, world.state].T
    gain: Floats = table * (world.own * world.size).reshape(-1, 1)
    return gain


def silent_ahead(world: World, month: int, rates: Floats, spans: tuple[tuple[int, float], ...]) -> Floats:
    """True chance, by partner, that nothing is sold in the spans (months from now, share of each), without any play.

    `rates` (partners, states): other selling events a month, beside deals, before the season.
    """
    ahead = np.eye(len(STATES))[world.state]
    for later, share in spans:
        season = world.laws.season[(month + later) % 12]
        sold = (world.laws.deals * world.tempo.reshape(-1, 1) + rates) * season * share
        ahead = np.einsum("ns,nst->nt", ahead * np.exp(-sold), world.laws.passages[world.archetype])
    return np.asarray(ahead.sum(axis=1))
