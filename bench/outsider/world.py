"""A program that lives through its weeks under one way of choosing; all chance is fixed by seed, week and purpose."""

import numpy as np

from bench.outsider.dealbook import SLOTS, DealBook
from bench.outsider.effects import (
    HALF_HEARTED,
    PLAYS,
    UNBLOCK,
    UNBLOCKS,
    Plan,
    accepts,
    begin,
    share_of_effect,
    true_gain,
)
from bench.outsider.latent import (
    REACHES,
    REACHES_BLOCKED,
    Weather,
    deal_size,
    does_its_part,
    first_latent,
    qualified_share,
    step,
)
from bench.outsider.nature import Flags, Floats, draw_nature
from bench.outsider.records import COUNTED, Records, write_plays, write_week
from bench.outsider.scenarios import BURN_IN, LAST_WEEK, Scenario

WEATHER, DEALS, RECORDS, ANSWERS, UNBLOCKING = range(5)


class World:
    """`week`: the first that has not been lived; `played`: the plans so far, each with the week it began in.

    A partner and week: `rate`, the expected deals; `opened`, their expected amount; `pipeline`, that of those that get to a
    proposal; `staff`, sellers at work.
    """

    def __init__(self, scenario: Scenario, seed: int) -> None:
        """Lives through the years before the facts at once."""
        self.scenario, self.seed = scenario, seed
        self.nature = draw_nature(scenario, seed)
        self.now, self.deals, self.week = first_latent(self.nature), DealBook(), -BURN_IN
        n = scenario.partners
        self.records = Records(np.zeros((len(COUNTED), n, LAST_WEEK + 4)), np.zeros((n, LAST_WEEK), np.bool_))
        self.pipeline, self.opened, self.rate = (np.zeros((n, LAST_WEEK)) for _ in range(3))
        self.staff = np.zeros((n, LAST_WEEK), np.int64)
        self.played: list[tuple[int, Plan]] = []
        self.live_until(0)

    def chance(self, purpose: int, week: int) -> np.random.Generator:
        """Of one purpose in one week, whatever was chosen before."""
        return np.random.default_rng([self.seed, 2, purpose, week + BURN_IN])

    def live_until(self, week: int) -> None:
        """Let the weeks before that one pass."""
        for each in range(self.week, week):
            self._live(each)
        self.week = max(week, self.week)

    def _live(self, week: int) -> None:
        nature, before, n = self.nature, self.now, self.scenario.partners
        weather = Weather.of(self.chance(WEATHER, week), n)
        self.now, rate = step(before, nature, self.scenario, week, weather)
        opened = self.deals.open_week(before, nature, rate, week, self.chance(DEALS, week))
        if week < 0:
            return
        self.rate[:, week] = rate
        self.opened[:, week] = rate * deal_size(nature)
        self.pipeline[:, week] += self.opened[:, week] * qualified_share(before.skill)
        write_week(self.records, before, nature, self.scenario, week, self.chance(RECORDS, week))
        self.staff[:, week] = before.sellers
        registered, slot = np.nonzero(np.arange(SLOTS) < opened[:, None])
        self.records.add("deal_registered", registered, week, slot)

    def gain(self) -> Floats:
        """What each play is truly worth now, acceptance and all: partner x play."""
        stuck = self.deals.largest_stuck(self.week, self.scenario.partners)
        return true_gain(self.now, self.nature, self.scenario, self.week, stuck)

    def play(self, plan: Plan) -> None:
        """Propose the plays; partners say yes or no, and do their part or not."""
        n = self.scenario.partners
        lots = self.chance(ANSWERS, self.week).random((3, n, len(PLAYS)))[:, plan.partners, plan.plays]
        yes = lots[0] < accepts(self.now, self.nature)[plan.partners]
        done = yes & (lots[1] < does_its_part(self.now, self.nature)[plan.partners])
        calls = plan.plays == UNBLOCK
        self._unblock(plan, calls, yes & (done | (lots[2] < HALF_HEARTED)))
        share = np.where(done, 1.0, np.where(yes, HALF_HEARTED, 0.0))
        begin(self.now, self.nature, self.scenario, self.week, plan, share)
        write_plays(self.records, plan, PLAYS, self.week, yes, done)
        self.played.append((self.week, plan))

    def _unblock(self, plan: Plan, calls: Flags, works: Flags) -> None:
        n, partners = self.scenario.partners, plan.partners[calls]
        stuck = self.deals.largest_stuck(self.week, n)[partners]
        worth = share_of_effect(self.now, self.nature)[partners] * UNBLOCKS * (REACHES - REACHES_BLOCKED) * stuck
        self.pipeline[partners, self.week] += worth
        lots = self.chance(UNBLOCKING, self.week).random((3, n))
        frees = works[calls] & (lots[2, partners] < UNBLOCKS)
        self.deals.unblock(partners, self.week, frees, lots[:2])
