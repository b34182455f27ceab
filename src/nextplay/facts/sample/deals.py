"""The sample program's deals: opened by chance at each archetype's rate, then moved through the stages. Also direct deals."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from nextplay.facts.contract import OPEN_STAGES
from nextplay.facts.sample import words
from nextplay.facts.sample.archetypes import NAMES
from nextplay.facts.sample.roster import CUSTOMERS_A_POOL, HISTORY_DAYS, Flags, Floats, Roster, Texts, Whole
from nextplay.facts.sample.seasons import SLICE_DAYS, SLICES, events, season, tenure

DIRECT = -1
_DIRECT_DEALS = 130
# Share of its course after which a deal enters qualification, proposal and negotiation.
_STAGE_STARTS = np.array([0.18, 0.48, 0.76])
# The same where it waits in qualification.
_STUCK_STARTS = np.array([0.06, 0.93, 0.97])
# Median amount and days of a deal in Strategic, Growth and Emerging; log-normal, as deal sizes are.
_MEDIAN_AMOUNT = np.array([52_000, 29_000, 15_000])
_MEDIAN_DAYS = np.array([105, 78, 60])
SOURCES = ("partner", "influenced", "co_sell")


@dataclass(frozen=True)
class Deals:
    """Deals as arrays. `partner` is a place in the roster, or DIRECT; days count as in the roster, not a number: not yet."""

    partner: Whole
    opened: Floats
    # One column each for entering qualification, proposal and negotiation.
    entered: Floats
    closed: Floats
    won: Flags
    amount: Floats
    course: Floats
    industry: Whole
    account: Whole
    # Place in SOURCES, or -1 where nobody said.
    source: Whole
    registered: Floats

    @property
    def deal_id(self) -> pl.Series:
        """Keys, in order of opening."""
        return pl.select(
            pl.format("DL-{}", pl.int_range(1, len(self.partner) + 1).cast(pl.String).str.zfill(5)).alias("deal_id")
        ).to_series()


def open_deals(roster: Roster, seed: int) -> Deals:
    """All deals of the history, direct ones among them, ordered by opening."""
    rng = np.random.default_rng([seed, 21])
    partner, opened = _openings(roster, rng)
    order = np.argsort(opened, kind="stable")
    partner, opened = partner[order], opened[order]
    direct = partner == DIRECT
    segment = np.where(direct, 1, roster.segment[partner])
    course = _MEDIAN_DAYS[segment] * np.exp(rng.normal(0, 0.45, len(partner)))
    stuck = ~direct & (rng.random(len(partner)) < roster.rate("stuck")[partner])
    course = np.where(stuck, course * 4, course)
    won = rng.random(len(partner)) < np.where(direct, 0.24, roster.rate("won")[partner])
    # A lost deal may be lost at any time; a won one goes all the way.
    ends = opened + course * np.where(won, 1, rng.uniform(0.15, 1, len(partner)))
    entered = opened[:, None] + course[:, None] * np.where(stuck[:, None], _STUCK_STARTS, _STAGE_STARTS)
    entered = np.where(entered < np.minimum(ends, HISTORY_DAYS)[:, None], entered, np.nan)
    size = np.where(direct, 1.3, roster.rate("size")[partner]) * _MEDIAN_AMOUNT[segment]
    industry, account = _customers(roster, partner, rng)
    source = np.where(direct, -1, rng.choice([0, 1, 2, -1], len(partner), p=[0.56, 0.22, 0.17, 0.05]))
    registered = np.where(source == 0, opened + rng.uniform(0.05, 3, len(partner)), np.nan)
    return Deals(
        partner=partner,
        opened=opened,
        entered=entered,
        closed=np.where(ends < HISTORY_DAYS, ends, np.nan),
        won=won & (ends < HISTORY_DAYS),
        amount=np.maximum(np.round(size * np.exp(rng.normal(0, 0.62, len(partner))), -2), 500),
        course=course,
        industry=industry,
        account=account,
        source=source,
        registered=np.where(registered < HISTORY_DAYS, registered, np.nan),
    )


def _openings(roster: Roster, rng: np.random.Generator) -> tuple[Whole, Floats]:
    start, now = roster.rate("deals_from")[:, None], roster.rate("deals_to")[:, None]
    a_month = (start + (now - start) * tenure(roster)) * season(roster.today)
    partner, opened = events(a_month, rng)
    from_day = roster.enabled[partner]
    quiet = HISTORY_DAYS - roster.rate("quiet_from")[partner]
    open_to_it = (opened >= from_day) & ~(opened >= roster.ended[partner])
    open_to_it &= (opened < quiet) | (roster.rate("quiet_from")[partner] == 0)
    direct = rng.uniform(0, SLICES * SLICE_DAYS, _DIRECT_DEALS)
    days = np.concatenate([opened[open_to_it], direct])
    who = np.concatenate([partner[open_to_it], np.full(_DIRECT_DEALS, DIRECT)])
    # At working hours, but never before the first day of history.
    return who, np.maximum(roster.at_work(days, rng), 0.4)


def _customers(roster: Roster, partner: Whole, rng: np.random.Generator) -> tuple[Whole, Whole]:
    """Mostly of the partner's own vertical and region; for a direct deal, any."""
    count, industries, regions = len(partner), len(words.INDUSTRIES), len(words.REGIONS)
    direct = partner == DIRECT
    own = ~direct & (rng.random(count) < 0.8)
    near = ~direct & (rng.random(count) < 0.92)
    industry = np.where(own, roster.vertical[partner], rng.integers(0, industries, count))
    region = np.where(near, roster.region[partner], rng.integers(0, regions, count))
    account = (industry * regions + region) * CUSTOMERS_A_POOL + rng.integers(0, CUSTOMERS_A_POOL, count)
    return industry, account


