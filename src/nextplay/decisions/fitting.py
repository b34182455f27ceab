"""Fits the stage model to the program's own facts: the volume of events first, then rates and passages, shrunk to the prior.

Expectation-maximization on a sample of partners (Dempster, Laird, Rubin 1977), with the prior as that many months already seen.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from nextplay.decisions.belief import Seen, begin, evidence, moved
from nextplay.decisions.stages import C_DEALS, PlayEffects, StageModel, scaled
from nextplay.program.engine import SELLING, Engine
from nextplay.signals.month_counts import ANSWERS

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

MOST_FITTED = 600
# Under so many partners the tables stay as assumed and only beliefs move: too few to tell a rate from an accident.
LEAST_FITTED = 60
ROUNDS = 6
VOLUME_ROUNDS = 2
# A channel that differs from the assumption by more than this says that it is counted otherwise, not that partners do.
VOLUME, DEALS_VOLUME = (0.02, 30.0), (0.7, 1.4)
# Events that the assumed volume of a channel weighs as.
VOLUME_WEIGHT = 5.0
# Deals of each stage as a share of those of selling, at most.
MOST_OF_SELLING = np.array([0.15, 0.4, 1.0, 0.8, 0.1])
# Answers that an assumed chance weighs as.
ANSWERS_WEIGHT = 30.0
_MET, _MISSED, _PROPOSED, _ACCEPTED = range(len(ANSWERS))


def fitted(model: StageModel, seen: Seen, effects: PlayEffects, engine: Engine) -> StageModel:
    """The model of this program."""
    sample = seen.of(_sample(len(seen.counts.age)))
    model = _matched(model, sample, _unseen(model, sample))
    for _ in range(VOLUME_ROUNDS):
        model = _matched(model, sample, _smoothed(model, sample, effects)[0])
    if len(sample.counts.age) < LEAST_FITTED:
        return model
    prior = model
    for _ in range(ROUNDS):
        model = _improved(prior, model, sample, effects, engine)
    return model


def _sample(partners: int) -> Whole:
    """Evenly over all partners."""
    return np.unique(np.linspace(0, partners - 1, min(partners, MOST_FITTED)).astype(np.int64))


def _free(seen: Seen, month: int) -> Floats:
    """1 for partners that are there and run no play."""
    return np.asarray((seen.here(month) & (seen.played[month] < 0)).astype(np.float64))


def _matched(model: StageModel, seen: Seen, smooth: list[Floats]) -> StageModel:
    expected = np.zeros(len(model.rates))
    counted = np.zeros(len(model.rates))
    for month, belief in enumerate(smooth):
        free = _free(seen, month)
        expected += np.einsum("n,ncs,kcs,k->k", free, belief, model.rates, seen.season[month])
        counted += free @ seen.counts.events[month]
    factors = np.clip((counted + VOLUME_WEIGHT) / (expected + VOLUME_WEIGHT), *VOLUME)
    # What is soft is counted otherwise in every program; a deal is a deal: too few of them rather say that few partners sell.
    factors[C_DEALS] = np.clip(factors[C_DEALS], *DEALS_VOLUME)
    return scaled(model, factors)


def _unseen(model: StageModel, seen: Seen) -> list[Floats]:
    """Belief in each month as if nothing had been seen."""
    belief, months = begin(model, seen), []
    for month in range(seen.months):
        belief = np.where(seen.here(month)[:, None, None], model.passed(belief), belief)
        months.append(belief)
    return months


def _smoothed(model: StageModel, seen: Seen, effects: PlayEffects) -> tuple[list[Floats], Floats]:
    """Belief in each month from all months, (partners, C, S), and expected passages (C, S, S)."""
    told = [np.exp(_shifted(evidence(model, seen, month, effects))) for month in range(seen.months)]
    ahead, forwards = begin(model, seen), []
    priors = []
    for month in range(seen.months):
        here = seen.here(month)[:, None, None]
        ahead = np.where(here, model.passed(ahead), ahead)
        ahead = moved(model, ahead, seen.played[month], effects)
        priors.append(ahead)
        ahead = _normal(ahead * told[month])
        forwards.append(ahead)
    back = np.ones_like(ahead)
    smooth, passages = [_normal(forwards[-1])], np.zeros_like(model.passages)
    for month in range(seen.months - 1, 0, -1):
        onward = told[month] * back
        free = _free(seen, month) * seen.here(month - 1)
        pair = np.einsum("ncs,cst,nct->ncst", forwards[month - 1], model.passages, onward)
        total = pair.sum(axis=(1, 2, 3), keepdims=True)
        passages += np.einsum("n,ncst->cst", free, pair / np.maximum(total, 1e-300))
        back = np.einsum("cst,nct->ncs", model.passages, onward)
        back /= back.max(axis=(1, 2), keepdims=True)
        smooth.append(_normal(forwards[month - 1] * back))
    return smooth[::-1], passages


def _improved(prior: StageModel, model: StageModel, seen: Seen, effects: PlayEffects, engine: Engine) -> StageModel:
    smooth, passages = _smoothed(model, seen, effects)
    months, counted = np.zeros_like(model.rates), np.zeros_like(model.rates)
    answered = np.zeros((len(ANSWERS), len(model.shares)))
    for month, belief in enumerate(smooth):
        free = _free(seen, month)
        weighted = belief * free[:, None, None]
        months += weighted.sum(axis=0) * seen.season[month].reshape(-1, 1, 1)
        counted += np.einsum("ncs,nk->kcs", weighted, seen.counts.events[month])
        answered += np.einsum("nc,na->ac", belief.sum(axis=2), seen.counts.answers[month])
    rates = (counted + engine.rates_weight * prior.rates) / (months + engine.rates_weight)
    table = passages + engine.passages_weight * prior.passages
    kinds = smooth[-1].sum(axis=(0, 2))
    weight = 0.2 * len(smooth[0]) + 10
    shares = (kinds + weight * prior.shares) / (kinds.sum() + weight)
    return replace(
        model,
        shares=shares,
        rates=_ordered(rates, prior.rates),
        passages=table / table.sum(axis=2, keepdims=True),
        keeps=_chance(prior.keeps, answered[_MET], answered[_MISSED]),
        accepts=_chance(prior.accepts, answered[_ACCEPTED], np.maximum(answered[_PROPOSED] - answered[_ACCEPTED], 0)),
    )


def _chance(prior: Floats, yes: Floats, no: Floats) -> Floats:
    return np.clip((yes + ANSWERS_WEIGHT * prior) / (yes + no + ANSWERS_WEIGHT), 0.02, 0.98)


def _ordered(rates: Floats, prior: Floats) -> Floats:
    """Stages keep their meaning: a kind of partner whose silent or warming ones bring near as many deals as selling ones in
    the fit keeps what was assumed."""
    deals = rates[C_DEALS]
    kept = rates.copy()
    broken = (deals > MOST_OF_SELLING * deals[:, SELLING : SELLING + 1]).any(axis=1)
    kept[C_DEALS, broken] = prior[C_DEALS, broken]
    return kept


def _shifted(told: Floats) -> Floats:
    return np.asarray(told - told.max(axis=(1, 2), keepdims=True))


def _normal(belief: Floats) -> Floats:
    return np.asarray(belief / np.maximum(belief.sum(axis=(1, 2), keepdims=True), 1e-300))
