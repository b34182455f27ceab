"""Partners by region, subtype, vertical and offering: who covers what, who is active, where ideal customers are short.

The ideal customer profile weighs values, it does not count partners. What it needs of a value is that value's part of all
weight, taken of the active partners that cover anything in the profile; with one partner covering several values, that is
the least it can need.
"""

from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir
import polars as pl

from nextplay.facts.scope import ScopedFacts
from nextplay.facts.warehouse import Warehouse
from nextplay.intelligence import findings
from nextplay.intelligence.metrics import Terms, active_flags
from nextplay.intelligence.tiles import BarRow, CoverageTile
from nextplay.intelligence.windows import Clock
from nextplay.program.definition import IdealCustomer


@dataclass(frozen=True)
class Covered:
    """A column of partners that says what they cover."""

    column: str
    title: str
    what: str
    many: bool = True


COVERED = (
    Covered("regions", "Partners by region", "a region"),
    Covered("subtype", "Partners by subtype", "a subtype", many=False),
    Covered("verticals", "Partners by vertical", "a vertical"),
    Covered("offerings", "Partners by offering", "an offering"),
)


def coverage_tiles(
    warehouse: Warehouse, facts: ScopedFacts, clock: Clock, terms: Terms, icp: IdealCustomer
) -> tuple[CoverageTile, ...]:
    """The four tiles."""
    profiles = with_activity(facts, clock, terms)
    totals = warehouse.read(named_any(profiles)).row(0, named=True)
    tiles = []
    for covered in COVERED:
        counts = warehouse.read(covering(profiles, covered))
        named = int(totals[f"{covered.column}_named"] or 0)
        weights: dict[str, float] = getattr(icp, covered.column, {})
        rows = _rows(counts, named, weights, int(totals[f"{covered.column}_active"] or 0))
        tiles.append(
            CoverageTile(
                name=covered.column,
                title=covered.title,
                finding=findings.of_coverage(rows, named, covered.what),
                rows=rows,
                distinct=named,
                values=counts.height,
                none=int(totals["profiles"]) - named,
            )
        )
    return tuple(tiles)


def with_activity(facts: ScopedFacts, clock: Clock, terms: Terms) -> ir.Table:
    """One row a partner: what it covers, and whether it is active."""
    active = active_flags(facts, replace(clock, trend=clock.trend[-1:], before=None), terms.active)
    active = active.select(partner_id=active.partner_id, active=active.now)
    partners = facts.partners[["partner_id", *(covered.column for covered in COVERED)]]
    joined = partners.left_join(active, "partner_id")
    return joined.mutate(active=joined.active.fill_null(False))


def named_any(profiles: ir.Table) -> ir.Table:
    """One row: profiles, and by column those that name anything, and the active ones of these."""
    counts: dict[str, ir.Value] = {"profiles": profiles.count()}
    for covered in COVERED:
        names = _names_any(profiles, covered)
        counts[f"{covered.column}_named"] = profiles.count(where=names)
        counts[f"{covered.column}_active"] = profiles.count(where=names & profiles.active)
    return profiles.aggregate(**counts)


def covering(profiles: ir.Table, covered: Covered) -> ir.Table:
    """One row a value: different partners that cover it, and the active ones of these."""
    named = profiles.filter(_names_any(profiles, covered))
    column = named[covered.column]
    pairs = named.select(partner_id="partner_id", active="active", value=column.unnest() if covered.many else column)
    pairs = pairs.filter(pairs.value.notnull())
    return pairs.group_by("value").agg(partners=pairs.partner_id.nunique(), active=pairs.partner_id.nunique(where=pairs.active))


def _names_any(profiles: ir.Table, covered: Covered) -> ir.BooleanValue:
    column = profiles[covered.column]
    if not covered.many:
        return (column != "").fill_null(False)
    return ibis.coalesce(column.length(), 0) > 0


def _rows(counts: pl.DataFrame, named: int, weights: dict[str, float], active: int) -> tuple[BarRow, ...]:
    found = {str(value): (int(partners), int(busy)) for value, partners, busy in counts.iter_rows()}
    keys = sorted({*found, *(value for value, weight in weights.items() if weight > 0)})
    all_weight = sum(weights.values())
    rows = []
    for key in sorted(keys, key=lambda key: (-found.get(key, (0, 0))[0], key)):
        partners, busy = found.get(key, (0, 0))
        needed = round(active * weights[key] / all_weight) if key in weights and all_weight else None
        short = max((needed or 0) - busy, 0)
        rows.append(
            BarRow(
                key=key,
                label=key,
                value=float(busy),
                count=partners,
                share=partners / named if named else None,
                previous=float(needed) if needed is not None else None,
                gap=f"ICP gap {short}" if short else "",
            )
        )
    return tuple(rows)
