"""Deals closed with a partner beside direct ones.

Nobody drew lots which customer buys through a partner: what differs is a difference, and never an effect of partners.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import ibis
import ibis.expr.types as ir
import polars as pl

from nextplay.intelligence.noise import FEW_CASES, rate_changed
from nextplay.intelligence.tallies import PLACE, Basis, By, Tallies, Tally, grouped, placed
from nextplay.intelligence.terms import deal_ended, deal_opened
from nextplay.intelligence.tiles import BenchmarkRow, Cell, DirectComparison
from nextplay.values import figures

Whose = Literal["partner", "direct"]
DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Outcomes:
    """Deals closed in the period: those won, with their known value and length, and all."""

    closed: int
    won: int
    valued: int
    value: float
    dated: int
    seconds: float

    @classmethod
    def of(cls, sums: dict[str, Any]) -> "Outcomes":
        """From a row of `outcomes`."""
        whole = {name: int(sums[name] or 0) for name in ("closed", "won", "valued", "dated")}
        return cls(**whole, value=float(sums["value"] or 0), seconds=float(sums["seconds"] or 0))


def outcomes(whose: Whose, basis: Basis, by: By) -> ir.Table:
    """Deals closed in the period, else in it by the last day known of them; length from opening to closing."""
    facts = basis.facts
    deals = facts.deals if whose == "partner" else _without_place(facts.direct_deals)
    rows = placed(facts, deals, by)
    ended, opened = ibis.coalesce(deal_ended(rows), deal_opened(rows)), deal_opened(rows)
    closed = (rows.state != "open") & basis.clock.now.holds(ended)
    won = closed & (rows.state == "won")
    dated = won & rows.closed_at.notnull() & (opened <= rows.closed_at)
    return grouped(
        rows,
        by,
        closed=rows.count(where=closed),
        won=rows.count(where=won),
        valued=rows.count(where=won & rows.value.notnull()),
        value=rows.value.sum(where=won),
        dated=rows.count(where=dated),
        seconds=(rows.closed_at.epoch_seconds() - opened.epoch_seconds()).sum(where=dated),
    )


WITH_PARTNER = Tally("closed deals with a partner", (), partial(outcomes, "partner"))
DIRECT = Tally("closed direct deals", (), partial(outcomes, "direct"))


def direct_comparison(tallies: Tallies) -> DirectComparison | None:
    """Partner deals under the filter beside all direct deals; None where the facts hold no direct deal that closed."""
    direct = Outcomes.of(tallies.by_place(DIRECT).select(pl.exclude(*PLACE).sum()).row(0, named=True))
    if not direct.closed:
        return None
    partner = Outcomes.of(tallies.read(WITH_PARTNER).row(0, named=True))
    both = (partner, direct)
    rows = (
        BenchmarkRow("win_rate", "Win rate", "share", tuple(_cell(one.won, one.closed) for one in both)),
        BenchmarkRow("deal_size", "Average deal won", "money", tuple(_cell(one.value, one.valued) for one in both)),
        BenchmarkRow(
            "sales_cycle",
            "Average days from opening to won",
            "days",
            tuple(_cell(one.seconds / DAY_SECONDS, one.dated) for one in both),
        ),
    )
    return DirectComparison(rows, partner.closed, direct.closed, finding(partner, direct))


def finding(partner: Outcomes, direct: Outcomes) -> str:
    """How the win rates differ, where that is more than chance."""
    if min(partner.closed, direct.closed) < FEW_CASES:
        return f"Fewer than {FEW_CASES} closed deals on one side: too few to compare."
    if not rate_changed(partner.won, partner.closed, direct.won, direct.closed):
        return "No clear difference in win rate."
    rates = partner.won / partner.closed, direct.won / direct.closed
    more = "more" if rates[0] > rates[1] else "less"
    return f"Partner deals are won {more} often: {figures.share(rates[0])} against {figures.share(rates[1])} of direct ones."


def _cell(total: float, cases: int) -> Cell:
    return Cell(total / cases if cases else None, total, float(cases), cases >= FEW_CASES)


def _without_place(deals: ir.Table) -> ir.Table:
    """Direct deals belong to no segment and no tier."""
    return deals.mutate(**{column: ibis.null("string") for column in PLACE})
