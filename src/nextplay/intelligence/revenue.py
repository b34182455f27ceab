"""Revenue by industry in the period, against the period before."""

from dataclasses import replace

import ibis
import ibis.expr.types as ir
import polars as pl

from nextplay.facts.scope import ScopedFacts
from nextplay.intelligence import findings
from nextplay.intelligence.bars import Naming, grouped, tile_of
from nextplay.intelligence.tiles import BarTile
from nextplay.intelligence.windows import Clock, Window

BY_INDUSTRY = Naming(
    "revenue_by_industry",
    "Revenue by industry",
    "revenue rows",
    "without an industry",
    "By industry of the customer",
    "in a currency without a rate",
)


def revenue_groups(facts: ScopedFacts, clock: Clock) -> ir.Table:
    """Revenue by industry, in the window and in the one before: rows, rows with a value, and their sum."""
    rows = facts.revenue
    rows = rows.mutate(industry=rows.industry.nullif(""))
    sums: dict[str, ir.Value] = {}
    for window in (clock.now, *((clock.before,) if clock.before else ())):
        sums |= _sums(rows, window)
    return rows.group_by("industry").agg(**sums)


def revenue_tile(groups: pl.DataFrame, *, compared: bool, currency: str) -> BarTile:
    """The tile from `revenue_groups`."""
    before = grouped(_of(groups, "before"), "industry") if compared else None
    tile = tile_of(BY_INDUSTRY, grouped(_of(groups, "now"), "industry"), before, labels={}, currency=currency)
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
