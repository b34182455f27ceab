"""Worlds of a seed: the usual numbers bent, or every number drawn without regard to them.

A drawn world shares with the usual ones that partners are of kinds and pass through states, and nothing in numbers: how many
kinds there are, what each is like, what states show and how long they last, what each play does in which state, how many deals
there are, how large they are and how they move are all drawn, most of them over a factor of ten and more. Nothing in the
program file was looked at for these ranges: they are what would not surprise the author in some program.
"""

import numpy as np

from bench.simulate.truth import (
    ARCHETYPES,
    DEALS,
    FADING,
    GONE,
    PLAYS,
    SELLING,
    SILENT,
    SOFT,
    STATES,
    USUAL,
    USUAL_AT_ONCE,
    USUAL_MOVES,
    WARMING,
    Archetype,
    Floats,
    Kind,
    Laws,
    World,
)

# Chance a month of each passage, from and to.
PASSAGES = {
    (SILENT, WARMING): (0.01, 0.3),
    (SILENT, SELLING): (0.001, 0.05),
    (SILENT, GONE): (0.002, 0.08),
    (WARMING, SILENT): (0.03, 0.5),
    (WARMING, SELLING): (0.02, 0.4),
    (WARMING, GONE): (0.002, 0.08),
    (SELLING, FADING): (0.03, 0.35),
    (SELLING, SILENT): (0.002, 0.1),
    (FADING, SILENT): (0.05, 0.5),
    (FADING, SELLING): (0.02, 0.4),
    (FADING, GONE): (0.005, 0.2),
    (GONE, SILENT): (0.0001, 0.03),
}


