"""Where customers want more than partners cover: open pipeline and ideal customer profile there, against active partners there.

Demand for a value is the mean of its share of the open pipeline and its share of the profile's weight (of the one that is known
where the other is not); supply its share of what active partners cover, all values of the kind together. The gap is demand
less supply.
"""

from decimal import Decimal

import ibis
import ibis.expr.types as ir
import polars as pl

from nextplay.intelligence.behind import Behind, NoFigure, Part, measured, valued
from nextplay.intelligence.coverage import COVERED, Covered
from nextplay.intelligence.lifecycle_tiles import CoverageTile, DemandGap, DemandGaps
from nextplay.intelligence.tallies import Basis, By, Tallies, Tally, grouped, placed
from nextplay.values import figures

# What of a deal says which value it asks for.
ASKED = {"regions": "region", "verticals": "industry", "offerings": "product"}
WORDS = {"regions": "a customer's region", "verticals": "an industry", "offerings": "a product"}
MOST_GAPS = 6
# Under a point of difference there is no gap to speak of.
LEAST_GAP = 0.01


def demand_groups(basis: Basis, by: By) -> ir.Table:
    """Open pipeline by region and industry of the customer and by product: deals and their known value."""
    deals = placed(basis.facts, _asking(basis), by)
    parts = [_by(deals, covered, column, by) for covered, column in ASKED.items()]
    return ibis.union(*parts)


DEMAND = Tally("demand", ("covered", "asked"), demand_groups)


def behind_demand(basis: Basis, part: Part) -> Behind:
    """The open deals that ask for a value (`COLUMN:VALUE`, however it is capitalized), or that name `none` of a column."""
    covered, _, label = part.key.partition(":")
    if covered not in ASKED:
        raise NoFigure(part.key)
    deals = _asking(basis)
    asked = deals[ASKED[covered]].nullif("")
    if part.which == "none":
        return Behind(
            "deals", measured(deals.filter(asked.isnull())), "count", "count", f"Open deals without {WORDS[covered]}."
        )
    rows = deals.filter((asked.strip().lower() == _plain(label)).fill_null(False))
    return valued("deals", measured(rows, amount=rows.value), part, "Value of open deals by what the customer asks for.")


def _asking(basis: Basis) -> ir.Table:
    facts = basis.facts
    deals = facts.deals.filter(facts.deals.state == "open")
    return deals.left_join(facts.accounts[["account", "region"]], "account").drop("account_right")


def demand_gaps(tallies: Tallies, tiles: tuple[CoverageTile, ...]) -> DemandGaps:
    """The tile: values in which demand exceeds supply, widest first."""
    frame = tallies.read(DEMAND)
    gaps, unplaced = [], []
    for covered in COVERED:
        tile = next(tile for tile in tiles if tile.name == covered.column)
        if covered.column in ASKED:
            own = frame.filter(pl.col("covered") == covered.column)
            gaps += _gaps(covered, tile, own, getattr(tallies.basis.program.icp, covered.column))
            unplaced += _unplaced(covered, own)
    widest = sorted(gaps, key=lambda gap: (-gap.gap, gap.covered, gap.label))[:MOST_GAPS]
    return DemandGaps(tuple(widest), _finding(widest), tuple(unplaced))


def _by(deals: ir.Table, covered: str, column: str, by: By) -> ir.Table:
    rows = deals.mutate(covered=ibis.literal(covered), asked=deals[column].nullif(""))
    value = ibis.coalesce(rows.value.sum(), ibis.literal(0, "decimal(38, 2)"))
    keys = (*by, "covered", "asked")
    return grouped(rows, keys, deals=rows.count(), value=value).select(*keys, "deals", "value")


def _gaps(covered: Covered, tile: CoverageTile, frame: pl.DataFrame, weights: dict[str, float]) -> list[DemandGap]:
    supply = {_plain(row.key): row for row in tile.rows}
    weight = {_plain(name): part for name, part in weights.items()}
    labels = {_plain(name): name for name in (*frame["asked"].drop_nulls(), *weights, *(row.key for row in tile.rows))}
    # A name that no partner and no profile knows is of another kind of list, and says nothing about coverage.
    keys = sorted({*supply, *weight})
    pipeline = _pipeline(frame, keys)
    covered_by_active = sum(row.value for row in tile.rows)
    all_pipeline, all_weight = sum(pipeline.values()), sum(weight.values())
    found = []
    for key in keys:
        shares = [own.get(key, 0.0) / whole for own, whole in ((pipeline, all_pipeline), (weight, all_weight)) if whole]
        demand = sum(shares) / len(shares) if shares else 0.0
        row = supply.get(key)
        here = int(row.value) if row else 0
        gap = demand - (here / covered_by_active if covered_by_active else 0.0)
        if gap >= LEAST_GAP:
            wanted = (demand, pipeline.get(key, 0.0) if all_pipeline else None, weight.get(key))
            found.append(DemandGap(covered.column, labels[key], *wanted, row.count if row else 0, here, gap))
    return found


def _pipeline(frame: pl.DataFrame, keys: list[str]) -> dict[str, float]:
    """Open pipeline by key, in their order: floats added up in another order are another sum."""
    sums: dict[str, Decimal] = {}
    for name, value in frame.select("asked", "value").drop_nulls("asked").iter_rows():
        # However it is written, it is the same value.
        sums[_plain(name)] = sums.get(_plain(name), Decimal(0)) + value
    return {key: float(sums[key]) for key in keys if key in sums}


def _unplaced(covered: Covered, frame: pl.DataFrame) -> list[tuple[str, str, int]]:
    deals = int(frame.filter(pl.col("asked").is_null())["deals"].sum())
    return [(covered.column, f"open deals without {WORDS[covered.column]}", deals)] if deals else []


def _plain(name: str) -> str:
    return name.strip().lower()


def _finding(gaps: list[DemandGap]) -> str:
    if not gaps:
        return ""
    first = gaps[0]
    supply = figures.share(first.demand - first.gap)
    return f"{first.label} has {figures.share(first.demand)} of the demand and {supply} of what active partners cover."
