"""Revenue by industry in the period, against the period before."""

from dataclasses import replace

import ibis
import ibis.expr.types as ir
import polars as pl

from nextplay.intelligence import bars, findings
from nextplay.intelligence.behind import Behind, Part, measured, valued
from nextplay.intelligence.tallies import Basis, By, Tallies, Tally, grouped, placed
from nextplay.intelligence.tiles import BarTile
from nextplay.intelligence.windows import Clock, Window

BY_INDUSTRY = bars.Naming(
    "revenue_by_industry",
    "Revenue by industry",
    "revenue rows",
    "without an industry",
    "By industry of the customer",
    "in a currency without a rate",
)


def revenue_groups(basis: Basis, by: By) -> ir.Table:
    """Revenue by industry, in the window and in the one before: rows, rows with a value, and their sum."""
    clock = basis.clock.compared
    rows = placed_revenue(basis, clock, by)
    sums: dict[str, ir.Value] = {}
    for window in clock.all:
        sums |= _sums(rows, window)
    return grouped(rows, (*by, "industry"), **sums)


def placed_revenue(basis: Basis, clock: Clock, by: By = ()) -> ir.Table:
    """Revenue rows that the clock may count, with what bars group them by; an empty industry is none."""
    rows = basis.facts.revenue
    rows = placed(basis.facts, rows.filter(clock.may_hold(rows.recognized_at)), by)
    return rows.mutate(industry=rows.industry.nullif(""))


def behind_revenue(basis: Basis, part: Part) -> Behind:
    """The revenue rows of a bar."""
    rows = placed_revenue(basis, basis.clock.compared)
    chosen = rows.filter(basis.clock.now.holds(rows.recognized_at), part.holds(rows.industry))
    means = "Revenue recognized through partners in the period; credits count against it."
    return valued("revenue", measured(chosen, amount=chosen.value), part, means)


REVENUE = Tally("revenue", ("industry",), revenue_groups)


def revenue_tile(tallies: Tallies) -> BarTile:
    """The tile."""
    currency = tallies.basis.facts.reporting.currency
    groups = tallies.read(REVENUE)
    before = bars.grouped(_of(groups, "before"), "industry") if tallies.basis.clock.before is not None else None
    tile = bars.tile_of(BY_INDUSTRY, bars.grouped(_of(groups, "now"), "industry"), before, labels={}, currency=currency)
    return replace(tile, finding=findings.of_bars(tile, currency, "brings"))


def _sums(rows: ir.Table, window: Window) -> dict[str, ir.Value]:
    within = window.holds(rows.recognized_at)
    known = within & rows.value.notnull()
    return {
        f"rows_{window.name}": rows.count(where=within),
        f"valued_{window.name}": rows.count(where=known),
        f"value_{window.name}": ibis.coalesce(rows.value.sum(where=known), ibis.literal(0, "decimal(38, 2)")),
    }


def _of(groups: pl.DataFrame, window: str) -> pl.DataFrame:
    return groups.select("industry", *(pl.col(f"{name}_{window}").alias(name) for name in ("rows", "valued", "value")))