def deal_frame(roster: Roster, deals: Deals, accounts: pl.DataFrame, seed: int) -> pl.DataFrame:
    """The table `deals`."""
    rng = np.random.default_rng([seed, 22])
    count = len(deals.partner)
    reached = np.isfinite(deals.entered).sum(axis=1)
    stage = np.where(np.isfinite(deals.closed), np.where(deals.won, "won", "lost"), np.array(OPEN_STAGES)[reached])
    moved = np.fmax(np.fmax(deals.opened, np.nan_to_num(deals.entered).max(axis=1)), np.nan_to_num(deals.closed))
    # Nobody writes down a date that is years away, however long the deal will wait.
    expected = deals.opened + np.minimum(deals.course, 240) * rng.uniform(0.75, 1.15, count)
    direct = pl.Series(deals.partner == DIRECT)
    unsure = pl.Series((stage == "prospecting") & (rng.random(count) < 0.45))
    # Deals of occasional partners come from a form that did not ask for the industry.
    asked = pl.Series(deals.partner == DIRECT) | pl.Series(
        (roster.archetype[deals.partner] != NAMES.index("occasional_seller")) | (rng.random(count) < 0.5)
    )
    frame = pl.DataFrame(
        {
            "deal_id": deals.deal_id,
            "partner_id": roster.partner_id[deals.partner],
            "account": accounts["account"].gather(deals.account),
            "industry": np.array(list(words.INDUSTRIES))[deals.industry],
            "product": np.array(words.PRODUCTS)[rng.integers(0, len(words.PRODUCTS), count)],
            "stage": stage,
            "amount": pl.Series(deals.amount).cast(pl.Decimal(18, 4)),
            "currency": np.where((deals.partner != DIRECT) & roster.euro[deals.partner], "EUR", "USD"),
            "sourced_by": np.array([*SOURCES, ""])[deals.source],
            "registration": _registration(deals, rng),
            "registered_at": roster.stamp(deals.registered),
            "opened_at": roster.stamp(deals.opened),
            "stage_changed_at": roster.stamp(moved),
            "expected_close_at": roster.stamp(expected),
            "closed_at": roster.stamp(deals.closed),
        }
    )
    return frame.with_columns(
        partner_id=pl.when(~direct).then("partner_id"),
        industry=pl.when(asked).then("industry"),
        amount=pl.when(~unsure).then("amount"),
        **{name: pl.col(name).replace("", None) for name in ("sourced_by", "registration")},
    )


def _registration(deals: Deals, rng: np.random.Generator) -> Texts:
    decided = rng.choice(["approved", "rejected", "expired"], len(deals.partner), p=[0.86, 0.06, 0.08])
    waiting = deals.registered > HISTORY_DAYS - 6
    return np.where(np.isfinite(deals.registered), np.where(waiting, "submitted", decided), "")