def create_world(partners: int, kind: Kind, seed: int, history: int) -> World:
    """Partners of every archetype; cold starters and some others join in the last months of the history."""
    rng = np.random.default_rng([seed, 1])
    kinds, laws = (_drawn_kinds(seed), _drawn_laws(seed)) if kind.drawn else (ARCHETYPES, None)
    laws = laws or _laws(kind, seed)
    shares = np.array([one.share for one in kinds]) * rng.lognormal(0, kind.bend, len(kinds))
    archetype = rng.choice(len(kinds), partners, p=shares / shares.sum())
    starts = np.array([one.start for one in kinds])[archetype]
    state = (starts.cumsum(axis=1) < rng.random(partners).reshape(-1, 1)).sum(axis=1).clip(0, 4)
    cold = np.array([one.cold for one in kinds])[archetype]
    joined = np.where(cold, rng.integers(history - 2, history, partners), rng.integers(-12, history // 2, partners))
    # Some join while the program is watched.
    late = rng.random(partners) < 0.08
    joined = np.where(late, rng.integers(history, history + 8, partners), joined)
    size = rng.lognormal(laws.size[0], laws.size[1], partners)
    own, loud = rng.lognormal(-(laws.own**2) / 2 - 0.005, laws.own, partners), rng.lognormal(0, kind.scatter, partners)
    return World(kind, seed, kinds, laws, archetype, size, own, loud, state, np.zeros(partners, dtype=np.bool_), joined)


def _laws(kind: Kind, seed: int) -> Laws:
    rng = np.random.default_rng([seed, 7])

    def bent(table: Floats) -> Floats:
        return table * rng.lognormal(0, kind.bend, table.shape)

    rates = {name: bent(np.array(row) * kind.volume * rng.lognormal(0, kind.bend)) for name, row in SOFT.items()}
    usual = USUAL * rng.lognormal(0, kind.bend / 2, USUAL.shape)
    season = np.array([1.0, 1.0, 1.1, 1.0, 1.0, 0.9, 0.7, 0.7, 1.0, 1.1, 1.1, 0.9])
    moves = np.clip(bent(USUAL_MOVES) * kind.plays * rng.lognormal(0, kind.bend, (len(PLAYS), 1)), 0, 0.9)
    adds = bent(USUAL_AT_ONCE) * kind.plays * rng.lognormal(0, kind.bend, (len(PLAYS), 1))
    deals = DEALS * kind.deals * rng.lognormal(0, kind.bend)
    return Laws(rates, deals, moves, adds, _by_kind(usual, ARCHETYPES), season)


def _by_kind(usual: Floats, kinds: tuple[Archetype, ...]) -> Floats:
    """Passages of each kind; what is left stays."""
    tables = []
    for one in kinds:
        table = usual.copy()
        table[np.arange(5), np.arange(5)] = 0
        table[SILENT, WARMING] *= one.warms
        table[WARMING, SELLING] *= one.warms
        table[SELLING, FADING] *= one.fades
        table /= np.maximum(table.sum(axis=1, keepdims=True) / 0.95, 1)
        table[np.arange(5), np.arange(5)] = 1 - table.sum(axis=1)
        tables.append(table)
    return np.array(tables)


def _between(rng: np.random.Generator, low: float, high: float) -> float:
    """Anywhere between, all factors alike."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _drawn_kinds(seed: int) -> tuple[Archetype, ...]:
    """Four to eight kinds; one of them may have just joined."""
    rng = np.random.default_rng([seed, 8])
    number = int(rng.integers(4, 9))
    shares, cold = rng.dirichlet(np.ones(number)) + 0.02, int(rng.integers(0, 2 * number))
    return tuple(
        Archetype(
            name=f"kind {place}",
            share=float(shares[place]),
            start=(1.0, 0, 0, 0, 0) if place == cold else (*rng.dirichlet(np.array([2.0, 1.5, 1.0, 0.7])), 0.0),
            follow=float(rng.uniform(0.02, 0.95)),
            tempo=_between(rng, 0.2, 2.5),
            badges=_between(rng, 0.15, 6),
            meetings=_between(rng, 0.25, 4),
            seller=float(rng.uniform(0.1, 0.9)),
            warms=_between(rng, 0.25, 4),
            fades=_between(rng, 0.4, 2.5),
            agrees=float(rng.uniform(0.25, 0.9)),
            cold=place == cold,
        )
        for place in range(number)
    )


def _drawn_laws(seed: int) -> Laws:
    rng = np.random.default_rng([seed, 9])
    usual = np.zeros((len(STATES), len(STATES)))
    for (start, end), (low, high) in PASSAGES.items():
        usual[start, end] = _between(rng, low, high)
    selling = _between(rng, 0.15, 2.5)
    deals = selling * np.array([rng.uniform(0, 0.15), rng.uniform(0, 0.5), 1.0, rng.uniform(0, 0.8), 0.0])
    return Laws(
        rates={name: _drawn_rates(rng) for name in SOFT},
        deals=deals,
        moves=np.stack([_drawn_effect(rng, most=0.6) for _ in PLAYS]),
        adds=np.stack([_drawn_effect(rng, most=0.8) for _ in PLAYS]),
        passages=_by_kind(usual, _drawn_kinds(seed)),
        season=rng.lognormal(0, 0.15, 12),
        size=(float(np.log(_between(rng, 2_000, 300_000))), float(rng.uniform(0.2, 1.2)), float(rng.uniform(0.2, 0.9))),
        own=float(rng.uniform(0.1, 0.8)),
        pipeline=(
            float(rng.uniform(0.1, 0.6)),
            float(rng.uniform(0.02, 0.2)),
            float(rng.uniform(0.3, 0.8)),
            float(rng.uniform(0.1, 0.5)),
        ),
    )


def _drawn_rates(rng: np.random.Generator) -> Floats:
    """Events a month by state: some kinds of activity tell states apart tenfold, some hardly at all."""
    base, lift = _between(rng, 0.01, 1.5), _between(rng, 1, 12)
    lifts = np.array([1.0, lift ** rng.uniform(0, 1.2), lift, lift ** rng.uniform(0, 1), rng.uniform(0, 0.3)])
    return np.asarray(base * lifts)


def _drawn_effect(rng: np.random.Generator, most: float) -> Floats:
    """Of a play, by state: half of all effects are nothing, and so is every sixth play."""
    size = rng.uniform(0, most) * (rng.random() > 1 / 6)
    effect = size * rng.uniform(0, 1, len(STATES)) * (rng.random(len(STATES)) < 0.5)
    effect[GONE] *= 0.05
    return np.asarray(effect)
