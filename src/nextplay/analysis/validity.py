"""Does a score say anything about what a partner brings next? Each score as of past days against the quarter that followed.

The measure is concordance (AUC): take a partner that brought sourced pipeline in the next quarter and one that did not; how
often did the first have the higher score? One in two is chance. Intervals: bootstrap over partners (the same partner on several
days is one draw), 2.5th to 97.5th percentile.

A score must do better than what anybody would look at: the sourced pipeline of the quarter before. How much better is told by
the difference of both concordances on the same draws, so that what moves both alike does not widen its interval.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

Verdict = Literal[
    "predicts",
    "beats the naive figure",
    "predicts, but no better",
    "predicts nothing",
    "predicts the opposite",
    "too few cases",
]
# Fewer of either kind than this, and an interval would be a guess.
LEAST_CASES = 10
DRAWS = 400
# More partners than this add nothing to an interval that a reader could see.
MOST_PARTNERS = 20_000
# Draws worked out together: memory stays within some hundred megabytes.
_TOGETHER = 25
NAIVE = "naive"

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Interval:
    """A concordance, or a difference of two, with its 95% interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Check:
    """One score against what followed. A case is a partner on a day with the score known.

    `base_rate`: the share of all cases that brought pipeline; `rate_high`, `rate_low`: of the third with the highest and lowest
    scores; `mean_high` and `mean_all`: pipeline a case. `naive`: the concordance of the pipeline of the quarter before, on the
    same cases, and `better` how much higher than that the score's is. None where there are too few cases.
    """

    name: str
    segment: str | None
    partners: int
    cases: int
    brought: int
    base_rate: float
    rate_high: float | None
    rate_low: float | None
    mean_all: float
    mean_high: float | None
    concordance: Interval | None
    naive: Interval | None
    better: Interval | None
    verdict: Verdict


def check(cases: pl.DataFrame, name: str, *, seed: int, segment: str | None = None) -> Check:
    """Check one column of `cases`, 0-100 or null; beside it `partner_id`, `day`, `segment`, `brought` and `naive` (money)."""
    known = cases.filter(pl.col(name).is_not_null())
    if segment is not None:
        known = known.filter(pl.col("segment") == segment)
    known = known.sort("partner_id", "day")
    positive = known["brought"] > 0
    brought, count = int(positive.sum()), known.height
    enough = brought >= LEAST_CASES and count - brought >= LEAST_CASES
    high, low = _thirds(known[name]) if enough else (None, None)
    concordance, naive, better = _compared(known, name, seed) if enough else (None, None, None)
    return Check(
        name=name,
        segment=segment,
        partners=known["partner_id"].n_unique(),
        cases=count,
        brought=brought,
        base_rate=brought / count if count else 0.0,
        rate_high=_rate(positive, high),
        rate_low=_rate(positive, low),
        mean_all=_mean(known["brought"]) or 0.0,
        mean_high=_mean(known["brought"].filter(high)) if high is not None else None,
        concordance=concordance,
        naive=naive,
        better=better,
        verdict=_verdict(concordance, better),
    )


def concordance(score: Floats, positive: NDArray[np.bool_], weights: Floats) -> Floats:
    """How often a positive case scores higher than another, ties half: one number a row of `weights` (draws x cases)."""
    order = np.argsort(score, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(score[order]) != 0])
    ups = np.add.reduceat(weights[:, order] * positive[order], starts, axis=1)
    downs = np.add.reduceat(weights[:, order] * ~positive[order], starts, axis=1)
    below = np.cumsum(downs, axis=1) - downs / 2
    pairs = ups.sum(axis=1) * downs.sum(axis=1)
    share: Floats = np.divide((ups * below).sum(axis=1), pairs, out=np.full(len(weights), np.nan), where=pairs > 0)
    return share


def _compared(known: pl.DataFrame, name: str, seed: int) -> tuple[Interval, Interval | None, Interval | None]:
    """Of a score, of the naive figure on the same cases, and of the difference; without both for the naive figure itself."""
    (value, draws), naive = _resampled(known, name, seed), _resampled(known, NAIVE, seed)
    own = _interval(value, draws)
    if name == NAIVE:
        return own, None, None
    return own, _interval(*naive), _interval(value - naive[0], draws - naive[1])


def _resampled(known: pl.DataFrame, name: str, seed: int) -> tuple[float, Floats]:
    """The concordance, and that of each draw; one seed draws the same partners for every name."""
    score, positive = known[name].cast(pl.Float64).to_numpy(), (known["brought"] > 0).to_numpy()
    value = float(concordance(score, positive, np.ones((1, len(score))))[0])
    drawn = _drawn(known, seed)
    partner = (drawn["partner_id"].rank("dense") - 1).cast(pl.Int64).to_numpy()
    return value, _draws(drawn[name].cast(pl.Float64).to_numpy(), (drawn["brought"] > 0).to_numpy(), partner, seed)


def _interval(value: float, draws: Floats) -> Interval:
    low, high = np.nanpercentile(draws, [2.5, 97.5])
    return Interval(round(value, 4), round(float(low), 4), round(float(high), 4))


def _drawn(known: pl.DataFrame, seed: int) -> pl.DataFrame:
    """All cases; of very many partners, those of a lot."""
    partners = known["partner_id"].unique().sort()
    if len(partners) <= MOST_PARTNERS:
        return known
    return known.filter(pl.col("partner_id").is_in(partners.sample(MOST_PARTNERS, seed=seed).implode()))


def _draws(score: Floats, positive: NDArray[np.bool_], partner: Whole, seed: int) -> Floats:
    random, partners = np.random.default_rng(seed), int(partner.max()) + 1
    found = []
    for _ in range(DRAWS // _TOGETHER):
        times = random.multinomial(partners, np.full(partners, 1 / partners), size=_TOGETHER)
        found.append(concordance(score, positive, times[:, partner].astype(np.float64)))
    return np.concatenate(found)


def _thirds(score: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Cases in the upper and in the lower third; ties at the edge belong to it."""
    upper, lower = score.quantile(2 / 3), score.quantile(1 / 3)
    return score >= upper, score <= lower


def _rate(positive: pl.Series, among: pl.Series | None) -> float | None:
    return None if among is None else round(float(positive.filter(among).sum()) / max(int(among.sum()), 1), 4)


def _mean(amounts: pl.Series) -> float | None:
    # Sorted first: sums of floats depend on the order.
    return round(float(amounts.sort().sum()) / amounts.len(), 2) if amounts.len() else None


def _verdict(found: Interval | None, better: Interval | None) -> Verdict:
    if found is None:
        return "too few cases"
    if found.low > 0.5:
        # Of the naive figure itself there is nothing more to say.
        return "predicts" if better is None else "beats the naive figure" if better.low > 0 else "predicts, but no better"
    return "predicts the opposite" if found.high < 0.5 else "predicts nothing"


def checks(cases: pl.DataFrame, names: Sequence[str], *, by_segment: Sequence[str] = (), seed: int = 0) -> tuple[Check, ...]:
    """Each name over all cases, then those of `by_segment` in each segment that is no single partner, nor a handful of them."""
    sizes = cases.drop_nulls("segment").group_by("segment").agg(partners=pl.col("partner_id").n_unique())
    segments = sizes.filter(pl.col("partners") >= LEAST_CASES)["segment"].sort().to_list()
    every = [check(cases, name, seed=seed) for name in names]
    return (*every, *(check(cases, name, seed=seed, segment=one) for one in segments for name in by_segment))
