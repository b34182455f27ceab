"""Deals as they are opened, get stuck, reach a proposal, and end: a marked point process, its marks fixed for every chooser."""

from dataclasses import dataclass, field, fields

import numpy as np

from bench.outsider.latent import REACHES, REACHES_BLOCKED, SIZE_SPREAD, Latent, blocked_share
from bench.outsider.nature import Flags, Floats, Nature, Whole

# Never more of one partner in a week.
SLOTS = 3
NEVER = 10_000


def counts_of(uniform: Floats, rate: Floats, most: int = SLOTS) -> Whole:
    """Poisson counts from uniform draws: the same draw gives no fewer at a higher rate."""
    term = np.exp(-rate)
    below, count = term.copy(), np.zeros(uniform.shape, np.int64)
    for k in range(1, most + 1):
        count += uniform > below
        term = term * rate / k
        below = below + term
    return count


@dataclass
class DealBook:
    """One entry a deal. Weeks in which it reaches a proposal, is won, is lost; `NEVER` where it does not."""

    partner: Whole = field(default_factory=lambda: np.zeros(0, np.int64))
    slot: Whole = field(default_factory=lambda: np.zeros(0, np.int64))
    opened: Whole = field(default_factory=lambda: np.zeros(0, np.int64))
    amount: Floats = field(default_factory=lambda: np.zeros(0))
    blocked: Flags = field(default_factory=lambda: np.zeros(0, np.bool_))
    icp: Flags = field(default_factory=lambda: np.zeros(0, np.bool_))
    proposal: Whole = field(default_factory=lambda: np.zeros(0, np.int64))
    won: Whole = field(default_factory=lambda: np.zeros(0, np.int64))
    lost: Whole = field(default_factory=lambda: np.zeros(0, np.int64))

    def open_week(self, now: Latent, nature: Nature, rate: Floats, week: int, rng: np.random.Generator) -> Whole:
        """Open this week's deals; how many by partner."""
        n = rate.size
        count = counts_of(rng.random(n), rate)
        marks = rng.random((6, n, SLOTS))
        size, spans = rng.standard_normal((n, SLOTS)), rng.gamma(2.5, 1.0, (3, n, SLOTS))
        partner, slot = np.nonzero(np.arange(SLOTS) < count[:, None])
        skill = now.skill[partner]
        blocked = marks[0, partner, slot] < blocked_share(skill)
        reaches = marks[1, partner, slot] < np.where(blocked, REACHES_BLOCKED, REACHES)
        wins = marks[2, partner, slot] < 0.3 + 0.35 * skill
        to_proposal = np.ceil(spans[0, partner, slot] * np.where(blocked, 6, 2.2)).astype(int)
        to_end = np.ceil(spans[1, partner, slot] * 2.8).astype(int)
        to_loss = np.ceil(4 + spans[2, partner, slot] * np.where(blocked, 7, 3)).astype(int)
        proposal = np.where(reaches, week + to_proposal, NEVER)
        fresh = DealBook(
            partner=partner,
            slot=slot,
            opened=np.full(partner.size, week),
            amount=100 * np.rint(np.exp(nature.log_size[partner] + SIZE_SPREAD * size[partner, slot]) / 100),
            blocked=blocked,
            icp=marks[3, partner, slot] < nature.fit[partner],
            proposal=proposal,
            won=np.where(reaches & wins, proposal + to_end, NEVER),
            lost=np.where(reaches, np.where(wins, NEVER, proposal + to_end), week + to_loss),
        )
        for one in fields(self):
            setattr(self, one.name, np.concatenate([getattr(self, one.name), getattr(fresh, one.name)]))
        return count

    def stuck(self, week: int) -> Flags:
        """Deals that something truly stands in the way of, for three weeks at least."""
        return self.blocked & (self.opened <= week - 3) & (self.proposal >= week) & (self.lost > week)

    def waiting(self, week: int) -> Flags:
        """Open and without a proposal for six weeks, as anybody can see."""
        return (self.opened <= week - 6) & (self.proposal >= week) & (self.lost >= week)

    def largest_stuck(self, week: int, n: int) -> Floats:
        """Amount of the largest stuck deal of each partner; 0 without one."""
        largest, stuck = np.zeros(n), self.stuck(week)
        np.maximum.at(largest, self.partner[stuck], self.amount[stuck])
        return largest

    def unblock(self, partners: Whole, week: int, frees: Flags, lots: Floats) -> None:
        """Free the largest stuck deal of each of these partners where `frees`; `lots` (2 x partner) say how it then goes."""
        order = np.lexsort((-self.amount, self.partner))
        order = order[self.stuck(week)[order]]
        owner, first = np.unique(self.partner[order], return_index=True)
        largest = order[first]
        freed = frees & np.isin(partners, owner)
        deal = largest[np.searchsorted(owner, partners[freed])]
        # What was to reach a proposal anyway does so now; of the others as many as it takes to be like any free deal.
        lot = lots[:, partners[freed]]
        reaches = (self.proposal[deal] < NEVER) | (lot[0] < (REACHES - REACHES_BLOCKED) / (1 - REACHES_BLOCKED))
        wins = lot[1] < 0.45
        self.blocked[deal] = False
        self.proposal[deal] = np.where(reaches, week + 2, NEVER)
        self.won[deal] = np.where(reaches & wins, week + 9, NEVER)
        self.lost[deal] = np.where(reaches, np.where(wins, NEVER, week + 9), self.lost[deal])
