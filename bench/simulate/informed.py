"""The honest ceiling: a filter that knows the physics of the world, every rate and effect, but sees only public facts."""

import numpy as np
import polars as pl

from bench.simulate.facts import answering, factors, has_seller, partner_ids
from bench.simulate.policies import View, spend
from bench.simulate.truth import SELLING, Floats, Whole, World, effects, gain_table

# What else differs between partners of a kind is not known: counts weigh less than a pure Poisson.
SCATTER = 3.0


def informed(view: View) -> Whole:
    """Most expected true gain an hour under the belief."""
    hourly = expected(view) / view.hours
    best = hourly.argmax(axis=1)
    return spend(view, hourly[np.arange(len(best)), best], best)


def expected(view: View) -> Floats:
    """Expected true gain under the belief, shape (partners, plays)."""
    world = view.world
    gain = np.einsum("nas,pas->np", _belief(view), gain_table(world, view.month)) * _sizes(view).reshape(-1, 1)
    return np.asarray(gain * (world.joined <= view.month).reshape(-1, 1))


def _belief(view: View) -> Floats:
    world, laws = view.world, view.world.laws
    starts = np.array([one.share * np.array(one.start) for one in world.kinds])
    belief = np.repeat(starts[None] / starts.sum(), len(world.joined), axis=0)
    named = np.array([one.seller for one in world.kinds])
    belief *= np.where(has_seller(world)[:, None], named, 1 - named)[:, :, None]
    follow = np.array([one.follow for one in world.kinds]).reshape(1, -1, 1)
    for month in range(view.month):
        here = (world.joined <= month)[:, None, None]
        play = view.plays[month - 12] if month >= 12 else np.full(len(world.joined), -1)
        moves, _ = effects(world, month)
        chance = np.where(play[:, None] >= 0, moves[np.maximum(play, 0)], 0)[:, None, :]
        gone = belief * follow * chance
        moved = belief - gone
        moved[:, :, SELLING] += gone.sum(axis=2)
        told = _told(world, view.brought[1 + month], month, play)
        seen = moved * np.exp(told - told.max(axis=(1, 2), keepdims=True))
        seen /= seen.sum(axis=(1, 2), keepdims=True)
        after = np.einsum("nas,ast->nat", seen, laws.passages)
        turned = after.sum(axis=1, keepdims=True) / len(world.kinds)
        after = (1 - world.kind.drift) * after + world.kind.drift * turned
        belief = np.where(here, after, belief)
    return np.asarray(belief / belief.sum(axis=(1, 2), keepdims=True))


def _told(world: World, tables: dict[str, pl.DataFrame], month: int, play: Whole) -> Floats:
    """Log-likelihood of a month's files, (partners, archetypes, states)."""
    acts, size = tables["activities"], len(world.joined)
    season = world.laws.season[month % 12]
    factor_of = factors(world)
    told = np.zeros((size, len(world.kinds), 5))
    for kind, rates in world.laws.rates.items():
        factor = factor_of[kind] if kind in factor_of else np.ones(len(world.kinds))
        told += _negative_binomial(_count(acts, size, kind, played=False), np.outer(factor, rates) * season)
    tempo = np.array([one.tempo for one in world.kinds])
    deals = world.laws.deals * tempo.reshape(-1, 1) * season
    _, adds = effects(world, month)
    follow = np.array([one.follow for one in world.kinds])
    more = np.where(play[:, None] >= 0, adds[np.maximum(play, 0)], 0)[:, None, :] * (tempo * follow).reshape(1, -1, 1)
    opened = _count(acts, size, "deal_registered", played=None)
    told += _negative_binomial(opened, deals[None] + more)
    keeps, agrees = follow.clip(0.02, 0.98), answering(world)
    for kind, chance in (("commitment_met", keeps), ("commitment_missed", 1 - keeps)):
        told += np.outer(_count(acts, size, kind, played=None), np.log(chance))[:, :, None]
    accepted, proposed = (_count(acts, size, kind, played=False) for kind in ("step_accepted", "step_proposed"))
    told += np.outer(accepted, np.log(agrees))[:, :, None]
    told += np.outer(np.maximum(proposed - accepted, 0), np.log(1 - agrees))[:, :, None]
    return told * (world.joined <= month)[:, None, None]


def _negative_binomial(counts: Floats, rates: Floats) -> Floats:
    rates = np.maximum(rates, 1e-4)
    rates = rates if rates.ndim == 3 else rates[None]
    return np.asarray(counts[:, None, None] * np.log(rates / (rates + SCATTER)) - SCATTER * np.log1p(rates / SCATTER))


def _count(acts: pl.DataFrame, size: int, kind: str, *, played: bool | None) -> Floats:
    rows = acts.filter(pl.col("kind") == kind)
    if played is False:
        rows = rows.filter(pl.col("play").is_null())
    found = rows["partner_id"].replace_strict(partner_ids(size), np.arange(size), return_dtype=pl.Int64)
    return np.bincount(found.to_numpy(), minlength=size).astype(np.float64)


def _sizes(view: View) -> Floats:
    """Posterior mean of each partner's size, the physics known, and its tempo beside the archetype's is not."""
    level, between, inside = view.world.laws.size
    told = view.books.deals.group_by("partner").agg(n=pl.len(), logs=pl.col("amount").log().mean())
    everyone = pl.DataFrame({"partner": np.arange(len(view.owners))}).join(
        told, on="partner", how="left", maintain_order="left"
    )
    logs = everyone["logs"].fill_null(level).to_numpy() + inside**2 / 2
    n, weight = everyone["n"].fill_null(0).to_numpy().astype(float), (inside / between) ** 2
    mean, variance = (n * logs + weight * level) / (n + weight), inside**2 / (n + weight)
    return np.asarray(np.exp(mean + variance / 2))
