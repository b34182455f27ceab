"""What plays do to the hidden truth, and what they are truly worth. Written from what the design says each is for."""

from dataclasses import dataclass

import numpy as np

from bench.outsider.latent import (
    ADDS,
    REACHES,
    REACHES_BLOCKED,
    Latent,
    deal_size,
    does_its_part,
    manned,
    qualified_share,
    squash,
    step,
)
from bench.outsider.nature import Floats, Nature, Whole
from bench.outsider.scenarios import DRIFT_WEEK, LAST_WEEK, Scenario

PLAYS = (
    "first_selling_play",
    "reactivation",
    "co_sell_sprint",
    "deal_unblock",
    "enablement_refresher",
    "executive_sponsor_reset",
)
FIRST, AGAIN, SPRINT, UNBLOCK, REFRESH, RESET = range(len(PLAYS))
HOURS = np.array([6.0, 3.0, 5.0, 2.0, 4.0, 3.0])
# What is left of a play whose part the partner did not do.
HALF_HEARTED = 0.15
UNBLOCKS = 0.7


@dataclass(frozen=True)
class Plan:
    """Who gets which play this month: positions of partners and of `PLAYS`, side by side."""

    partners: Whole
    plays: Whole


def effect(now: Latent, nature: Nature, scenario: Scenario, week: int) -> Floats:
    """What a play adds where its part is done: play x `ADDS` x partner."""
    adds = np.zeros((len(PLAYS), len(ADDS), nature.home.size))
    drive, trust, skill, habit, sellers, deals = range(len(ADDS))
    hands, new = manned(now.sellers), np.where(now.known < 0.25, 1.0, 0.35)
    adds[FIRST, habit] = 0.45 * (1 - now.habit) * new * hands
    adds[FIRST, drive] = 0.2 * new
    adds[FIRST, deals] = 0.3 * new * hands * nature.fit
    adds[AGAIN, habit] = 0.6 * np.maximum(now.known - now.habit, 0)
    adds[AGAIN, drive] = 0.9 * np.maximum(now.known - now.habit, 0)
    adds[SPRINT, deals] = 0.35 * now.pool * nature.fit * (0.25 + 0.75 * now.habit) * hands
    adds[REFRESH, skill] = 0.5 * (1 - now.skill) ** 1.5
    lost = np.clip(0.3 - now.trust, 0, 2)
    adds[RESET, trust] = 0.8 * lost
    adds[RESET, drive] = 0.25 * lost
    adds[RESET, sellers] = 0.6 * (now.sellers < 0.5)
    changed = np.array([1.5, 1.0, 0.5, 1.0, 1.0, 1.0]) if scenario.drifts and week >= DRIFT_WEEK else np.ones(len(PLAYS))
    return adds * changed[:, None, None] * np.exp(-0.35 * now.tired)


def accepts(now: Latent, nature: Nature) -> Floats:
    """Chance that the partner says yes to a play."""
    return nature.says_yes * (0.55 + 0.45 * squash(3 * (now.trust + 1)))


def begin(now: Latent, nature: Nature, scenario: Scenario, week: int, plan: Plan, share: Floats) -> None:
    """Let the plays begin; `share` of each one's effect comes."""
    adds = effect(now, nature, scenario, week)[plan.plays, :, plan.partners]
    now.waiting[:, plan.partners] += (adds * share[:, None]).T
    now.tired[plan.partners] += 1
    worked = plan.partners[plan.plays == SPRINT]
    now.pool[worked] *= 0.65


def true_gain(now: Latent, nature: Nature, scenario: Scenario, week: int, blocked_amount: Floats) -> Floats:
    """Expected pipeline that each play adds from now to the end of what is counted: partner x play, on the mean course.

    `blocked_amount`: the largest open deal of each partner that something truly stands in the way of.
    """
    share = share_of_effect(now, nature)
    course = now.tiled(len(PLAYS) + 1)
    course.waiting[1:] += effect(now, nature, scenario, week) * share
    course.tired[1:] += 1
    worth, price = np.zeros((len(PLAYS) + 1, nature.home.size)), deal_size(nature)
    for later in range(week, LAST_WEEK):
        skill = course.skill
        course, rate = step(course, nature, scenario, later, None)
        worth += rate * qualified_share(skill) * price
    gain = worth[1:] - worth[0]
    gain[UNBLOCK] += share * UNBLOCKS * (REACHES - REACHES_BLOCKED) * blocked_amount
    return np.where(nature.joined[:, None] < week - 4, gain.T, 0.0)


def share_of_effect(now: Latent, nature: Nature) -> Floats:
    """Expected share of a play's effect that comes: said yes, and did its part or did not."""
    part = does_its_part(now, nature)
    return accepts(now, nature) * (part + (1 - part) * HALF_HEARTED)
