"""How much of the revenue rests on few partners.

Ranks do not add up over segments, so they are worked out for every filter in one go: partners by revenue, largest first, once
for each filter they are in, and of each such list only exact sums.
"""

from decimal import Decimal
from typing import Any

import ibis
import ibis.expr.types as ir
import polars as pl

from nextplay.facts.scope import ScopedFacts
from nextplay.intelligence.choices import PARTNERS
from nextplay.intelligence.tallies import LEVEL, PLACE, Basis, By, Tallies, Tally, at_levels
from nextplay.intelligence.tiles import Concentration, RevenueShape, TopPartner
from nextplay.intelligence.windows import Window

TOP = 5
# Parts of all partners whose share is told, in percent.
PARTS = (1, 10, 20)


def revenue_shape(tallies: Tallies) -> RevenueShape:
    """Concentration of the revenue of the period among those that brought any, and among all that signed."""
    sums = {row["population"]: row for row in tallies.read(SHARES).iter_rows(named=True)}
    top = tallies.read(LARGEST).sort("position")
    signed = int(tallies.read(PARTNERS)["signed"].sum())
    return RevenueShape(
        selling=concentration(sums.get("selling", NOTHING)),
        signed=concentration(sums.get("signed", NOTHING) | {"partners": signed}),
        top=tuple(TopPartner(*row) for row in _named(top).iter_rows()),
    )


def revenue_by_partner(facts: ScopedFacts, window: Window) -> ir.Table:
    """One row a partner with revenue in the window: name, place, whether it signed, sum and rows."""
    rows = facts.revenue_amounts.filter(lambda t: window.holds(t.recognized_at) & t.value.notnull())
    sums = rows.group_by("partner_id").agg(value=rows.value.sum().cast("decimal(18, 2)"), rows=rows.count())
    partners = facts.partners
    partners = partners.select("partner_id", "name", *PLACE, signed=partners.signed_at.notnull())
    return partners.inner_join(sums, "partner_id")


def shares(basis: Basis, by: By) -> ir.Table:
    """For each level and population one row of sums over its partners, `v` their revenue and `r` their rank from 1 down.

    `partners`, `total` = sum v, `squares` = sum v², `ranked` = sum r v, `largest` = v at rank 1, and `top_p` the sum of the
    largest p percent of the population, rounded up to whole partners.
    """
    sellers = revenue_by_partner(basis.facts, basis.clock.now)
    both = ibis.union(
        at_levels(sellers, by).mutate(population=ibis.literal("selling")),
        at_levels(sellers.filter(sellers.signed), by).mutate(population=ibis.literal("signed")),
    )
    place = (*LEVEL, "population")
    ranked = both.mutate(rank=ibis.row_number().over(group_by=list(place), order_by=_largest_first(both)) + 1)
    sizes = _sizes(basis, sellers, by)
    ranked = ranked.inner_join(sizes, list(place))
    value = ranked.value
    return ranked.group_by(*place).agg(
        partners=ranked.population_size.max(),
        total=value.sum(),
        squares=(value * value).sum(),
        ranked=(value * ranked.rank).sum(),
        largest=value.max(),
        **{f"top_{part}": value.sum(where=ranked["rank"] <= _part(ranked.population_size, part)) for part in PARTS},
    )


def largest(basis: Basis, by: By) -> ir.Table:
    """For each level the partners with most revenue, `position` from 0."""
    sellers = at_levels(revenue_by_partner(basis.facts, basis.clock.now), by)
    # Equal revenue is ordered by id, so that every engine names the same partners.
    position = ibis.row_number().over(group_by=list(LEVEL), order_by=_largest_first(sellers))
    placed = sellers.mutate(position=position)
    return placed.filter(placed.position < TOP)[[*LEVEL, "position", "partner_id", "name", "value", "rows"]]


SHARES = Tally("revenue shares", ("population",), shares, levels=True)
LARGEST = Tally("largest partners", ("position",), largest, levels=True)
NOTHING: dict[str, Any] = {"partners": 0, "total": 0, "squares": 0, "ranked": 0, "largest": 0} | {f"top_{p}": 0 for p in PARTS}


def concentration(sums: dict[str, Any]) -> Concentration:
    """From the sums of `shares`. Partners without revenue count in `partners` only.

    Effective partners 1 / HHI = total² / squares. Gini, the mean difference over twice the mean:
    ((n + 1) total - 2 ranked) / (n total).
    """
    partners, total = int(sums["partners"]), Decimal(sums["total"])
    if total <= 0:
        return Concentration(partners, float(round(total, 2)), None, None, None, None, None, None)
    top_1, top_10, top_20 = (float(Decimal(sums[f"top_{part}"]) / total) for part in PARTS)
    return Concentration(
        partners=partners,
        total=float(round(total, 2)),
        top_1=float(Decimal(sums["largest"]) / total),
        top_1_pct=top_1,
        top_10_pct=top_10,
        top_20_pct=top_20,
        effective=float(total * total / Decimal(sums["squares"])),
        gini=float(((partners + 1) * total - 2 * Decimal(sums["ranked"])) / (partners * total)),
    )


def _sizes(basis: Basis, sellers: ir.Table, by: By) -> ir.Table:
    """How many partners each population has; of those that signed, also the ones without revenue."""
    partners = basis.facts.partners
    signed = partners.filter(partners.signed_at.notnull())[["partner_id", *PLACE]]
    both = ibis.union(
        at_levels(sellers[["partner_id", *PLACE]], by).mutate(population=ibis.literal("selling")),
        at_levels(signed, by).mutate(population=ibis.literal("signed")),
    )
    return both.group_by(*LEVEL, "population").agg(population_size=both.count())


def _largest_first(rows: ir.Table) -> list[ir.Value]:
    return [rows.value.desc(), rows.partner_id.asc()]


def _part(size: ir.IntegerValue, percent: int) -> ir.IntegerValue:
    # Rounded up in whole numbers: a tenth of 665 partners is 67 of them.
    return (size * percent + 99) // 100


def _named(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select("partner_id", "name", pl.col("value").cast(pl.Float64), "rows")
