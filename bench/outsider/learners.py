"""Ways of choosing that learn from what anybody can see: who will sell anyway, and a linear bandit over partners and plays."""

import numpy as np

from bench.estimates import ridge_logistic, thompson_draws
from bench.outsider.choosers import Chooser, at_random, here, ranked, usual_play, within_hours
from bench.outsider.effects import HOURS, PLAYS, Plan
from bench.outsider.nature import Floats
from bench.outsider.records import PLACE
from bench.outsider.world import World

SEEN = [
    PLACE[kind]
    for kind in (
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
]
# Weeks: of a month, of what is seen, and that a reward is counted over; pipeline of one unit of reward, and the most of them.
MONTH, QUARTER, AHEAD = 4, 13, 8
UNIT, MOST = 20_000.0, 10.0
ARMS = ("no play", *PLAYS)


def propensity(world: World) -> Plan:
    """Those likeliest to open a deal next month, whatever a play adds."""
    weeks = range(QUARTER, world.week - MONTH + 1, MONTH)
    registered = world.records.seen[PLACE["deal_registered"]]
    there = [world.nature.joined < week - MONTH for week in weeks]
    table = np.concatenate([_features(world, week)[known] for week, known in zip(weeks, there, strict=True)])
    opened = [registered[known, week : week + MONTH].any(1) for week, known in zip(weeks, there, strict=True)]
    weights = ridge_logistic(table, np.concatenate(opened).astype(np.float64))
    return ranked(world, 1 / (1 + np.exp(-_features(world, world.week) @ weights)), usual_play(world))


def bandit(world: World) -> Plan:
    """A linear model an arm, drawn from what is believed of it (MABWiser's LinTS): what a play brings beyond no play."""
    past = _cases(world)
    if not past[1]:
        return at_random(world)
    drawn = thompson_draws(ARMS, past, _features(world, world.week), world.seed * 1000 + world.week)
    # Hours are there to be given: a list as full as the others', whatever the draws say of all plays together.
    hourly = (drawn[:, 1:] - drawn[:, :1]) / HOURS
    return within_hours(np.where(here(world)[:, None], (hourly - hourly.min() + 1e-9) * HOURS, 0), world)


def _features(world: World, week: int) -> Floats:
    """A row a partner: a constant, the quarter's counts, deals in all and how lately the last was."""
    lately = np.log1p(world.records.seen[SEEN, :, max(week - QUARTER, 0) : week].sum(2).T)
    deals = world.records.seen[PLACE["deal_registered"], :, :week]
    since = np.where(deals.any(1), (deals[:, ::-1] > 0).argmax(1), week)
    return np.column_stack([np.ones(len(since)), lately, np.log1p(deals.sum(1)), np.exp(-since / QUARTER)])


def _cases(world: World) -> tuple[Floats, list[str], Floats]:
    """Of every list that is old enough: what was seen of each partner, the arm it was given and the pipeline it then opened."""
    table, arms, rewards = [], [], []
    for week, plan in world.played:
        if week + AHEAD > world.week:
            break
        arm = np.zeros(world.scenario.partners, np.int64)
        arm[plan.partners] = plan.plays + 1
        inside = (world.deals.opened >= week) & (world.deals.opened < week + AHEAD)
        value = np.bincount(world.deals.partner[inside], world.deals.amount[inside] / UNIT, minlength=arm.size)
        there = world.nature.joined < week - MONTH
        table.append(_features(world, week)[there])
        arms += [ARMS[one] for one in arm[there]]
        rewards.append(np.minimum(value, MOST)[there])
    return np.concatenate(table or [np.zeros((0, 1))]), arms, np.concatenate(rewards or [np.zeros(0)])


LEARNERS: dict[str, Chooser] = {"greedy on propensity": propensity, "linear Thompson bandit": bandit}
