"""What the sample program's won deals brought: invoices, and now and then a credit."""

import numpy as np
import polars as pl

from nextplay.facts.sample.deals import Deals
from nextplay.facts.sample.roster import HISTORY_DAYS, Roster

# How many invoices a won deal becomes, a quarter apart, and how often.
_INVOICES, _HOW_OFTEN = np.array([1, 2, 4]), np.array([0.55, 0.25, 0.2])


def revenue_frame(roster: Roster, deals: Deals, deal_rows: pl.DataFrame, seed: int) -> pl.DataFrame:
    """The table `revenue`."""
    rng = np.random.default_rng([seed, 31])
    won = np.flatnonzero(deals.won)
    parts = rng.choice(_INVOICES, len(won), p=_HOW_OFTEN)
    deal = np.repeat(won, parts)
    place = np.arange(len(deal)) - np.repeat(np.cumsum(parts) - parts, parts)
    day = deals.closed[deal] + rng.uniform(2, 25, len(deal)) + 91 * place
    amount = np.round(deals.amount[deal] / np.repeat(parts, parts), 2)
    credited = rng.random(len(deal)) < 0.035
    day = np.concatenate([day, day[credited] + rng.uniform(20, 60, int(credited.sum()))])
    amount = np.concatenate([amount, -np.round(amount[credited] * rng.uniform(0.1, 0.5, int(credited.sum())), 2)])
    deal = np.concatenate([deal, deal[credited]])
    past = day < HISTORY_DAYS
    rows = deal_rows[deal[past]].select("partner_id", "deal_id", "industry", "currency")
    rows = rows.with_columns(
        recognized_at=roster.stamp(day[past]), amount=pl.Series(amount[past]).round(2).cast(pl.Decimal(18, 4))
    )
    rows = rows.sort("recognized_at", "deal_id")
    return rows.select(
        pl.format("REV-{}", pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(5)).alias("revenue_id"),
        *("partner_id", "deal_id", "industry", "amount", "currency", "recognized_at"),
    )
