"""Policies that learn from what everybody can see: who will sell anyway, and a linear bandit over partners and plays."""

from itertools import pairwise

import numpy as np
import polars as pl

from bench.estimates import ridge_logistic, thompson_draws
from bench.simulate.facts import partner_ids
from bench.simulate.policies import View, by_record, spend
from bench.simulate.truth import PLAYS, Floats, Whole

# Kinds whose counts of the last three months a learner sees.
SEEN = (
    "portal_login",
    "meeting_held",
    "step_accepted",
    "target_list_shared",
    "outreach_sent",
    "outreach_replied",
    "commitment_met",
    "commitment_missed",
    "deal_registered",
)
# Months that a reward is counted over; pipeline of one unit of reward.
AHEAD, UNIT = 2, 20_000.0
NO_PLAY = "no play"


def propensity(view: View) -> Whole:
    """Those likeliest to open a deal next month, whatever a play adds: ridge logistic regression on what was seen."""
    told = counts(view)
    table, opened = [], []
    for month in range(4, view.month):
        here = view.world.joined <= month
        table.append(features(told, month)[here])
        opened.append(told[month, here, SEEN.index("deal_registered")] > 0)
    weights = ridge_logistic(np.concatenate(table), np.concatenate(opened).astype(np.float64))
    return spend(view, 1 / (1 + np.exp(-features(told, view.month) @ weights)), by_record(view))


def bandit(view: View) -> Whole:
    """Thompson sampling over a linear model an arm (MABWiser's LinTS): what a play brings beyond no play, an hour."""
    cases, arms, rewards = _cases(view)
    told = counts(view)
    if not len(rewards):
        return spend(view, np.random.default_rng([view.world.seed, 6, view.month]).random(len(view.owners)), by_record(view))
    past, seed = (cases, arms, rewards), view.world.seed * 100 + view.month
    drawn = thompson_draws((NO_PLAY, *PLAYS), past, features(told, view.month), seed)
    hourly = (drawn[:, 1:] - drawn[:, :1]) / view.hours
    best = hourly.argmax(axis=1)
    return spend(view, hourly[np.arange(len(best)), best], best)


def counts(view: View) -> Floats:
    """Events by month, partner and kind, without those that bear a play's name: shape (months, partners, kinds)."""
    ids = partner_ids(len(view.owners))
    told = np.zeros((view.month, len(ids), len(SEEN)))
    for month, tables in enumerate(view.brought[1 : view.month + 1]):
        acts = tables["activities"].filter(pl.col("play").is_null() & pl.col("kind").is_in(SEEN))
        rows = acts["partner_id"].replace_strict(ids, np.arange(len(ids)), return_dtype=pl.Int64).to_numpy()
        kinds = acts["kind"].replace_strict(SEEN, np.arange(len(SEEN)), return_dtype=pl.Int64).to_numpy()
        np.add.at(told[month], (rows, kinds), 1)
    return told


def features(told: Floats, month: int) -> Floats:
    """One row a partner, of the months before `month`: a constant, recent counts, deals in all and how lately the last was."""
    deals = told[:month, :, SEEN.index("deal_registered")]
    lately = np.log1p(told[max(month - 3, 0) : month].sum(axis=0))
    since = np.where(deals.any(axis=0), (deals[::-1] > 0).argmax(axis=0), month)
    return np.column_stack([np.ones(deals.shape[1]), lately, np.log1p(deals.sum(axis=0)), np.exp(-since / 3.0)])


def _cases(view: View) -> tuple[Floats, list[str], Floats]:
    """Of every month that is old enough: what was seen, which play was run, and the pipeline that followed."""
    told, first = counts(view), view.month - len(view.plays)
    value = _value(view)
    table, arms, rewards = [np.empty((0, len(SEEN) + 3))], [], [np.empty(0)]
    for month in range(first, view.month - AHEAD + 1):
        here = view.world.joined <= month
        table.append(features(told, month)[here])
        arms += [(NO_PLAY, *PLAYS)[play + 1] for play in view.plays[month - first][here]]
        rewards.append(np.minimum(value[month : month + AHEAD].sum(axis=0), 10)[here])
    return np.concatenate(table), arms, np.concatenate(rewards)


def _value(view: View) -> Floats:
    """Pipeline opened by month and partner, in units of reward."""
    edges = [view.books.day(month) for month in range(view.month + 1)]
    value = np.zeros((view.month, len(view.owners)))
    for month, (first, after) in enumerate(pairwise(edges)):
        opened = view.books.deals.filter((pl.col("opened_at") >= first) & (pl.col("opened_at") < after))
        np.add.at(value[month], opened["partner"].to_numpy(), opened["amount"].to_numpy() / UNIT)
    return value
