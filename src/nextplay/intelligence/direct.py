"""Deals closed with a partner beside direct ones.

Nobody drew lots which customer buys through a partner: what differs is a difference, and never an effect of partners.
"""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
import polars as pl

from nextplay.intelligence.behind import Behind, NoFigure, Part, counted
from nextplay.intelligence.measured import Measured
from nextplay.intelligence.metrics import BY_METRIC
from nextplay.intelligence.noise import FEW_CASES, rate_changed
from nextplay.intelligence.tallies import PLACE, Basis, By, Tallies, Tally, grouped, placed
from nextplay.intelligence.tiles import BenchmarkRow, Cell, DirectComparison
from nextplay.values import figures

# What is compared, by the card's own measure.
COMPARED = (
    ("win_rate", "Win rate"),
    ("average_deal_size", "Average deal won"),
    ("average_cycle", "Average days from opening to won"),
)


def direct_sums(basis: Basis, by: By) -> ir.Table:
    """Direct deals under the cards' own measures: part and whole of each."""
    rows = placed(basis.facts, _direct_deals(basis), by)
    named = {
        f"{name} {side}": BY_METRIC[name].read(rows, basis.clock, basis.terms)[f"{side}_now"]
        for name, _ in COMPARED
        for side in ("part", "whole")
    }
    return grouped(rows, by, **named)


DIRECT = Tally("closed direct deals", (), direct_sums)


def behind_direct(basis: Basis, part: Part) -> Behind:
    """The direct deals that a measure counts."""
    metric = BY_METRIC.get(part.key)
    if metric is None or part.key not in dict(COMPARED):
        raise NoFigure(part.key)
    return counted(metric, metric.read(_direct_deals(basis), basis.clock, basis.terms))


def direct_comparison(tallies: Tallies, measured: Mapping[str, Measured]) -> DirectComparison | None:
    """What cards measure of partner deals under the filter, beside all direct deals; None where no direct deal closed."""
    sums = tallies.by_place(DIRECT).select(pl.exclude(*PLACE).sum()).row(0, named=True)
    if not sums["win_rate whole"]:
        return None
    rows = []
    for name, label in COMPARED:
        own = measured[name]
        both = ((own.parts["now"], own.wholes["now"]), tuple(float(sums[f"{name} {side}"] or 0) for side in ("part", "whole")))
        rows.append(BenchmarkRow(name, label, BY_METRIC[name].unit, tuple(_cell(part, whole) for part, whole in both)))
    partner, direct = rows[0].cells
    return DirectComparison(
        tuple(rows), round(partner.denominator or 0), round(direct.denominator or 0), finding(partner, direct)
    )


def finding(partner: Cell, direct: Cell) -> str:
    """How the win rates differ, where that is more than chance."""
    won, closed = (partner.numerator or 0.0, direct.numerator or 0.0), (partner.denominator or 0.0, direct.denominator or 0.0)
    if min(closed) < FEW_CASES:
        return f"Fewer than {FEW_CASES} closed deals on one side: too few to compare."
    if not rate_changed(won[0], closed[0], won[1], closed[1]):
        return "No clear difference in win rate."
    rates = won[0] / closed[0], won[1] / closed[1]
    more = "more" if rates[0] > rates[1] else "less"
    return f"Partner deals are won {more} often: {figures.share(rates[0])} against {figures.share(rates[1])} of direct ones."


def _cell(total: float, cases: float) -> Cell:
    return Cell(total / cases if cases else None, total, cases, cases >= FEW_CASES)


def _direct_deals(basis: Basis) -> ir.Table:
    """Direct deals belong to no segment and no tier."""
    return basis.facts.direct_deals.mutate(**{column: ibis.null("string") for column in PLACE})
